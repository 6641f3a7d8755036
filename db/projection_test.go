package db_test

import (
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestReadersSelectOnlyTheProjection(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		q := db.UsageRecordQuery{Page: db.Page{Limit: 3}}
		whole, err := store.For(db.All()).UsageRecords(t.Context(), db.NoParent, q)
		if err != nil {
			t.Fatal(err)
		}
		ctx := db.WithProjection(map[string]map[string]bool{"UsageRecord": {"source_id": true}, "Connection": {"cursor": true}})(t.Context())
		part, err := store.For(db.All()).UsageRecords(ctx, db.NoParent, q)
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range part[0].Nodes {
			w := whole[0].Nodes[i]
			if n.Key != w.Key || n.SourceID != w.SourceID || !n.EventTime.Equal(w.EventTime.Time) {
				t.Errorf("record %d is %v, not %v", i, n, w)
			}
			if n.Source != "" || w.Source == "" {
				t.Errorf("record %d has the source %q of %q", i, n.Source, w.Source)
			}
			if got, want := part[0].Edges()[i].Cursor(), whole[0].Edges()[i].Cursor(); got != want {
				t.Errorf("record %d has the cursor %s, not %s", i, got, want)
			}
		}
		ctx = db.WithProjection(map[string]map[string]bool{"UsageRecord": {"*": true}})(t.Context())
		if all, err := store.For(db.All()).UsageRecords(ctx, db.NoParent, q); err != nil || all[0].Nodes[0].Source == "" {
			t.Errorf("all columns: %v, %v", all[0].Nodes[0], err)
		}
		without, err := store.For(db.All()).UsageRecords(db.WithProjection(nil)(t.Context()), db.NoParent, q)
		if err != nil || without[0].Nodes[0].Key != whole[0].Nodes[0].Key || !without[0].Nodes[0].EventTime.IsZero() {
			t.Errorf("nothing but keys: %v, %v", without[0].Nodes[0], err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a cursor is made of what was not read")
				}
			}()
			without[0].Edges()[0].Cursor()
		}()
		for column, want := range map[string]bool{"has_next_page": true, "source_id": false} {
			ctx := db.WithProjection(map[string]map[string]bool{"Connection": {column: true}})(t.Context())
			page, err := store.For(db.All()).UsageRecords(ctx, db.NoParent, q)
			if err != nil || len(page[0].Nodes) != 3 || page[0].HasNextPage != want {
				t.Errorf("%s: %d records and more: %v, %v", column, len(page[0].Nodes), page[0].HasNextPage, err)
			}
		}
	})
}
