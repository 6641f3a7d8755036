package resolvers_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// linkCustomers makes one customer of stn:1 and each of some customers of elevate, from elevate:1 on.
func linkCustomers(t *testing.T, store *db.Store, n int) {
	t.Helper()
	var links []ingest.Link
	for i := range n {
		link, err := ingest.ParseLink(fmt.Sprintf("elevate:%d", i+1), "stn:1")
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, link)
	}
	if _, err := ingest.LinkCustomers(t.Context(), store, links, ingest.LinkOptions{Create: true, By: "ops"}); err != nil {
		t.Fatal(err)
	}
}

func TestLinksAreListedPageByPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		linkCustomers(t, store, 5)
		g := newGraph(t, store)
		var got string
		var after *string
		for more := true; more; {
			var page struct {
				Links struct {
					TotalCount int
					PageInfo   struct {
						HasNextPage bool
						EndCursor   *string
					}
					Nodes []struct {
						Identifiers []struct{ Source, Value string }
						LinkedAt    *string
						LinkedBy    string
						Separable   bool
					}
				}
			}
			g.read(`query($after: String) {links(first: 2, after: $after) {totalCount pageInfo {hasNextPage endCursor} nodes {identifiers {source value} linkedAt linkedBy separable}}}`,
				map[string]any{"after": after}, &page)
			for _, l := range page.Links.Nodes {
				got += fmt.Sprintln(l.Identifiers, l.LinkedAt != nil, l.LinkedBy, l.Separable, page.Links.TotalCount)
			}
			more, after = page.Links.PageInfo.HasNextPage, page.Links.PageInfo.EndCursor
		}
		want := ""
		for i := range 5 {
			want += fmt.Sprintf("[{ELEVATE %d} {STN 1}] true ops true 5\n", i+1)
		}
		if got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
}

func TestLinksAreForStaff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		linkCustomers(t, store, 1)
		for _, way := range executors() {
			for _, scope := range []db.Scope{db.All(), db.Only(1), db.Only(1).WithStaff(true)} {
				answerer := newAnswerer(store, way.schema)
				answerer.scope = scope
				got := answerer.answer(t.Context(), graphql.RawParams{Query: `{links {totalCount nodes {linkedBy}}}`})
				var forbidden *db.Error
				if len(got.Errors) != 1 || !errors.As(got.Errors[0], &forbidden) || forbidden.Code != db.Forbidden {
					t.Errorf("%s, %v: %s %v", way.name, scope, got.Data, got.Errors)
				}
			}
		}
	})
}
