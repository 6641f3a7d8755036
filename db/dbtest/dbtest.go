// Package dbtest creates databases for tests: each test runs on SQLite and on PostgreSQL, in a new database.
package dbtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver for creating databases

	"usagegraph/db"
)

// Server is the environment variable with the URL of a running PostgreSQL server, whose user may create databases.
const Server = "USAGEGRAPH_TEST_POSTGRES"

// Clock always returns the same time, so that a store's ids are the same in each run.
func Clock() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Each runs a test twice, as the parallel subtests sqlite and postgres, each with a new store, migrated and empty.
func Each(t *testing.T, test func(t *testing.T, store *db.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { test(t, Open(t, url)) })
}

// EachURL runs a test twice, as the parallel subtests sqlite and postgres, each with the URL of a new database without
// tables.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "test.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// Another returns the URL of another new database of the same kind, without tables.
func Another(t testing.TB, url string) string {
	t.Helper()
	if strings.HasPrefix(url, "postgres") {
		return Postgres(t)
	}
	return filepath.Join(t.TempDir(), "another.db")
}

// EachBench runs a benchmark twice, like EachURL.
func EachBench(b *testing.B, bench func(b *testing.B, url string)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, filepath.Join(b.TempDir(), "bench.db")) })
	b.Run("postgres", func(b *testing.B) { bench(b, Postgres(b)) })
}

// Open opens a database with Clock, as node 1, and migrates it. It closes the store when the test ends.
func Open(t testing.TB, url string) *db.Store {
	t.Helper()
	ctx := context.Background()
	store, err := db.Open(ctx, url, db.Options{Clock: Clock, Node: 1, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return store
}

// Postgres creates a database on the server and returns its URL. If there is no server, the test is skipped, or fails in
// CI (CI=true). The database is dropped when the test ends, even if
// connections to it are open.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Server)
	if server == "" {
		const missing = "no PostgreSQL server for tests: run `make test`, which starts one, or set " + Server
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s cannot be read as a URL", Server)
	}
	name := "test_" + strings.ToLower(rand.Text())
	run(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { run(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

// run runs a statement that must not be in a transaction, on a connection of its own.
func run(t testing.TB, url, statement string) {
	t.Helper()
	server, err := sqlx.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if _, err := server.Exec(statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}
