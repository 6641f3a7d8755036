package db_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// BenchmarkUsageRecords reads pages of 1,000 records with all columns, and encodes the cursors of a page.
func BenchmarkUsageRecords(b *testing.B) {
	dbtest.EachBench(b, func(b *testing.B, url string) {
		store := dbtest.Open(b, url)
		w := &world{random: rand.New(rand.NewPCG(1, 2))}
		for range db.MaxPage {
			w.addRecord(1, nil)
		}
		write(b, store, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Upsert(ctx, db.PrepareRecords(w.records, nil, nil))
			return err
		})
		read := func(p db.Page) *db.UsageRecordConnection {
			pages, err := store.For(db.All()).UsageRecords(b.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: p})
			if err != nil {
				b.Fatal(err)
			}
			return pages[0]
		}
		all := read(db.Page{Limit: db.MaxPage}).Edges()
		if len(all) != db.MaxPage {
			b.Fatalf("%d records", len(all))
		}
		after := all[db.MaxPage/2].Cursor()
		b.Run("all", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(db.Page{Limit: db.MaxPage})
			}
		})
		b.Run("one after a cursor", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(db.Page{Limit: 1, After: after})
			}
		})
		b.Run("their cursors", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, e := range all {
					e.Cursor()
				}
			}
		})
	})
}
