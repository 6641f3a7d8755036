package ingest_test

import (
	"errors"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestImportFailsDuringASettingChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		ctx, key := t.Context(), db.SettingKey{Name: "elevate-currency"}
		stored, _, err := store.AgreeSettings(ctx, func([]db.Setting) ([]db.Setting, error) {
			return []db.Setting{{SettingKey: key, Value: "GBP"}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		store.UseSettings(stored, 45*24*time.Hour)
		importing(t, store, db.Elevate, sample(t, db.Elevate))
		if err := store.BeginSettingChange(ctx, key, "USD"); err != nil {
			t.Fatal(err)
		}
		_, err = importer(t, store).Import(ctx, db.Elevate, "test.json", sample(t, db.Elevate))
		var conflict *db.Error
		if !errors.As(err, &conflict) || conflict.Code != db.Conflict {
			t.Errorf("while the setting is being changed: %v", err)
		}
	})
}
