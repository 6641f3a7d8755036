package db_test

import (
	"sync"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestRepeatedQueriesReturnTheSameRecord(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		one := &fill(t, dbtest.Open(t, url)).records[0].SourceID
		for _, unprepared := range []bool{false, true} {
			store, err := db.Open(t.Context(), url, db.Options{Connections: 2, Unprepared: unprepared})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					// Run more statements than the cache holds, each often enough to be prepared and reused.
					for i := range 330 {
						pages, err := store.For(db.All()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, recordsLike(one, 1+i/3))
						if err != nil {
							t.Error(err)
							return
						}
						if nodes := pages[0].Nodes; len(nodes) == 0 || nodes[0].SourceID != *one {
							t.Errorf("%d records, not that of %s", len(nodes), *one)
						}
					}
				})
			}
			all.Wait()
		}
	})
}

// recordsLike returns a query for at most limit usage records with a source id.
func recordsLike(sourceID *string, limit int) db.UsageRecordQuery {
	return db.UsageRecordQuery{Filter: &db.UsageRecordFilter{SourceID: &db.StringFilter{Eq: sourceID}}, Page: db.Page{Limit: limit}}
}
