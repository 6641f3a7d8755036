package ingest_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/sources/elevate"
)

// BenchmarkImport measures the import of 20,000 elevate records into a new SQLite file, from JSON to committed rows.
func BenchmarkImport(b *testing.B) {
	text := readAll(b, elevate.Demo(demo.Set{Customers: 1000, Records: 20_000}).Reader())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		b.StopTimer()
		im := importer(b, dbtest.Open(b, filepath.Join(b.TempDir(), "bench.db")))
		b.StartTimer()
		if _, err := im.Import(context.Background(), db.Elevate, "bench.json", strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
