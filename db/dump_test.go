package db_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestADumpIsASnapshot(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		addTestSubscriptions(t, store)
		putAll(t, store, testSubscriptions[1], calls("a", 1, numberA, "06"))
		contents := func(d *db.Dump) map[string][][]any {
			rows := map[string][][]any{}
			for _, table := range d.Tables {
				if err := d.Rows(t.Context(), table, func(row []any) error {
					rows[table.Name] = append(rows[table.Name], slices.Clone(row))
					return nil
				}); err != nil {
					t.Error(err)
				}
			}
			return rows
		}
		var before, during, after map[string][][]any
		dump := func(use func(*db.Dump)) {
			t.Helper()
			if err := store.Dump(t.Context(), func(d *db.Dump) error { use(d); return nil }); err != nil {
				t.Error(err)
			}
		}
		dump(func(d *db.Dump) { before = contents(d) })
		dump(func(d *db.Dump) {
			putAll(t, store, testSubscriptions[2], calls("b", 2, numberB, "06"))
			during = contents(d)
		})
		dump(func(d *db.Dump) { after = contents(d) })
		if diff := cmp.Diff(before, during); diff != "" {
			t.Errorf("the dump contains a later write: %s", diff)
		}
		if len(before["usage_records"]) != 1 || len(after["usage_records"]) != 2 {
			t.Errorf("%d records, then %d", len(before["usage_records"]), len(after["usage_records"]))
		}
	})
}

func TestADumpRejectsColumnTypesWithoutAPortableForm(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		if _, err := connect(t, url).Exec("CREATE TABLE extra (number REAL)"); err != nil {
			t.Fatal(err)
		}
		err := store.Dump(t.Context(), func(*db.Dump) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "extra.number is of type") {
			t.Errorf("%v", err)
		}
	})
}

func TestPendingRewritesAreThoseWithRows(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, err := db.Open(t.Context(), url, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		pending := func(when string, want ...db.Rewrite) {
			t.Helper()
			got, err := store.PendingRewrites(t.Context())
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v: %s", when, err, diff)
			}
		}
		pending("without tables")
		if _, err := store.MigrateTo(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		pending("without rows")
		old := dbtest.Another(t, url)
		dbtest.FillVersion3(t, old)
		if store, err = db.Open(t.Context(), old, db.Options{}); err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		pending("of version 3", db.Rewrite{Does: "attributes each record again to a customer and a subscription", Rows: 34},
			db.Rewrite{Does: "derives lasting ids of records", Rows: 55})
		if _, err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		pending("migrated")
	})
}
