package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestARevisionIncludesAllThatWasCommittedBefore reads revisions while a writer commits: a shared statement must not
// return what an earlier call may have read.
func TestARevisionIncludesAllThatWasCommittedBefore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var readers sync.WaitGroup
		stop := make(chan struct{})
		for range 8 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						if _, err := store.Revision(context.Background()); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		for range 50 {
			var written int64
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				err := tx.Revise(ctx)
				written = tx.Revision()
				return err
			})
			if read, err := store.Revision(t.Context()); err != nil || read < written {
				t.Errorf("revision %d after %d was committed, %v", read, written, err)
			}
		}
		close(stop)
		readers.Wait()
	})
}

func TestARevisionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.Revision(ctx); err == nil {
			t.Error("a cancelled call returned a revision")
		}
		if _, err := store.Revision(t.Context()); errors.Is(err, context.Canceled) {
			t.Error("a later call failed, too")
		}
	})
}
