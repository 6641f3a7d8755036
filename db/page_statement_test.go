package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestCachedStatementReadsTheSamePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		columns := map[string]map[string]bool{"UsageRecord": {"source_id": true}, "Connection": {"has_next_page": true}}
		again := db.WithProjection(columns)
		var parents []db.Node
		for _, c := range w.customers[:3] {
			parents = append(parents, c)
		}
		for _, subscription := range w.subscriptions[:3] {
			parents = append(parents, subscription)
		}
		for range 2 {
			for _, parent := range parents {
				for _, page := range []db.Page{{Limit: 1}, {Limit: 3}, {Limit: 3}, {Limit: 3, Backward: true}} {
					for name, scope := range map[string]db.Scope{"the operator": db.All(), "a customer": db.Only(w.customers[0].CustomerID)} {
						of := db.Parents{Type: parent.NodeType(), Keys: []db.Key{parent.NodeKey()}}
						got, err := store.For(scope).UsageRecords(again(t.Context()), of, db.UsageRecordQuery{Page: page})
						if err != nil {
							t.Fatal(err)
						}
						want, err := store.For(scope).UsageRecords(db.WithProjection(columns)(t.Context()), of, db.UsageRecordQuery{Page: page})
						if err != nil {
							t.Fatal(err)
						}
						if d := cmp.Diff(want[0].Nodes, got[0].Nodes, exactly...); d != "" || want[0].HasNextPage != got[0].HasNextPage {
							t.Errorf("%s, %v, %+v: another page:\n%s", name, parent.NodeKey(), page, d)
						}
					}
				}
			}
		}
	})
}
