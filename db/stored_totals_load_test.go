package db_test

import (
	"errors"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestBulkLoadWritesTheStoredTotals bulk-loads records with and without an error, and while another store writes.
func TestBulkLoadWritesTheStoredTotals(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for name, tt := range map[string]struct {
		others bool
		fails  error
	}{
		"undisturbed":             {},
		"failed":                  {fails: failed},
		"beside another transfer": {others: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachURL(t, func(t *testing.T, url string) {
				store := dbtest.Open(t, url)
				other := must(db.Open(t.Context(), url, db.Options{Clock: dbtest.Clock, Node: 2}))
				defer other.Close()
				err := store.BulkLoad(t.Context(), func(bulk *db.Store) error {
					putRecords(t, bulk, of(1, "a", "x"), of(2, "b", "x"))
					if tt.others {
						putRecords(t, other, of(1, "c", "x"))
					}
					putRecords(t, bulk, of(1, "d", "x"))
					if pending, _, err := other.PendingTotals(t.Context()); !pending || err != nil {
						t.Errorf("during the bulk load: pending %v, %v", pending, err)
					}
					return tt.fails
				})
				if !errors.Is(err, tt.fails) {
					t.Fatal(err)
				}
				if pending, _, err := store.PendingTotals(t.Context()); pending != tt.others || err != nil {
					t.Errorf("after the bulk load: pending %v, %v", pending, err)
				}
				buildTotals(t, store)
				verifyTotals(t, store, "after the bulk load")
				putRecords(t, store, of(1, "a", "y"), of(1, "e", "y"))
				verifyTotals(t, store, "after a later import")
			})
		})
	}
}

// TestFailedTransactionLeavesTheStoredTotals rolls a transaction back after it inserted records.
func TestFailedTransactionLeavesTheStoredTotals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		putRecords(t, store, of(1, "a", "x"))
		failed := errors.New("failed")
		err := store.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Upsert(t.Context(), db.PrepareRecords([]*db.UsageRecord{of(1, "a", "y"), of(1, "b", "x")}, nil, nil)); err != nil {
				t.Error(err)
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		verifyTotals(t, store, "after a failed transaction")
	})
}
