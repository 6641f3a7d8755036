package resolvers_test

import (
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
		case f.Arguments.ForName("period") != nil:
			fmt.Fprintf(&b, "%s%s {total {records}} ", f.Name, totalsArguments)
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

// totalsArguments are arguments for totals of all samples.
const totalsArguments = `(period: {dates: {first: "2000-01-01", last: "2040-12-31"}}, by: [SOURCE, USAGE_TYPE, CUSTOMER, SUBSCRIPTION], compareWith: PREVIOUS_YEAR)`

func TestAllFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	s := schema(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, f := range s.Query.Fields {
			if of := s.Types[f.Type.Name()]; strings.HasSuffix(of.Name, "Connection") {
				node := s.Types[of.Fields.ForName("nodes").Type.Name()]
				arguments := "(first: 20)"
				if f.Arguments.ForName("period") != nil {
					arguments = totalsArguments
				}
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
			if order == nil || f.Arguments.ForName("period") != nil {
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
