package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestOffsetPagesReturnEachRecordOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var records []*db.UsageRecord
		for i := range 23 {
			r := of(int64(1+i%2), fmt.Sprint("r", i), "x")
			if i%3 > 0 {
				r.ServiceID = new(fmt.Sprint(i % 5))
			}
			records = append(records, r)
		}
		putRecords(t, store, records...)
		for _, field := range []db.UsageRecordOrderField{"CREATED", "EVENT_TIME", "SERVICE_ID", "SOURCE_ID_LENGTH", "SELL"} {
			for _, direction := range []db.OrderDirection{db.Ascending, db.Descending} {
				t.Run(fmt.Sprint(field, " ", direction), func(t *testing.T) {
					q := db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: field, Direction: direction}}}
					whole := ids(readAt(t, store, q, 50, 0))
					for _, size := range []int{1, 4, 10} {
						// The second pass uses the cached ends of the pages.
						for range 2 {
							var walked []int64
							for len(walked) < len(whole) {
								page := ids(readAt(t, store, q, size, int64(len(walked))))
								if len(page) == 0 {
									break
								}
								walked = append(walked, page...)
							}
							if diff := cmp.Diff(whole, walked); diff != "" {
								t.Errorf("by %d: %s", size, diff)
							}
						}
					}
				})
			}
		}
	})
}

func TestWriteInvalidatesTheListCache(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		putRecords(t, store, of(1, "b", "x"), of(1, "c", "x"), of(1, "d", "x"))
		q := db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "SOURCE_ID", Direction: db.Ascending}}}
		total := func() (n int64) {
			snapshot(t, store, db.All(), func(ctx context.Context, r *db.Reader) {
				q.Page = db.Page{Limit: 1}
				n = must(only(r.UsageRecords(ctx, db.AllColumns, db.NoParent, q)).TotalCount(ctx))
			})
			return n
		}
		if page, n := readAt(t, store, q, 1, 1), total(); page[0].SourceID != "c" || n != 3 {
			t.Fatalf("the second of %d is %s", n, page[0].SourceID)
		}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			if err := tx.Revise(ctx); err != nil {
				return err
			}
			_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{of(1, "a", "x")}, nil, nil))
			return err
		})
		if page, n := readAt(t, store, q, 1, 2), total(); page[0].SourceID != "c" || n != 4 {
			t.Errorf("the third of %d is %s", n, page[0].SourceID)
		}
	})
}

func TestListCacheSeparatesScopes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		putRecords(t, store, of(1, "a", "x"), of(2, "b", "x"), of(1, "c", "x"), of(2, "d", "x"), of(2, "e", "x"))
		q := db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "SOURCE_ID", Direction: db.Ascending}}}
		for _, scope := range []struct {
			db.Scope
			second string
			total  int64
		}{{db.All(), "b", 5}, {db.Only(1), "c", 2}, {db.Only(2), "d", 3}, {db.Only(1, 2), "b", 5}, {db.All(), "b", 5}} {
			snapshot(t, store, scope.Scope, func(ctx context.Context, r *db.Reader) {
				q.Page = db.Page{Limit: 1}
				first := only(r.UsageRecords(ctx, db.AllColumns, db.NoParent, q))
				q.Page.Offset = 1
				second := only(r.UsageRecords(ctx, db.AllColumns, db.NoParent, q))
				if n := must(first.TotalCount(ctx)); n != scope.total || second.Nodes[0].SourceID != scope.second {
					t.Errorf("%v: the second of %d is %s", scope.Scope, n, second.Nodes[0].SourceID)
				}
			})
		}
	})
}

// readAt reads a page by offset in a snapshot, as the REST endpoints do.
func readAt(t *testing.T, store *db.Store, q db.UsageRecordQuery, limit int, offset int64) (page []*db.UsageRecord) {
	snapshot(t, store, db.All(), func(ctx context.Context, r *db.Reader) {
		q.Page = db.Page{Limit: limit, Offset: offset}
		page = only(r.UsageRecords(ctx, db.AllColumns, db.NoParent, q)).Nodes
	})
	return page
}

func snapshot(t *testing.T, store *db.Store, scope db.Scope, block func(context.Context, *db.Reader)) {
	t.Helper()
	err := store.For(scope).Snapshot(context.Background(), func(r *db.Reader) error {
		block(context.Background(), r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ids(records []*db.UsageRecord) []int64 {
	list := make([]int64, len(records))
	for i, r := range records {
		list[i] = r.ID
	}
	return list
}
