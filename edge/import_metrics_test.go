package edge_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/edge"
)

func TestImportMetrics(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, state := range []db.ImportState{db.ImportDone, db.ImportFailed, db.ImportRunning} {
			i := &db.Import{Source: db.Elevate, Rejected: 2}
			if err := store.StartImport(t.Context(), i); err != nil {
				t.Fatal(err)
			}
			if i.State = state; state == db.ImportRunning {
				continue
			}
			if err := store.EndImport(t.Context(), i); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.StartImport(t.Context(), &db.Import{Source: db.BRM}); err != nil {
			t.Fatal(err)
		}
		got := do(t, edge.NewMetrics(store).Handler(), httptest.NewRequest("GET", "/metrics", nil)).body
		for _, want := range []string{
			`usagegraph_import_last_success_timestamp_seconds{source="elevate"} 1.`, `usagegraph_import_age_seconds{source="elevate"} `,
			`usagegraph_import_rejects_total{source="elevate"} 6`, `usagegraph_import_failures_total{source="elevate"} 1`, `usagegraph_import_failures_total{source="brm"} 0`,
		} {
			if !strings.Contains(got, "\n"+want) {
				t.Errorf("%q is missing", want)
			}
		}
		if strings.Contains(got, `usagegraph_import_age_seconds{source="brm"}`) {
			t.Error("an age without a complete import")
		}
	})
}
