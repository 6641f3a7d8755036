package resolvers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// linkCustomers links stn:1 to n customers of elevate, from elevate:1 on.
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

func TestLinksPages(t *testing.T) {
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

// assignNames assigns a number and two own ids to customer stn:1.
func assignNames(t *testing.T, store *db.Store) {
	t.Helper()
	linkCustomers(t, store, 1)
	month := func(m time.Month) db.Time { return db.TimeOf(time.Date(2025, m, 1, 0, 0, 0, 0, time.UTC)) }
	for _, a := range []db.Assignment{
		{Kind: db.SourceOwnID, NameSource: db.DXP, Value: "S-1", Start: db.Always, End: month(2)},
		{Kind: db.SourceOwnID, NameSource: db.DXP, Value: "S-1", Start: month(2), End: db.Forever},
		{Kind: db.MSISDN, Value: "17875550001", Start: month(3), End: month(4)},
	} {
		a.CustomerSource, a.CustomerValue, a.AssignedBy = db.STN, "1", "ops"
		if _, err := ingest.Assign(t.Context(), store, a, false); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAssignmentsPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		assignNames(t, store)
		g := newGraph(t, store)
		want := []string{
			`{"kind":"MSISDN","source":null,"value":"17875550001","customer":{"source":"STN","value":"1"},"validFrom":"2025-03-01T00:00:00Z","validTo":"2025-04-01T00:00:00Z","assignedBy":"ops"}`,
			`{"kind":"SOURCE_ID","source":"DXP","value":"S-1","customer":{"source":"STN","value":"1"},"validFrom":null,"validTo":"2025-02-01T00:00:00Z","assignedBy":"ops"}`,
			`{"kind":"SOURCE_ID","source":"DXP","value":"S-1","customer":{"source":"STN","value":"1"},"validFrom":"2025-02-01T00:00:00Z","validTo":null,"assignedBy":"ops"}`,
		}
		var after *string
		for i, node := range want {
			var page struct {
				Assignments struct {
					TotalCount int
					PageInfo   struct {
						HasNextPage bool
						EndCursor   *string
					}
					Nodes []json.RawMessage
				}
			}
			g.read(`query($after: String) {assignments(first: 1, after: $after) {totalCount pageInfo {hasNextPage endCursor}
				nodes {kind source value customer {source value} validFrom validTo assignedBy}}}`, map[string]any{"after": after}, &page)
			list := page.Assignments
			if string(list.Nodes[0]) != node || list.TotalCount != 3 || list.PageInfo.HasNextPage != (i < 2) {
				t.Errorf("%d: %+v, want %s", i, list, node)
			}
			after = list.PageInfo.EndCursor
		}
	})
}

func TestLinksAndAssignmentsRequireStaff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		assignNames(t, store)
		for _, way := range executors() {
			for _, scope := range []db.Scope{db.All(), db.Only(1), db.Only(1).WithStaff(true)} {
				for _, query := range []string{`{links {totalCount nodes {linkedBy}}}`, `{assignments {totalCount nodes {assignedBy}}}`} {
					runner := newRunner(store, way.schema)
					runner.scope = scope
					got := runner.answer(t.Context(), graphql.RawParams{Query: query})
					var forbidden *db.Error
					if len(got.Errors) != 1 || !errors.As(got.Errors[0], &forbidden) || forbidden.Code != db.Forbidden {
						t.Errorf("%s, %v: %s %v", way.name, scope, got.Data, got.Errors)
					}
				}
			}
		}
	})
}
