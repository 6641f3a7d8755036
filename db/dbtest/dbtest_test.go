package dbtest_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestEachTestHasItsOwnEmptyDatabase(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 2 {
		t.Run("", func(t *testing.T) {
			dbtest.EachURL(t, func(t *testing.T, url string) {
				mu.Lock()
				if seen[url] {
					t.Errorf("%s was used twice", url)
				}
				seen[url] = true
				mu.Unlock()
				if postgres := strings.HasPrefix(url, "postgres://"); postgres != strings.HasSuffix(t.Name(), "/postgres") {
					t.Errorf("%s got %s", t.Name(), url)
				}
				store, err := db.Open(context.Background(), url, db.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer store.Close()
				if steps, err := store.Migrate(context.Background()); err != nil || steps == 0 {
					t.Errorf("migrating took %d steps, %v; want some", steps, err)
				}
			})
		})
	}
}

func TestEachStoreIsMigratedAndEmpty(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		if steps, err := store.Migrate(context.Background()); err != nil || steps != 0 {
			t.Errorf("migrating again took %d steps, %v; want none", steps, err)
		}
		if empty, err := store.Empty(context.Background()); err != nil || !empty {
			t.Errorf("empty: %v, %v; want true", empty, err)
		}
	})
}
