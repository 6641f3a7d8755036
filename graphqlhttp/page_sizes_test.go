package graphqlhttp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/graph"
	"usagegraph/graphqlhttp"
)

// TestSchemaStatesTheSizesOfPages compares the descriptions of the schema with the constants.
func TestSchemaStatesTheSizesOfPages(t *testing.T) {
	t.Parallel()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	defaults := graphqlhttp.DefaultLimits()
	sizes := map[string][]string{
		"first": {fmt.Sprintf("The size of the page from the start of the list, 1 to %d; %d if neither first nor last is given.", db.MaxPage, db.DefaultPage),
			fmt.Sprintf("The size of the page, 1 to %d; %d if not given.", db.MaxPage, db.DefaultPage), fmt.Sprintf("The number of groups, 1 to %d.", db.MaxPage),
			fmt.Sprintf("The number of values, 1 to %d.", db.MaxPage), fmt.Sprintf("The number of results, 1 to %d.", db.MaxSearchResults),
			fmt.Sprintf("The number of cycles, 1 to %d.", db.MaxPage)},
		"last": {fmt.Sprintf("The size of the page from the end of the list, 1 to %d.", db.MaxPage)},
		"max":  {fmt.Sprintf("The number of nodes after which counting stops, 1 to %d.", db.MaxCount)},
	}
	found := 0
	for _, definition := range schema.Types {
		for _, f := range definition.Fields {
			for _, a := range f.Arguments {
				if want := sizes[a.Name]; want != nil {
					found++
					if !slices.Contains(want, a.Description) {
						t.Errorf("%s.%s(%s): %q, want %q", definition.Name, f.Name, a.Name, a.Description, want)
					}
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("%d arguments with sizes", found)
	}
	if want := fmt.Sprintf("at most %d in a variable, %d in the document itself", db.MaxPage, defaults.MaxList); !strings.Contains(schema.Query.Fields.ForName("nodes").Description, want) {
		t.Errorf("Query.nodes: want %q", want)
	}
	if defaults.MaxPage != db.MaxPage {
		t.Errorf("the default of MAX_PAGE is %d", defaults.MaxPage)
	}
}
