package backup_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/backup"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

func quiet(string, int64, int64) {}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// importer returns an importer for all systems.
func importer(t *testing.T, store *db.Store) *ingest.Importer {
	t.Helper()
	return &ingest.Importer{Store: store, Sources: []ingest.Source{
		must(stn.Source(stn.Settings{Currency: "EUR", Region: "NL"})), must(brm.Source(brm.Settings{})),
		must(elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})), must(dxp.Source(dxp.Settings{BusinessID: "PR", Location: time.UTC})),
	}}
}

// importRecords imports a small set of all systems, and adds a client.
func importRecords(t *testing.T, store *db.Store) {
	t.Helper()
	i := importer(t, store)
	set := demo.Set{Customers: 3, Records: 60}
	for _, document := range sources.Demo(set) {
		if _, err := i.Import(t.Context(), document.Source, "demo", document.Reader()); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.AddClient(t.Context(), &db.Client{ID: "c", Name: "shop \\ \t", SecretHash: "h", SeesEveryone: true}); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, store *db.Store) *backup.File {
	t.Helper()
	file, err := backup.Write(t.Context(), store, filepath.Join(t.TempDir(), "test.backup"), "test", quiet)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// openBare opens a database without creating its tables.
func openBare(t *testing.T, url string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), url, db.Options{Clock: dbtest.Clock, Node: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestRestoreIntoEitherDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, from *db.Store) {
		importRecords(t, from)
		file := write(t, from)
		if file.Rows < 300 || file.Sums["api_clients"].Rows != 1 || file.Sums["rated_usages"].Rows == 0 || file.Sums["charge_days"].Rows == 0 || file.SchemaVersion != db.LatestVersion() {
			t.Fatalf("backed up %+v", file)
		}
		for name, prepare := range map[string]func(*testing.T, string) *db.Store{
			"without tables": openBare,
			"with tables":    func(t *testing.T, url string) *db.Store { return dbtest.Open(t, url) },
		} {
			t.Run(name, func(t *testing.T) {
				dbtest.EachURL(t, func(t *testing.T, url string) {
					to := prepare(t, url)
					if err := file.Restore(t.Context(), to, quiet); err != nil {
						t.Fatal(err)
					}
					if markOf(t, to) == markOf(t, from) {
						t.Error("the restored records have the mark of the original")
					}
					if diff := cmp.Diff(file.Sums, write(t, to).Sums); diff != "" {
						t.Error(diff)
					}
					if err := to.Ready(t.Context()); err != nil {
						t.Error(err)
					}
					if _, err := to.VerifyTotals(t.Context(), func(line string) { t.Error(line) }, func(int64, int64) {}); err != nil {
						t.Error(err)
					}
					compareIndexes(t, url)
					importAgain(t, url)
				})
			})
		}
	})
}

// markOf returns the mark of a database's records.
func markOf(t *testing.T, store *db.Store) (mark string) {
	t.Helper()
	err := store.For(db.All()).Snapshot(t.Context(), func(r *db.Reader) error {
		mark = r.Mark()
		return nil
	})
	if err != nil || mark == "" {
		t.Fatalf("no mark: %v", err)
	}
	return mark
}

// importAgain imports the same document again, which must change nothing.
func importAgain(t *testing.T, url string) {
	t.Helper()
	store := must(db.Open(t.Context(), url, db.Options{Clock: dbtest.Clock, Node: 2})) // another node generates other ids
	defer store.Close()
	report, err := importer(t, store).Import(t.Context(), db.Elevate, "demo", elevate.Demo(demo.Set{Customers: 3, Records: 60}).Reader())
	if err != nil || report.Read == 0 || report.Unchanged != report.Read {
		t.Errorf("imported again: %s, %v", report, err)
	}
}

// compareIndexes compares the indexes of a restored database with those of a new one.
func compareIndexes(t *testing.T, url string) {
	t.Helper()
	other := dbtest.Another(t, url)
	dbtest.Open(t, other)
	if diff := cmp.Diff(indexes(t, other), indexes(t, url)); diff != "" {
		t.Error(diff)
	}
}

func indexes(t *testing.T, url string) (names []string) {
	t.Helper()
	driver, query := "sqlite", "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
	if strings.HasPrefix(url, "postgres") {
		driver, query = "postgres", "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
	}
	pool := must(sql.Open(driver, url))
	defer pool.Close()
	rows := must(pool.Query(query))
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func TestRestoreAnOlderVersion(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.FillVersion3(t, url)
		file := write(t, openBare(t, url))
		if file.SchemaVersion != 3 {
			t.Fatalf("of version %d", file.SchemaVersion)
		}
		dbtest.EachURL(t, func(t *testing.T, url string) {
			store := openBare(t, url)
			if err := file.Restore(t.Context(), store, quiet); err != nil {
				t.Fatal(err)
			}
			if pending, records, err := store.PendingRecords(t.Context()); !pending || records != 34 || err != nil {
				t.Errorf("%v, %d records are to be attributed, %v", pending, records, err)
			}
			if pending, _, err := store.PendingTotals(t.Context()); !pending || err != nil {
				t.Errorf("the totals are to be built: %v, %v", pending, err)
			}
			if steps, err := store.Migrate(t.Context()); steps != 0 || err != nil {
				t.Errorf("%d migrations are left, %v", steps, err)
			}
			compareIndexes(t, url)
			later := openBare(t, dbtest.Another(t, url))
			must(later.Migrate(t.Context()))
			want := fmt.Sprintf("the tables of the database are of version %d, the backup of version 3: restore into a database without tables", db.LatestVersion())
			if err := file.Restore(t.Context(), later, quiet); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("into later tables: %v", err)
			}
		})
	})
}

func TestRestoreIntoANonemptyDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importRecords(t, store)
		file := write(t, store)
		err := file.Restore(t.Context(), store, quiet)
		if err == nil || strings.Contains(err.Error(), "identity_state") {
			t.Fatal(err)
		}
		for _, want := range []string{"the database is not empty, it has ", "1 rows in api_clients, ", fmt.Sprintf("%d rows in bucket_balances, ", file.Sums["bucket_balances"].Rows)} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v; want %s", err, want)
			}
		}
		if diff := cmp.Diff(file.Sums, write(t, store).Sums); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		folder := t.TempDir()
		path := filepath.Join(folder, "test.backup")
		if _, err := backup.Write(t.Context(), openBare(t, url), path, "test", quiet); err == nil || !strings.Contains(err.Error(), "the database has no tables of usagegraph") {
			t.Errorf("without tables: %v", err)
		}
		store := dbtest.Open(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := backup.Write(ctx, store, path, "test", quiet); err == nil {
			t.Error("a cancelled context did not stop the backup")
		}
		if left := must(os.ReadDir(folder)); len(left) != 0 {
			t.Errorf("%s remains", left[0].Name())
		}
		must(backup.Write(t.Context(), store, path, "test", quiet))
		if info := must(os.Stat(path)); info.Mode() != 0o600 {
			t.Errorf("its mode is %s", info.Mode())
		}
		if _, err := backup.Write(t.Context(), store, path, "test", quiet); err == nil || !strings.Contains(err.Error(), "test.backup exists already: name another file") {
			t.Errorf("onto another: %v", err)
		}
		if err := os.Rename(path, path+".partial"); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Write(t.Context(), store, path, "test", quiet); err == nil || !strings.Contains(err.Error(), "test.backup.partial exists already") {
			t.Errorf("next to a partial one: %v", err)
		}
	})
}
