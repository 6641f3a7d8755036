package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/ingest"
)

// openAttributed opens the data set, finishes its pending work and builds the stored totals, with progress on the error
// stream.
func (s *settings) openAttributed(ctx context.Context, tracer trace.TracerProvider, std streams) (*dataSet, error) {
	d, err := s.openData(ctx, tracer, std)
	if err != nil {
		return nil, err
	}
	err = d.finishPending(ctx, std)
	if err == nil {
		err = buildTotals(ctx, d.Store, std)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// finishPending attributes the records that an older version stored, backfills their global IDs and destination
// countries, and recomputes the records of settings with a pending change.
func (d *dataSet) finishPending(ctx context.Context, std streams) error {
	if err := d.attributeStored(ctx, std); err != nil {
		return err
	}
	if err := d.backfillIDs(ctx, std); err != nil {
		return err
	}
	if err := d.backfillCountries(ctx, std); err != nil {
		return err
	}
	return d.finishChanges(ctx, std)
}

// attributeStored attributes records that an older version stored, if there are any.
func (d *dataSet) attributeStored(ctx context.Context, std streams) error {
	pending, total, err := d.PendingRecords(ctx)
	if err != nil || !pending {
		return err
	}
	importer, err := d.importer(d.Store)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "The database is of an older version: attributing its %d records again (docs/identity.md). If interrupted, the next command continues.\n", total)
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	start := time.Now()
	done, err := importer.AttributeStored(ctx, func(done, _ int64) { progress.ShowCount(done) })
	if err != nil {
		return err
	}
	unattributed, err := d.CountUnattributed(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "attributed %d records in %s; %d have no customer (see usagegraph unattributed)\n", done, time.Since(start).Round(10*time.Millisecond), unattributed)
	return nil
}
