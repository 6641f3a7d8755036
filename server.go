// Command usagegraph serves one GraphQL API over every usage system that a telecom reseller runs.
package main

import (
	_ "embed"
	"os"

	"usagegraph/app"
)

//go:embed schema.graphqls
var schema string

func main() {
	os.Exit(app.Main(schema))
}
