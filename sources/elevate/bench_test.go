package elevate_test

import (
	"log/slog"
	"net/http"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
)

// BenchmarkDecode decodes the page's sample record.
func BenchmarkDecode(b *testing.B) {
	record, source := sample(b, "{}"), source(b)
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Decode(record); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPage requests a page of 1,000 records.
func BenchmarkPage(b *testing.B) {
	dbtest.EachBench(b, func(b *testing.B, url string) {
		store := dbtest.Open(b, url)
		importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(b)}}
		if _, err := importer.Import(b.Context(), db.Elevate, "bench", elevate.Demo(demo.Set{Customers: 5, Records: 1200}).Reader()); err != nil {
			b.Fatal(err)
		}
		h := elevate.Handler(store, elevate.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		b.ReportAllocs()
		for b.Loop() {
			w := request(h, http.MethodGet, "page=1&pageSize=1000")
			if w.Code != http.StatusOK {
				b.Fatal(w.Code, w.Body)
			}
			b.SetBytes(int64(w.Body.Len()))
		}
	})
}
