package resolvers_test

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func schema(t testing.TB) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
}

// allFields selects every field of a type. It selects the total and the nodes' ids of a connection, the id of another
// node, and the ids of the types of a union.
func allFields(s *ast.Schema, def *ast.Definition) string {
	var b strings.Builder
	if def.Kind == ast.Union {
		b.WriteString("__typename ")
		for _, name := range def.Types {
			fmt.Fprintf(&b, "... on %s {id} ", name)
		}
	}
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		of := s.Types[f.Type.Name()]
		switch {
		case of.IsLeafType():
			fmt.Fprintf(&b, "%s ", f.Name)
		case argumentsOfTotals(f) != "":
			fmt.Fprintf(&b, "%s%s {total {records}} ", f.Name, argumentsOfTotals(f))
		case of.Name == "Import": // its id and times differ
			fmt.Fprintf(&b, "%s {source state} ", f.Name)
		case of == def:
			fmt.Fprintf(&b, "%s {__typename} ", f.Name)
		case strings.HasSuffix(of.Name, "Connection"):
			name := "id"
			if s.Types[of.Fields.ForName("nodes").Type.Name()].Fields.ForName(name) == nil {
				name = "__typename"
			}
			fmt.Fprintf(&b, "%s(first: 2) {totalCount countUpTo(max: 1) {value exact} pageInfo {hasNextPage hasPreviousPage startCursor endCursor} edges {cursor node {%s}} nodes {%[2]s}} ", f.Name, name)
		case of.Fields.ForName("id") != nil && len(of.Interfaces) > 0:
			fmt.Fprintf(&b, "%s {__typename id} ", f.Name)
		default:
			fmt.Fprintf(&b, "%s {%s} ", f.Name, allFields(s, of))
		}
	}
	return b.String()
}

// listArguments are the arguments for the lists of the schema that have no pages.
var listArguments = map[string]string{
	"search": `(text: "01", first: 20)`, "usageRecordValues": `(field: CALL_CLASS)`, "dataAsOf": "",
}

// totalsArguments are arguments for totals of all samples.
const totalsArguments = `(period: {dates: {first: "2000-01-01", last: "2040-12-31"}}, by: [SOURCE, USAGE_TYPE, CUSTOMER, SUBSCRIPTION], compareWith: PREVIOUS_YEAR)`

// argumentsOfTotals returns arguments for a field with totals of all samples; nothing for other fields.
func argumentsOfTotals(f *ast.FieldDefinition) string {
	switch {
	case f.Arguments.ForName("period") != nil:
		return totalsArguments
	case f.Arguments.ForName("by") != nil && f.Arguments.ForName("from") != nil:
		return `(from: "2000-01", to: "2040-12", by: [YEAR_MONTH, CUSTOMER, SUBSCRIPTION])`
	}
	return ""
}

func TestAllFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	s := schema(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, f := range s.Query.Fields {
			of := s.Types[f.Type.Name()]
			if arguments, ok := listArguments[f.Name]; ok {
				answer, _ := g.query(fmt.Sprintf("{%s%s {%s}}", f.Name, arguments, allFields(s, of)), nil)
				golden(t, "every field of "+f.Name, answer)
			} else if f.Type.Elem != nil && f.Name != "nodes" {
				t.Errorf("%s is not in listArguments", f.Name)
			}
			if strings.HasSuffix(of.Name, "Connection") {
				node := s.Types[of.Fields.ForName("nodes").Type.Name()]
				arguments := cmp.Or(argumentsOfTotals(f), "(first: 20)")
				answer, _ := g.query(fmt.Sprintf("{%s%s {nodes {%s}}}", f.Name, arguments, allFields(s, node)), nil)
				if f.Name == "imports" { // their ids and times differ
					if strings.Contains(string(answer), `"errors"`) {
						t.Errorf("%s", answer)
					}
					continue
				}
				golden(t, "every field of "+f.Name, answer)
			}
		}
	})
}

func TestSchemaDescriptions(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for name, def := range s.Types {
		if def.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		if def.Description == "" {
			t.Errorf("%s has no description", name)
		}
		for _, f := range def.Fields {
			if f.Description == "" && !strings.HasPrefix(f.Name, "__") {
				t.Errorf("%s.%s has no description", name, f.Name)
			}
			for _, a := range f.Arguments {
				if a.Description == "" && !strings.HasPrefix(f.Name, "__") {
					t.Errorf("%s.%s(%s:) has no description", name, f.Name, a.Name)
				}
			}
		}
		for _, v := range def.EnumValues {
			if v.Description == "" {
				t.Errorf("%s.%s has no description", name, v.Name)
			}
		}
	}
}

func TestOrderByEachField(t *testing.T) {
	t.Parallel()
	s := schema(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, f := range s.Query.Fields {
			order := f.Arguments.ForName("orderBy")
			if order == nil || argumentsOfTotals(f) != "" {
				continue
			}
			for _, v := range s.Types[s.Types[order.Type.Name()].Fields.ForName("field").Type.Name()].EnumValues {
				var found map[string]struct{ Nodes []struct{ ID string } }
				g.read(fmt.Sprintf("{%s(orderBy: [{field: %s, direction: DESC}]) {nodes {id}}}", f.Name, v.Name), nil, &found)
				if len(found[f.Name].Nodes) == 0 {
					t.Errorf("%s by %s is empty", f.Name, v.Name)
				}
			}
		}
	})
}
