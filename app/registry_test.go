package app

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/sources"
)

func TestTheRegistryTheSchemaAndTheDatabaseHaveTheSameSources(t *testing.T) {
	t.Parallel()
	var registered, declared []string
	for _, system := range sources.Systems() {
		registered = append(registered, string(system.Name))
	}
	for _, source := range db.Sources() {
		declared = append(declared, string(source))
	}
	var inSchema []string
	for _, value := range gqlparser.MustLoadSchema(&ast.Source{Input: schema}).Types["Source"].EnumValues {
		inSchema = append(inSchema, value.Name)
	}
	for _, list := range [][]string{registered, declared, inSchema} {
		slices.Sort(list)
	}
	if !slices.Equal(registered, declared) || !slices.Equal(inSchema, declared) {
		t.Errorf("the registry has %v, the schema %v, db %v", registered, inSchema, declared)
	}
}
