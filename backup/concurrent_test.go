package backup_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/backup"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
)

// TestBackupDuringAnImportIsConsistent imports the same document into two databases, which creates the same rows. It
// backs up the first database after each batch. A backup of the second one during the import must equal one of these.
func TestBackupDuringAnImportIsConsistent(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		states := map[backup.Sum]map[string]backup.Sum{}
		state := func(f *backup.File) (revision backup.Sum, sums map[string]backup.Sum) {
			delete(f.Sums, "imports") // written in separate transactions
			return f.Sums["revision"], f.Sums
		}
		first := dbtest.Open(t, url)
		note := func(ingest.Report) {
			revision, sums := state(write(t, first))
			states[revision] = sums
		}
		note(ingest.Report{})
		importBatches(t, first, note)
		if len(states) < 5 {
			t.Fatalf("%d batches", len(states))
		}

		second, folder := dbtest.Open(t, dbtest.Another(t, url)), t.TempDir()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			importBatches(t, second, nil)
		}()
		seen, n := map[backup.Sum]bool{}, 0
		for running := true; running; {
			select {
			case <-ended:
				running = false
			default:
			}
			n++
			path := filepath.Join(folder, strconv.Itoa(n))
			file, err := backup.Write(t.Context(), second, path, "test", quiet)
			if err != nil {
				t.Fatal(err)
			}
			revision, sums := state(file)
			seen[revision] = true
			if diff := cmp.Diff(states[revision], sums); diff != "" {
				t.Error(diff)
			}
		}
		t.Logf("%d of %d states were backed up", len(seen), len(states))
	})
}

func importBatches(t *testing.T, store *db.Store, batch func(ingest.Report)) {
	i := importer(t, store)
	i.BatchRecords, i.Progress = 20, batch
	if _, err := i.Import(t.Context(), db.BRM, "demo", brm.Demo(demo.Set{Customers: 3, Records: 800}).Reader()); err != nil {
		t.Error(err)
	}
}
