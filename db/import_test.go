package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestImportsDoneReportsCompletedImports(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, run := range []struct {
			file  string
			state db.ImportState
		}{
			{"é/a", db.ImportStopped}, {"é/a", db.ImportDone}, {"é/a", db.ImportFailed}, {"é/b", db.ImportStopped}, {"é/c", db.ImportRunning},
			{"a", db.ImportDone}, {"é", db.ImportDone}, {"éx/a", db.ImportDone},
		} {
			row, err := store.StartImport(t.Context(), db.BRM, run.file)
			if err != nil {
				t.Fatal(err)
			}
			if row.State = run.state; run.state != db.ImportRunning {
				if err := store.EndImport(t.Context(), row); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := store.ImportsDone(t.Context(), "é/")
		if diff := cmp.Diff(map[string]bool{"é/a": true, "é/b": false, "é/c": false}, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
	})
}
