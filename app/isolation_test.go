package app

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// onlyForbidden reports errors of an answer other than FORBIDDEN, the code for hidden cost.
func (g *isolationServer) onlyForbidden(what string, a answer) {
	g.t.Helper()
	for _, code := range a.codes() {
		if code != string(db.Forbidden) {
			g.t.Errorf("%s: %v", what, a.Errors)
		}
	}
}

func TestAllGraphPathsShowOnlyOwnRecords(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		shows := map[string]bool{}
		for steps := 1; steps <= 3; steps++ {
			w.paths(w.Query, steps, func(selection, last string) {
				text := g.query(g.annaSecret, "{"+selection+"}", nil)
				g.check(selection, text)
				g.onlyForbidden(selection, parse(t, text))
				shows[last] = shows[last] || strings.Contains(text, g.anna.word)
			})
		}
		for last, own := range shows {
			if !own {
				t.Errorf("no path that ends in %s shows an own record", last)
			}
		}
		for list := range w.nodeTypes() {
			found := parse(t, g.query(g.annaSecret, "{"+list+"(first: 100) {totalCount nodes {id}}}", nil))
			nodes, _ := at(found.Data, list, "nodes").([]any)
			if total := fmt.Sprint(at(found.Data, list, "totalCount")); total != fmt.Sprint(len(nodes)) || len(nodes) == 0 {
				t.Errorf("%s has %d nodes and a total of %s", list, len(nodes), total)
			}
		}
	})
}

func TestForeignIDEqualsAbsentID(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		for list, d := range w.nodeTypes() {
			annaRow, bertaRow, unownedRow := g.sampleRows(w, list, d)
			own := annaRow["id"].(string)
			absent := mixIDs(t, own, own, "x")
			others := []string{bertaRow["id"].(string), mixIDs(t, own, bertaRow["id"].(string), ""), mixIDs(t, bertaRow["id"].(string), own, "y"), mixIDs(t, absent, bertaRow["id"].(string), "")}
			if unownedRow != nil {
				others = append(others, unownedRow["id"].(string))
			}
			for steps := range 2 {
				w.paths(d, steps, func(selection, _ string) {
					for _, document := range []string{
						"query($id: ID!) {node(id: $id) {__typename id ... on " + d.Name + " {" + selection + "}}}",
						"query($id: ID!) {nodes(ids: [$id, " + fmt.Sprintf("%q", own) + "]) {__typename id ... on " + d.Name + " {" + selection + "}}}",
					} {
						query := func(id string) string { return g.query(g.annaSecret, document, map[string]any{"id": id}) }
						text := query(own)
						g.check(document, text)
						if g.onlyForbidden(document, parse(t, text)); !strings.Contains(text, g.anna.word) && steps == 0 {
							t.Errorf("%s shows no own record: %.300s", document, text)
						}
						nothing := query(absent)
						for _, id := range others {
							text := query(id)
							g.check(document, text, id)
							g.checkSame(document, text, id, nothing, absent)
						}
					}
				})
			}
		}
	})
}

// mixIDs returns an ID with the customer and source of one ID and the record of another, with more appended.
func mixIDs(t *testing.T, customer, record, more string) string {
	t.Helper()
	a, err := db.ParseID(customer)
	if err != nil {
		t.Fatal(err)
	}
	b, err := db.ParseID(record)
	if err != nil {
		t.Fatal(err)
	}
	b.Source, b.Customer, b.Value = a.Source, a.Customer, b.Value+more
	return b.String()
}

func TestForeignCursorsShowOnlyOwnRecords(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		owners := map[string]any{"Query": nil}
		for list, d := range w.nodeTypes() {
			annaRow, _, _ := g.sampleRows(w, list, d)
			owners[d.Name] = annaRow["id"]
		}
		for name, f := range w.lists() {
			owner, _, _ := strings.Cut(name, ".")
			list := w.nodeListOf(f)
			orders := w.orders(f)
			if owner != "Query" {
				orders = orders[:1] // one order is enough for nested lists
			}
			for _, order := range orders {
				made := parse(t, g.query(g.operatorSecret, "{"+list+"(first: 100, orderBy: [{field: "+order+"}]) {edges {cursor node {id}}}}", nil))
				edges, _ := at(made.Data, list, "edges").([]any)
				for i, e := range edges {
					if i%3 > 0 {
						continue // a third of the cursors includes all owners
					}
					cursor := at(e, "cursor").(string)
					for _, argument := range []string{"first: 100, after", "last: 100, before"} {
						query := func(cursor string) string {
							document := fmt.Sprintf("%s(%s: %q, orderBy: [{field: %s}]) {totalCount pageInfo {hasNextPage hasPreviousPage startCursor endCursor} nodes {id}}", f.Name, argument, cursor, order)
							if owner != "Query" {
								document = fmt.Sprintf("node(id: %q) {... on %s {%s}}", owners[owner], owner, document)
							}
							return g.query(g.annaSecret, "{"+document+"}", nil)
						}
						text := query(cursor)
						g.check(name+" "+order, text)
						id := fmt.Sprint(at(e, "node", "id"))
						if own := parse(t, g.query(g.annaSecret, fmt.Sprintf("{nodes(ids: [%q]) {id}}", id), nil)); strings.Contains(fmt.Sprint(own.Data), id) {
							continue
						}
						// The next position has no record.
						adjacent := adjacentCursor(t, cursor)
						g.checkSame(name+" "+order+" "+argument, text, cursor, query(adjacent), adjacent)
					}
				}
			}
		}
	})
}

// nodeListOf returns the root list of a connection's nodes.
func (w schemaWalker) nodeListOf(f *ast.FieldDefinition) string {
	for list, d := range w.nodeTypes() {
		if d.Name+"Connection" == strings.Replace(f.Type.Name(), "Subscription", "ServiceSubscription", 1) || d.Name+"Connection" == f.Type.Name() {
			return list
		}
	}
	return ""
}

// orders returns the fields that a list can be ordered by.
func (w schemaWalker) orders(f *ast.FieldDefinition) []string {
	var list []string
	field := w.Types[f.Arguments.ForName("orderBy").Type.Name()].Fields.ForName("field")
	for _, v := range w.Types[field.Type.Name()].EnumValues {
		list = append(list, v.Name)
	}
	return list
}

// adjacentCursor returns a cursor with the next ID, which no record has.
func adjacentCursor(t *testing.T, cursor string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	var values []*string
	if err := json.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	last := slices.IndexFunc(values, func(v *string) bool { return v != nil && len(*v) == 18 })
	var id int64
	if _, err := fmt.Sscan(*values[last], &id); err != nil {
		t.Fatal(err)
	}
	values[last] = new(fmt.Sprint(id + 1))
	text, _ = json.Marshal(values)
	return base64.RawURLEncoding.EncodeToString(text)
}
