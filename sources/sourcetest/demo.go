package sourcetest

import (
	"encoding/json"
	"io"
	"math/big"
	"testing"

	"usagegraph/demo"
)

// DemoRecords returns the records of a demo document, decoded as T. Member names match in any case.
func DemoRecords[T any](t testing.TB, document demo.Document) []T {
	t.Helper()
	text, err := io.ReadAll(document.Reader())
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Results []T }
	into := any(&envelope.Results)
	if text[0] == '{' {
		into = &envelope
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", document.Source, err)
	}
	return envelope.Results
}

// SmallDemoSet is a demo data set with records of all kinds.
var SmallDemoSet = demo.Set{Customers: 12, Records: 2400, Seed: 1}

// Rat returns the exact value of a number.
func Rat(t testing.TB, n json.Number) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("%q is not a number", n)
	}
	return r
}
