package app

import (
	"context"
	"fmt"
	"maps"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
)

// finishChanges recomputes the stored records that depend on a setting that is being changed.
func (d *dataSet) finishChanges(ctx context.Context, std streams) error {
	stored, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	for _, s := range stored {
		if s.Pending != nil {
			if err := d.finishChange(ctx, s, std); err != nil {
				return fmt.Errorf("change %s: %w", s.SettingKey, err)
			}
		}
	}
	return nil
}

// finishChange recomputes the stored records that depend on a setting, with progress on the error stream.
func (d *dataSet) finishChange(ctx context.Context, s db.Setting, std streams) error {
	change, err := d.recomputation(s)
	if err != nil {
		return err
	}
	rows, err := d.dependent(ctx, change.Source)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "changing %s from %q to %q: recomputing up to %d records. This can be interrupted and goes on where it was.\n", s.SettingKey, s.Value, *s.Pending, rows)
	importer, err := d.importer(d.Store)
	if err != nil {
		return err
	}
	progress := ingest.NewRecordProgress(std.err, rows)
	defer progress.Close()
	start := time.Now()
	done, err := importer.Recompute(ctx, change, progress.ShowCount)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "%s is %q now: %d records recomputed in %s, %d of them have changed\n", s.SettingKey, *s.Pending, done.Records, time.Since(start).Round(10*time.Millisecond), done.Changed)
	if done.Ambiguous > 0 {
		fmt.Fprintf(std.err, "The local times of %d records occur twice in the new time zone, or never, where clocks are changed: they are read as an import reads them.\n", done.Ambiguous)
	}
	return d.reload(ctx)
}

// dependent returns how many stored records depend on a setting of a source, or on the attribution window.
func (d *dataSet) dependent(ctx context.Context, source db.Source) (int64, error) {
	if source == "" {
		return d.CountUnowned(ctx)
	}
	return d.CountRecords(ctx, source)
}

// recomputation returns how the stored records are recomputed for the pending value of a setting.
func (d *dataSet) recomputation(s db.Setting) (ingest.Recomputation, error) {
	setting, err := dataSettingNamed(s.Name)
	if err != nil {
		return ingest.Recomputation{}, err
	}
	change := ingest.Recomputation{Setting: s.SettingKey, Source: setting.source}
	after := maps.Clone(*d.values.Load())
	after[s.SettingKey] = *s.Pending
	switch s.Name {
	case attributionWindow:
		return change, nil
	case dxpTimeZone:
		change.Again, err = rereadReports(s.Scope, s.Scope, s.Value, *s.Pending)
	case dxpBusinessID:
		zone := after[db.SettingKey{Name: dxpTimeZone, Scope: s.Value}]
		change.Again, err = rereadReports(s.Value, *s.Pending, zone, zone)
		change.End = func(ctx context.Context, tx *db.Tx) error { return tx.DropSettings(ctx, s.Value) }
	default:
		var sources []ingest.Source
		sources, err = after.sources(after[db.SettingKey{Name: dxpBusinessID}])
		for _, source := range sources {
			if source.Name == setting.source {
				change.Again = source.Again
			}
		}
	}
	return change, err
}

// rereadReports returns how the stored reports of a market are read again: for another market, or in another time zone.
func rereadReports(market, newMarket, zone, newZone string) (ingest.Again, error) {
	before, err := location(zone)
	if err != nil {
		return ingest.Again{}, err
	}
	after, err := location(newZone)
	if err != nil {
		return ingest.Again{}, err
	}
	return dxp.Reread(dxp.Settings{Location: before, BusinessID: market}, dxp.Settings{Location: after, BusinessID: newMarket}), nil
}
