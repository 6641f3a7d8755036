package app

import (
	"context"
	"fmt"
	"maps"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources"
)

// finishChanges recomputes the stored records of all settings with a pending change.
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
	fmt.Fprintf(std.err, "changing %s from %q to %q: recomputing up to %d records. If interrupted, the next command continues.\n", s.SettingKey, s.Value, *s.Pending, rows)
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
	fmt.Fprintf(std.err, "%s is now %q: %d records recomputed in %s, %d of them changed\n", s.SettingKey, *s.Pending, done.Records, time.Since(start).Round(10*time.Millisecond), done.Changed)
	if done.Ambiguous > 0 {
		fmt.Fprintf(std.err, "The local times of %d records are ambiguous or missing in the new time zone, at a change of clocks: they were converted as in an import.\n", done.Ambiguous)
	}
	return d.reload(ctx)
}

// dependent returns the number of stored records that depend on the settings of a source, or on the attribution window
// if the source is empty.
func (d *dataSet) dependent(ctx context.Context, source db.Source) (int64, error) {
	if source == "" {
		return d.CountUnowned(ctx)
	}
	return d.CountRecords(ctx, source)
}

// recomputation returns the recomputation of stored records for the pending value of a setting.
func (d *dataSet) recomputation(s db.Setting) (ingest.Recomputation, error) {
	setting, err := dataSettingNamed(s.Name)
	if err != nil {
		return ingest.Recomputation{}, err
	}
	change := ingest.Recomputation{Setting: s.SettingKey, Source: setting.source}
	if setting.hasMarkets() {
		change.End = func(ctx context.Context, tx *db.Tx) error { return tx.DropSettings(ctx, s.Value) }
	}
	before, after := maps.Clone(*d.values.Load()), maps.Clone(*d.values.Load())
	before[s.SettingKey], after[s.SettingKey] = s.Value, *s.Pending
	for _, system := range sources.Systems() {
		if system.Name != setting.source {
			continue
		}
		if system.Reread != nil {
			change.Again, err = system.Reread(s.SettingKey, before, after)
			return change, err
		}
		source, err := system.Source(after)
		change.Again = source.Again
		return change, err
	}
	return change, nil
}
