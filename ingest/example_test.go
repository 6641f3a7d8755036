package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
)

// ExampleImporter_Import imports a document with a record that cannot be read.
func ExampleImporter_Import() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "usagegraph")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	store, err := db.Open(ctx, filepath.Join(folder, "example.db"), db.Options{})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	if _, err := store.Migrate(ctx); err != nil {
		panic(err)
	}
	source, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		panic(err)
	}
	importer := ingest.Importer{
		Store: store, Sources: []ingest.Source{source},
		Reject: func(r ingest.Reject) { fmt.Println("rejected:", r) },
	}
	report, err := importer.Import(ctx, db.Elevate, "calls.json", strings.NewReader(`[
		{"id": 1, "customerId": 17, "eventDate": "2025-01-31T22:15:00Z", "serviceId": "+44 20 7946 0124"},
		{"id": 2, "customerId": 17, "eventDate": "yesterday"}]`))
	if err != nil {
		panic(err)
	}
	fmt.Println(report.New, "new,", report.Rejected, "rejected")
	// Output:
	// rejected: calls.json, record 2 (byte 105): eventDate: want a date and time with its offset, such as 2025-01-31T22:15:00Z
	// 1 new, 1 rejected
}
