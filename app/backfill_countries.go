package app

import (
	"context"
	"fmt"

	"usagegraph/db"
	"usagegraph/ingest"
)

// backfillCountries stores the destination countries of the usage records of an older version.
func (d *dataSet) backfillCountries(ctx context.Context, std streams) error {
	pending, total, err := d.PendingCountries(ctx)
	if err != nil || !pending {
		return err
	}
	systems, err := decoders(*d.values.Load())
	if err != nil {
		return err
	}
	var names []db.Source
	redecode := map[db.Source]func(*db.UsageRecord) *ingest.Record{}
	for _, s := range systems {
		if s.Redecode.Usage != nil {
			names = append(names, s.Name)
			redecode[s.Name] = s.Redecode.Usage
		}
	}
	country := func(u *db.UsageRecord) *string { return redecode[u.Source](u).Usage.DestinationCountry }
	fmt.Fprintln(std.err, "The database is of an older version: finding the countries of its destinations. If interrupted, the next command continues.")
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("found the countries of %d destinations; the next command continues: %w", done, err)
		}
		var n int
		if n, more, err = d.SetCountries(context.WithoutCancel(ctx), names, country, backfillBatch); err != nil {
			return err
		}
		done += int64(n)
		progress.ShowCount(done)
	}
	return nil
}
