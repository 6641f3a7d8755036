package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// recordsOf reads every record, as often as it takes to prepare a statement and to use it.
func recordsOf(t *testing.T, reader *db.Reader) error {
	t.Helper()
	for range 3 {
		if _, err := reader.UsageRecords(t.Context(), db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}}); err != nil {
			return err
		}
	}
	return nil
}

// filled returns the path of a file with records, which nobody has open.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	store, err := db.Open(t.Context(), path, db.Options{Clock: dbtest.Clock, Node: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(t, store)
	if err := recordsOf(t, store.For(db.All())); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASQLiteFileThatIsClosedHoldsEverything(t *testing.T) {
	t.Parallel()
	path := filled(t)
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("beside the file there is a journal: %v", entries)
	}
}

func TestASQLiteFileThatIsCutShortIsUnavailableUntilItIsWhole(t *testing.T) {
	t.Parallel()
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	store := dbtest.Open(t, path)
	err = store.For(db.All()).Snapshot(t.Context(), func(reader *db.Reader) error {
		if err := os.Truncate(path, 4096); err != nil {
			t.Fatal(err)
		}
		return recordsOf(t, reader)
	})
	if !isUnavailable(err) {
		t.Errorf("%v, want an Unavailable error", err)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := recordsOf(t, store.For(db.All())); err != nil {
		t.Error(err)
	}
}
