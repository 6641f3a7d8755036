package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// indexes lists the indexes of a database that have a statement of their own.
func indexes(t *testing.T, url string) []string {
	t.Helper()
	statement := "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
	if strings.HasPrefix(url, "postgres") {
		statement = `SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%\_pkey' ORDER BY indexname`
	}
	rows, err := connect(t, url).Query(statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func TestBulkLoadCreatesTheIndexesAtItsEnd(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		before := indexes(t, url)
		failed := errors.New("failed")
		for _, end := range []error{failed, nil} {
			err := store.BulkLoad(context.Background(), func(store *db.Store) error {
				if n := len(indexes(t, url)); n >= len(before) {
					t.Errorf("%d indexes during the bulk load, %d before", n, len(before))
				}
				if end == nil {
					putRecords(t, store, of(1, "a", "x"), of(2, "b", "x"))
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Errorf("bulk load: %v, want %v", err, end)
			}
			if diff := cmp.Diff(before, indexes(t, url)); diff != "" {
				t.Error(diff)
			}
		}
		if strings.HasPrefix(url, "postgres") {
			var known float64
			if err := connect(t, url).QueryRow("SELECT reltuples FROM pg_class WHERE oid = 'rated_usages'::regclass").Scan(&known); err != nil || known < 0 {
				t.Errorf("the planner's number of rated usages is %v, %v", known, err)
			}
		}
		if out := putRecords(t, store, of(1, "a", "x"), of(2, "b", "y")); out != (db.Outcome{Changed: 1, Unchanged: 1}) {
			t.Errorf("upsert after the bulk load: %+v", out)
		}
	})
}

func TestMigrateCreatesTheIndexesAfterAKilledBulkLoad(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		before := indexes(t, url)
		err := store.BulkLoad(context.Background(), func(*db.Store) error {
			dbtest.Open(t, url) // migrates
			if diff := cmp.Diff(before, indexes(t, url)); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, indexes(t, url)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBulkLoadUpdatesStoredRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		putRecords(t, store, of(1, "a", "x"))
		before := indexes(t, url)
		err := store.BulkLoad(context.Background(), func(store *db.Store) error {
			if out := putRecords(t, store, of(1, "a", "y"), of(1, "b", "y")); out != (db.Outcome{New: 1, Changed: 1}) {
				t.Errorf("%+v", out)
			}
			if diff := cmp.Diff(before, indexes(t, url)); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
