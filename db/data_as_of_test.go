package db_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestDataAsOf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		var ended db.Time
		for _, state := range []db.ImportState{db.ImportDone, db.ImportFailed} {
			i := &db.Import{Source: db.Elevate, File: "calls.json"}
			if err := store.StartImport(t.Context(), i); err != nil {
				t.Fatal(err)
			}
			i.State = state
			if err := store.EndImport(t.Context(), i); err != nil {
				t.Fatal(err)
			}
			if state == db.ImportDone {
				ended = *i.EndedAt
			}
		}
		for _, of := range []struct {
			scope   db.Scope
			visible func(customer int64) bool
		}{
			{db.All(), func(int64) bool { return true }},
			{db.Only(w.customers[0].CustomerID), func(id int64) bool { return id == w.customers[0].CustomerID }},
			{db.Only(w.customers[6].CustomerID), func(int64) bool { return false }},
		} {
			latest := map[db.Source]db.Time{}
			add := func(customer int64, source db.Source, at db.Time) {
				if old, ok := latest[source]; of.visible(customer) && (!ok || at.After(old.Time)) {
					latest[source] = at
				}
			}
			for _, u := range w.records {
				add(u.CustomerID, u.Source, u.EventTime)
			}
			for _, s := range w.summaries {
				add(s.CustomerID, s.Source, s.YearMonth.Start())
			}
			for _, r := range w.reports {
				add(r.CustomerID, r.Source, r.EffectiveAt)
			}
			want := []*db.DataAsOf{}
			for _, source := range db.Sources() {
				if at, ok := latest[source]; ok {
					want = append(want, &db.DataAsOf{Source: source, At: at})
				}
			}
			got, err := store.For(of.scope).DataAsOf(t.Context())
			if i := slices.IndexFunc(got, func(d *db.DataAsOf) bool { return d.Source == db.Elevate }); i >= 0 {
				if got[i].ImportedAt == nil || !got[i].ImportedAt.Equal(ended.Time) {
					t.Errorf("elevate was imported at %v", got[i].ImportedAt)
				}
				got[i].ImportedAt = nil
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v: %s", err, diff)
			}
		}
	})
}
