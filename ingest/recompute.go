package ingest

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"usagegraph/db"
)

// Recomputation is the change of a setting on which stored records depend.
type Recomputation struct {
	Setting db.SettingKey
	// Source is the system whose records are decoded again, Redecode its functions with the new value of the setting.
	// Without a source the documents that name no customer are attributed again.
	Source   db.Source
	Redecode Redecode
	// End, unless nil, is called in the transaction of the last batch.
	End func(context.Context, *db.Tx) error
}

// Recomputed counts recomputed records.
type Recomputed struct {
	Records, Changed int64
	// Ambiguous counts records whose local time occurs twice in the new time zone, or never.
	Ambiguous int64
}

// Recompute decodes stored records again with the new value of a setting and stores the results, batch by batch.
// Cancelling the context stops it after the current batch; the next call continues. Several processes may run it at
// once. progress, unless nil, is called with the number of recomputed records.
func (im *Importer) Recompute(ctx context.Context, c Recomputation, progress func(done int64)) (Recomputed, error) {
	var total Recomputed
	ids := newIdentities(c.Source)
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return total, fmt.Errorf("recomputed %d stored records, run it again for the rest: %w", total.Records, err)
		}
		var done Recomputed
		err := im.Store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) (err error) {
			done, more, err = im.recomputeBatch(ctx, tx, ids, c)
			return err
		})
		if err != nil {
			return total, err
		}
		total.Records, total.Changed, total.Ambiguous = total.Records+done.Records, total.Changed+done.Changed, total.Ambiguous+done.Ambiguous
		if progress != nil {
			progress(total.Records)
		}
	}
	return total, nil
}

// recomputeBatch recomputes the next records, and reports whether there may be more.
func (im *Importer) recomputeBatch(ctx context.Context, tx *db.Tx, ids *identities, c Recomputation) (done Recomputed, more bool, err error) {
	if err := ids.begin(ctx, tx); err != nil {
		return done, false, err
	}
	setting, pending, err := tx.PendingSetting(ctx, c.Setting)
	if err != nil || !pending {
		return done, false, err
	}
	limit, last := cmp.Or(max(0, im.BatchRecords), storedBatch), setting.Position
	if c.Source == "" {
		done, last, err = ids.attributeAfter(ctx, last, limit)
	} else {
		done, last, err = ids.redecodeAfter(ctx, c, last, limit)
	}
	switch {
	case err != nil:
		return done, false, err
	case done.Records == int64(limit):
		return done, true, tx.SetSettingPosition(ctx, c.Setting, last)
	case c.End != nil:
		if err := c.End(ctx, tx); err != nil {
			return done, false, err
		}
	}
	return done, false, tx.EndSettingChange(ctx, c.Setting)
}

// attributeAfter attributes the next documents that name no customer, and returns the id of the last one.
func (ids *identities) attributeAfter(ctx context.Context, after int64, limit int) (done Recomputed, last int64, err error) {
	documents, err := ids.tx.UnownedAfter(ctx, after, limit)
	if err != nil || len(documents) == 0 {
		return done, after, err
	}
	since := sinceEarliest(documents)
	if err := ids.attribute(ctx, nil, since); err != nil {
		return done, after, err
	}
	done.Records, done.Changed = int64(len(documents)), ids.reattributed
	return done, documents[len(documents)-1].ID, ids.finish(ctx)
}

// redecodeAfter decodes the next records of a system again, stores them, and returns the id of the last one.
func (ids *identities) redecodeAfter(ctx context.Context, c Recomputation, after int64, limit int) (done Recomputed, last int64, err error) {
	records, last, n, err := ids.redecode(ctx, c, after, limit)
	if err != nil || n == 0 {
		return done, after, err
	}
	changes, err := ids.tx.Compare(ctx, prepare(c.Source, records))
	if err != nil {
		return done, after, err
	}
	done = Recomputed{Records: int64(n), Changed: int64(changes.Changed), Ambiguous: ids.ambiguous}
	return done, last, ids.write(ctx, claimsOf(records, changes), changes)
}

// redecode reads the next stored records of a system with their parts and decodes them again. It returns the id of the
// last one and the number of records read.
func (ids *identities) redecode(ctx context.Context, c Recomputation, after int64, limit int) (records []*Record, last int64, n int, err error) {
	switch {
	case c.Redecode.Usage != nil:
		rows, err := ids.tx.UsageRecordsAfter(ctx, c.Source, after, limit)
		if err != nil || len(rows) == 0 {
			return nil, after, 0, err
		}
		err = ids.tx.LoadUsageParts(ctx, rows)
		for _, u := range rows {
			records = append(records, c.Redecode.Usage(u))
		}
		return records, rows[len(rows)-1].ID, len(rows), err
	case c.Redecode.Summary != nil:
		rows, err := ids.tx.UsageSummariesAfter(ctx, c.Source, after, limit)
		if err != nil || len(rows) == 0 {
			return nil, after, 0, err
		}
		err = ids.tx.LoadSummaryParts(ctx, rows)
		for _, s := range rows {
			records = append(records, c.Redecode.Summary(s))
		}
		return records, rows[len(rows)-1].ID, len(rows), err
	}
	return ids.redecodeReports(ctx, c, after, limit)
}

// redecodeReports is redecode for consumption reports, whose source ids may change. Of reports with the same new source
// id it returns the last and deletes the others.
func (ids *identities) redecodeReports(ctx context.Context, c Recomputation, after int64, limit int) (records []*Record, last int64, n int, err error) {
	rows, err := ids.tx.ConsumptionReportsAfter(ctx, c.Source, after, limit)
	if err != nil || len(rows) == 0 {
		return nil, after, 0, err
	}
	if err := ids.tx.LoadReportParts(ctx, rows); err != nil {
		return nil, after, 0, err
	}
	latest := map[string]int{} // the index of the last report of each source id
	all := make([]*Record, len(rows))
	for i, r := range rows {
		if c.Redecode.Ambiguous != nil && c.Redecode.Ambiguous(r) {
			ids.ambiguous++
		}
		all[i] = c.Redecode.Report(r)
		latest[all[i].Report.SourceID] = i
	}
	var keys, dropped []db.Key
	var reports []*db.ConsumptionReport
	for i, r := range all {
		if latest[r.Report.SourceID] != i {
			dropped = append(dropped, rows[i].Key)
			continue
		}
		records, reports, keys = append(records, r), append(reports, r.Report), append(keys, rows[i].Key)
	}
	if len(dropped) > 0 {
		if err := ids.tx.DropConsumptionReports(ctx, dropped); err != nil {
			return nil, after, 0, err
		}
	}
	return records, rows[len(rows)-1].ID, len(rows), ids.tx.RenameConsumptionReports(ctx, keys, reports)
}

// sinceEarliest returns the names of documents, each with earliestTime.
func sinceEarliest(documents []db.UnownedName) map[db.SubscriptionName]time.Time {
	since := make(map[db.SubscriptionName]time.Time, len(documents))
	for _, d := range documents {
		since[d.Name] = earliestTime
	}
	return since
}
