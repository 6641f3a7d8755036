package db_test

import (
	"sync"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestAQueryAnswersTheSameHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		records := len(fill(t, dbtest.Open(t, url)).records)
		for _, unprepared := range []bool{false, true} {
			store, err := db.Open(t.Context(), url, db.Options{Connections: 2, Unprepared: unprepared})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					// More statements than are kept, each as often as it takes to be prepared and then run.
					for i := range 330 {
						limit := 1 + i/3
						q := db.UsageRecordQuery{Page: db.Page{Limit: limit}}
						pages, err := store.For(db.All()).UsageRecords(t.Context(), db.Everyone, q)
						if err != nil {
							t.Error(err)
							return
						}
						if n := len(pages[0].Nodes); n != min(limit, records) {
							t.Errorf("%d records of %d on a page of %d", n, records, limit)
						}
					}
				})
			}
			all.Wait()
		}
	})
}
