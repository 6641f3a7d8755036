package dbtest

import (
	"context"
	_ "embed"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"usagegraph/db"
)

//go:embed testdata/version3.sql
var version3 string

// FillVersion3 creates the tables of version 3 in a database, with the records of the documents in
// ingest/testdata/version3 from all four systems, and two links (see testdata/version3.sql).
func FillVersion3(t testing.TB, url string) {
	t.Helper()
	ctx := context.Background()
	store, err := db.Open(ctx, url, db.Options{Clock: Clock, Node: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.MigrateTo(ctx, 3); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "postgres"
	}
	pool, err := sqlx.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(version3); err != nil {
		t.Fatal(err)
	}
}
