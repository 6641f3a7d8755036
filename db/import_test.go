package db_test

import (
	"strings"
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
			row := &db.Import{Source: db.BRM, File: run.file}
			if err := store.StartImport(t.Context(), row); err != nil {
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

func TestKeyBelongsToTheFirstImportThatIsDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		key, ids := "k", []int64{}
		for _, state := range []db.ImportState{db.ImportFailed, db.ImportDone, db.ImportDone} {
			row := &db.Import{Source: db.BRM, ClientID: "c", IdempotencyKey: &key}
			if err := store.StartImport(t.Context(), row); err != nil {
				t.Fatal(err)
			}
			row.State = state
			if err := store.EndImport(t.Context(), row); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.ID)
		}
		found, err := store.ImportByKey(t.Context(), "c", key)
		if err != nil || found == nil || found.ID != ids[1] {
			t.Errorf("%+v %v", found, err)
		}
		for _, other := range [][2]string{{"c", "other"}, {"", key}} {
			if found, err := store.ImportByKey(t.Context(), other[0], other[1]); found != nil || err != nil {
				t.Errorf("%v: %+v %v", other, found, err)
			}
		}
	})
}

func TestTextOfARejectIsBoundedAndStorable(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", db.MaxRejectText/2+1)
	for text, want := range map[string]db.ImportReject{
		"":                {Complete: true},
		`{"a":"é"}`:       {Text: `{"a":"é"}`, Complete: true},
		"a\x00b\xffc":     {Text: "a\uFFFDb\uFFFDc"},
		long:              {Text: long[:db.MaxRejectText]},
		"x" + long:        {Text: "x" + long[:db.MaxRejectText-2]},
		"\xff" + long[:2]: {Text: "\uFFFDé"},
	} {
		var r db.ImportReject
		if r.SetText([]byte(text)); r != want {
			t.Errorf("%.20q: %d bytes, complete %v", text, len(r.Text), r.Complete)
		}
	}
}
