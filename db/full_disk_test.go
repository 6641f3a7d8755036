package db

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestFullDiskIsNamed limits the pages of the file, which SQLite reports as a full disk.
func TestFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.pools.Write.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	err = store.AddClient(t.Context(), &Client{ID: "client", Name: strings.Repeat("x", 1<<20), SeesEveryone: true})
	var known *Error
	if !errors.As(err, &known) || known.Code != Unavailable || !strings.Contains(known.Message, "disk of the database is full") {
		t.Error(err)
	}
}
