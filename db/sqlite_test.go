package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// recordsOf reads all records three times, so that a prepared statement is used, too.
func recordsOf(t *testing.T, reader *db.Reader) error {
	t.Helper()
	for range 3 {
		if _, err := reader.UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}}); err != nil {
			return err
		}
	}
	return nil
}

// newSQLiteFile returns the path of a closed file with records.
func newSQLiteFile(t *testing.T) string {
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

func TestClosedSQLiteFileHasNoJournal(t *testing.T) {
	t.Parallel()
	path := newSQLiteFile(t)
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("a journal is left: %v", entries)
	}
}

func TestTruncatedSQLiteFileIsUnavailable(t *testing.T) {
	t.Parallel()
	path := newSQLiteFile(t)
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
