package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// connect opens a database with database/sql.
func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "postgres"
	}
	pool, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

func TestConcurrentMigrationsOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		var wait sync.WaitGroup
		var migrated, steps atomic.Int64
		start := make(chan struct{})
		for range 8 {
			wait.Go(func() {
				<-start
				store, err := db.Open(ctx, url, db.Options{Connections: 2})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				defer store.Close()
				n, err := store.Migrate(ctx)
				if err != nil {
					t.Errorf("migrate: %v", err)
				}
				if n > 0 {
					migrated.Add(1)
					steps.Add(int64(n))
				}
				if empty, err := store.Empty(ctx); err != nil || !empty {
					t.Errorf("after migrating, empty: %v, %v", empty, err)
				}
			})
		}
		close(start)
		wait.Wait()
		var version int64
		if err := connect(t, url).QueryRow("SELECT COUNT(*) FROM schema_version").Scan(&version); err != nil {
			t.Fatal(err)
		}
		if migrated.Load() != 1 || steps.Load() == 0 || steps.Load() != version {
			t.Errorf("%d of eight migrated, by %d steps, to version %d", migrated.Load(), steps.Load(), version)
		}
	})
}

func TestMigrateRejectsANewerSchema(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		pool := connect(t, url)
		if _, err := pool.Exec("INSERT INTO schema_version SELECT MAX(version) + 1 FROM schema_version"); err != nil {
			t.Fatal(err)
		}
		steps, err := store.Migrate(context.Background())
		var refused *db.Error
		if steps != 0 || !errors.As(err, &refused) || refused.Code != db.Conflict {
			t.Errorf("%d steps, %v; want a conflict", steps, err)
		}
	})
}

func TestOpenRejects(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"nothing":                       "",
		"a database in memory":          ":memory:",
		"a database in memory by a URL": "file::memory:?cache=shared",
		"a folder that does not exist":  t.TempDir() + "/no/such/folder/test.db",
		"a folder":                      t.TempDir(),
		"a server that does not exist":  "postgres://127.0.0.1:1/none",
		"an invalid URL":                "postgres://user:secret@host:port/%zz",
		"an unknown setting":            "postgres://127.0.0.1:1/none?sslmode=maybe",
		"an unknown scheme":             "mysql://127.0.0.1/none",
		"pairs without a server":        "host=127.0.0.1 port=1 dbname=none password=secret",
		"pairs in quotes":               `'host=127.0.0.1 port=1 dbname=none'`,
		"several hosts in quotes":       `"postgres://ann:secret@127.0.0.1:1,127.0.0.1:2/none"`,
	} {
		t.Run(name, func(t *testing.T) {
			store, err := db.Open(context.Background(), url, db.Options{})
			if err == nil {
				store.Close()
				t.Fatal("it opened")
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%v shows the password", err)
			}
			if (strings.Contains(url, "host=") || strings.Contains(url, "postgres")) && strings.Contains(err.Error(), "SQLite") {
				t.Errorf("%v: it was taken for a file", err)
			}
		})
	}
}

func TestOpenAcceptsSpecialCharactersInFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "50%.db", "%20.db", "what?.db", "a#b.db", "a&b=c.db", "ünï.db", "-", "'quoted'.db"} {
		path := filepath.Join(t.TempDir(), name)
		dbtest.Open(t, path)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestSeveralHostsAreTriedInTurn names a port on which nothing listens, and the server.
func TestSeveralHostsAreTriedInTurn(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(dbtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	for _, text := range []string{
		fmt.Sprintf("host=127.0.0.1,%s port=1,%s user=%s password='%s' dbname=%s sslmode=disable", u.Hostname(), u.Port(), u.User.Username(), password, u.Path[1:]),
		strings.Replace(u.String(), "@", "@127.0.0.1:1,", 1),
	} {
		store := dbtest.Open(t, text)
		if err := store.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
