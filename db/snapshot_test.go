package db_test

import (
	"context"
	"errors"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestSnapshotIsConsistent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		putRecords(t, store, of(1, "a", "x"), of(2, "b", "x"))
		ctx := context.Background()
		count := func(r *db.Reader) int {
			return len(only(r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: 50}})).Nodes)
		}
		err := store.For(db.Only(1)).Snapshot(ctx, func(r *db.Reader) error {
			before := r.Revision()
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				if err := tx.Revise(ctx); err != nil {
					return err
				}
				_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{of(1, "c", "x")}, nil, nil))
				return err
			})
			if n := count(r); n != 1 {
				t.Errorf("%d records, want the one that was there before", n)
			}
			return store.For(db.All()).Snapshot(ctx, func(later *db.Reader) error {
				if later.Revision() == before {
					t.Errorf("the revision is still %d", before)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(store.For(db.Only(1))); n != 2 {
			t.Errorf("%d records after the snapshot, want 2", n)
		}
		failure := errors.New("no")
		if err := store.For(db.All()).Snapshot(ctx, func(*db.Reader) error { return failure }); err != failure {
			t.Errorf("a block that failed: %v", err)
		}
	})
}
