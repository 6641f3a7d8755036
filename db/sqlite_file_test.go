package db_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestChangedSQLiteFileIsNotReady(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(path string) error
		want   string
	}{
		"deleted": {os.Remove, "deleted or replaced"},
		"replaced": {func(path string) error {
			whole, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path+".new", whole, 0o600), os.Rename(path+".new", path))
		}, "deleted or replaced"},
		"cut to a page": {func(path string) error { return os.Truncate(path, 4096) }, "cut off"},
		"cut to half": {func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.Truncate(path, info.Size()/2))
		}, "cut off"},
		"empty":         {func(path string) error { return os.Truncate(path, 0) }, "cut off"},
		"without magic": {func(path string) error { return overwrite(path, 0, 16) }, "damaged"},
		"overwritten":   {func(path string) error { return overwrite(path, 100, 64<<10) }, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newSQLiteFile(t)
			store := dbtest.Open(t, path)
			if err := store.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := test.change(path); err != nil {
				t.Fatal(err)
			}
			// A damaged page is found by the statement that reads it.
			_ = recordsOf(t, store.For(db.All()))
			if err := store.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) || !isUnavailable(err) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// overwrite overwrites a part of a file with random bytes.
func overwrite(path string, at int64, n int) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	noise := make([]byte, n)
	rand.Read(noise)
	_, err = file.WriteAt(noise, at)
	return errors.Join(err, file.Close())
}

func TestSQLiteFileOfAnotherProgramIsRefusedUnchanged(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string]string{
		"other tables":         "CREATE TABLE notes (text TEXT)",
		"another id":           "PRAGMA application_id = 7",
		"another id, migrated": "PRAGMA application_id = 7; CREATE TABLE schema_version (version INTEGER); CREATE TABLE usage_records (id INTEGER)",
		"its own versions":     "CREATE TABLE schema_version (version INTEGER); CREATE TABLE notes (text TEXT)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "other.db")
			pool := connect(t, path)
			if _, err := pool.Exec(statements); err != nil {
				t.Fatal(err)
			}
			if err := pool.Close(); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if store, err := db.Open(t.Context(), path, db.Options{}); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "another program") {
				t.Errorf("%v, %v", store, err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestOwnSQLiteFileIsOpenedAgain(t *testing.T) {
	t.Parallel()
	path := newSQLiteFile(t)
	pool := connect(t, path)
	var id int64
	if err := pool.QueryRow("PRAGMA application_id").Scan(&id); err != nil || id == 0 {
		t.Errorf("application id %d: %v", id, err)
	}
	// Older versions set no id; Litestream adds tables of its own.
	if _, err := pool.Exec("PRAGMA application_id = 0; CREATE TABLE _litestream_seq (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	dbtest.Open(t, path)
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dbtest.Open(t, empty)
}

func TestErrorOfOpeningSQLiteNamesPathAndCause(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name string, body []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile(newSQLiteFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(folder, "none", "test.db"): "its folder does not exist",
		folder:                                   "it is a folder",
		write("text.db", bytes.Repeat(whole[:9], 99)): "it is not an SQLite database",
		write("cut.db", whole[:len(whole)/2]):         "it was cut off",
		write("short.db", whole[:50]):                 "it is damaged",
	} {
		if store, err := db.Open(t.Context(), path, db.Options{}); err == nil || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v, want %q", path, store, err, want)
		}
	}
}
