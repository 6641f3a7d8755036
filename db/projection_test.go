package db_test

import (
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestReadersSelectOnlyTheProjection(t *testing.T) {
	t.Parallel()
	sourceID := db.ColumnsOf(func(u *db.UsageRecord) []any { return []any{&u.SourceID} })
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		read := func(columns *db.Projection) *db.UsageRecordConnection {
			t.Helper()
			return only(store.For(db.All()).UsageRecords(t.Context(), columns, db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: 3}}))
		}
		whole, part := read(db.AllColumns), read(db.Project(sourceID, db.WithCursors))
		for i, n := range part.Nodes {
			w := whole.Nodes[i]
			if n.Key != w.Key || n.SourceID != w.SourceID || !n.EventTime.Equal(w.EventTime.Time) {
				t.Errorf("record %d is %v, not %v", i, n, w)
			}
			if n.Source != "" || w.Source == "" {
				t.Errorf("record %d has the source %q of %q", i, n.Source, w.Source)
			}
			if got, want := part.Edges()[i].Cursor(), whole.Edges()[i].Cursor(); got != want {
				t.Errorf("record %d has the cursor %s, not %s", i, got, want)
			}
		}
		keys := read(db.Project())
		if keys.Nodes[0].Key != whole.Nodes[0].Key || !keys.Nodes[0].EventTime.IsZero() {
			t.Errorf("nothing but keys: %v", keys.Nodes[0])
		}
		panics(t, "a cursor of columns that were not read", func() { keys.Edges()[0].Cursor() })
		for _, test := range []struct {
			columns db.Columns
			want    bool
		}{{db.WithPageInfo, true}, {sourceID, false}} {
			if page := read(db.Project(test.columns)); len(page.Nodes) != 3 || page.HasNextPage != test.want {
				t.Errorf("%d records and more: %v, want %v", len(page.Nodes), page.HasNextPage, test.want)
			}
		}
	})
}

func TestColumnsOfRefusesWhatHasNoColumn(t *testing.T) {
	t.Parallel()
	var other db.UsageRecord
	for name, field := range map[string]func(*db.UsageRecord) any{
		"a field without a column": func(u *db.UsageRecord) any { return &u.Rated },
		"a field of another row":   func(*db.UsageRecord) any { return &other.SourceID },
		"a value":                  func(u *db.UsageRecord) any { return u.SourceID },
	} {
		panics(t, name, func() { db.ColumnsOf(func(u *db.UsageRecord) []any { return []any{field(u)} }) })
	}
}

func panics(t *testing.T, name string, block func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", name)
		}
	}()
	block()
}
