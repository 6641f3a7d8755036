package db_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func isUnavailable(err error) bool {
	var known *db.Error
	return errors.As(err, &known) && known.Code == db.Unavailable
}

// read runs one statement.
func read(ctx context.Context, reader *db.Reader) error {
	_, err := reader.CustomersByKey(ctx, db.AllColumns, []db.Key{{CustomerID: 1, ID: 1}})
	return err
}

func TestReadWithoutAFreeConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, err := db.Open(t.Context(), url, db.Options{Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if _, err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		reader := store.For(db.All())
		err = reader.Snapshot(t.Context(), func(*db.Reader) error {
			started := time.Now()
			err := read(t.Context(), reader)
			if took := time.Since(started); !isUnavailable(err) || took < time.Second || took > 8*time.Second {
				t.Errorf("%v after %s", err, took)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		// The database was never unreachable: the outage monitor must not have marked it down.
		if err := read(t.Context(), reader); err != nil {
			t.Error(err)
		}
	})
}

func TestTimeoutIsUnavailableAndCancellationIsNot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		late, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		<-late.Done()
		if err := read(late, store.For(db.All())); !isUnavailable(err) || !strings.HasPrefix(err.Error(), db.TimeoutMessage) {
			t.Errorf("timeout: %v", err)
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := read(gone, store.For(db.All())); !errors.Is(err, context.Canceled) || isUnavailable(err) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

func TestLockedSQLiteFileIsUnavailableToWriters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	store := dbtest.Open(t, path)
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := store.Write(t.Context(), func(tx *db.Tx) error { return tx.Revise(t.Context()) }); !isUnavailable(err) {
		t.Errorf("a write: %v", err)
	}
	if err := read(t.Context(), store.For(db.All())); err != nil {
		t.Errorf("a read: %v", err)
	}
}
