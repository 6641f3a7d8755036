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
	"usagegraph/db/dbtest"
)

// onlyForbidden reports errors of an answer that should have none but those of hidden cost.
func (g *guarded) onlyForbidden(what string, a answer) {
	g.t.Helper()
	for _, code := range a.codes() {
		if code != string(db.Forbidden) {
			g.t.Errorf("%s: %v", what, a.Errors)
		}
	}
}

func TestEveryWayThroughTheGraphShowsAClientHisOwnAlone(t *testing.T) {
	t.Parallel()
	w := newWalker()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		shows := map[string]bool{}
		for steps := 1; steps <= 3; steps++ {
			w.paths(w.Query, steps, func(selection, last string) {
				text := g.query(g.annas, "{"+selection+"}", nil)
				g.check(selection, text)
				g.onlyForbidden(selection, parse(t, text))
				shows[last] = shows[last] || strings.Contains(text, g.anna.word)
			})
		}
		for last, own := range shows {
			if !own {
				t.Errorf("no way that ends in %s shows anything of his own", last)
			}
		}
		for list := range w.nodeTypes() {
			found := parse(t, g.query(g.annas, "{"+list+"(first: 100) {totalCount nodes {id}}}", nil))
			nodes, _ := at(found.Data, list, "nodes").([]any)
			if total := fmt.Sprint(at(found.Data, list, "totalCount")); total != fmt.Sprint(len(nodes)) || len(nodes) == 0 {
				t.Errorf("%s has %d nodes and a total of %s", list, len(nodes), total)
			}
		}
	})
}

func TestAnIDOfAnothersIsAnsweredAsOneOfNothing(t *testing.T) {
	t.Parallel()
	w := newWalker()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		for list, d := range w.nodeTypes() {
			annas, bertas, nobodys := g.samples(w, list, d)
			own := annas["id"].(string)
			absent := crossed(t, own, own, "x")
			others := []string{bertas["id"].(string), crossed(t, own, bertas["id"].(string), ""), crossed(t, bertas["id"].(string), own, "y"), crossed(t, absent, bertas["id"].(string), "")}
			if nobodys != nil {
				others = append(others, nobodys["id"].(string))
			}
			for steps := range 2 {
				w.paths(d, steps, func(selection, _ string) {
					for _, document := range []string{
						"query($id: ID!) {node(id: $id) {__typename id ... on " + d.Name + " {" + selection + "}}}",
						"query($id: ID!) {nodes(ids: [$id, " + fmt.Sprintf("%q", own) + "]) {__typename id ... on " + d.Name + " {" + selection + "}}}",
					} {
						ask := func(id string) string { return g.query(g.annas, document, map[string]any{"id": id}) }
						text := ask(own)
						g.check(document, text)
						if g.onlyForbidden(document, parse(t, text)); !strings.Contains(text, g.anna.word) && steps == 0 {
							t.Errorf("%s shows nothing of his own: %.300s", document, text)
						}
						nothing := ask(absent)
						for _, id := range others {
							text := ask(id)
							g.check(document, text, id)
							g.alike(document, text, id, nothing, absent)
						}
					}
				})
			}
		}
	})
}

// crossed returns an id with the customer and source of one id and the record of another, with more text at its end.
func crossed(t *testing.T, customer, record, more string) string {
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

func TestACursorOfAnothersListShowsAClientHisOwnAlone(t *testing.T) {
	t.Parallel()
	w := newWalker()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		owners := map[string]any{"Query": nil}
		for list, d := range w.nodeTypes() {
			annas, _, _ := g.samples(w, list, d)
			owners[d.Name] = annas["id"]
		}
		for name, f := range w.lists() {
			owner, _, _ := strings.Cut(name, ".")
			list := w.nodeListOf(f)
			orders := w.orders(f)
			if owner != "Query" {
				orders = orders[:1] // of the lists within records one order will do
			}
			for _, order := range orders {
				made := parse(t, g.query(g.operator, "{"+list+"(first: 100, orderBy: [{field: "+order+"}]) {edges {cursor node {id}}}}", nil))
				edges, _ := at(made.Data, list, "edges").([]any)
				for i, e := range edges {
					if i%3 > 0 {
						continue // a third of them are of all people
					}
					cursor := at(e, "cursor").(string)
					for _, argument := range []string{"first: 100, after", "last: 100, before"} {
						ask := func(cursor string) string {
							document := fmt.Sprintf("%s(%s: %q, orderBy: [{field: %s}]) {totalCount pageInfo {hasNextPage hasPreviousPage startCursor endCursor} nodes {id}}", f.Name, argument, cursor, order)
							if owner != "Query" {
								document = fmt.Sprintf("node(id: %q) {... on %s {%s}}", owners[owner], owner, document)
							}
							return g.query(g.annas, "{"+document+"}", nil)
						}
						text := ask(cursor)
						g.check(name+" "+order, text)
						id := fmt.Sprint(at(e, "node", "id"))
						if own := parse(t, g.query(g.annas, fmt.Sprintf("{nodes(ids: [%q]) {id}}", id), nil)); strings.Contains(fmt.Sprint(own.Data), id) {
							continue
						}
						// Just beside it there is nothing.
						beside := moved(t, cursor)
						g.alike(name+" "+order+" "+argument, text, cursor, ask(beside), beside)
					}
				}
			}
		}
	})
}

// nodeListOf returns the list of all nodes that a connection may hold.
func (w walker) nodeListOf(f *ast.FieldDefinition) string {
	for list, d := range w.nodeTypes() {
		if d.Name+"Connection" == strings.Replace(f.Type.Name(), "Subscription", "ServiceSubscription", 1) || d.Name+"Connection" == f.Type.Name() {
			return list
		}
	}
	return ""
}

// orders are what a list can be ordered by.
func (w walker) orders(f *ast.FieldDefinition) []string {
	var list []string
	field := w.Types[f.Arguments.ForName("orderBy").Type.Name()].Fields.ForName("field")
	for _, v := range w.Types[field.Type.Name()].EnumValues {
		list = append(list, v.Name)
	}
	return list
}

// moved returns a cursor to just beside where another points: with an id that is one more, which is none of Anna's.
func moved(t *testing.T, cursor string) string {
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
