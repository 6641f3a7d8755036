package db

import "context"

// Changes are records that are to be written: new ones, and those of which the content has changed.
type Changes struct {
	Outcome
	tx        *Tx
	usages    *changesOf[UsageRecord, *UsageRecord]
	summaries *changesOf[UsageSummary, *UsageSummary]
	reports   *changesOf[ConsumptionReport, *ConsumptionReport]
}

// Compare returns the records that are new or have changed, regardless of their owners, and gives each its id. Of several
// records of one source id in p it takes the last one, unless the document says itself that it is older than another.
func (tx *Tx) Compare(ctx context.Context, p *PreparedRecords) (*Changes, error) {
	return tx.compare(ctx, p, false)
}

func (tx *Tx) compare(ctx context.Context, p *PreparedRecords, owned bool) (*Changes, error) {
	c := &Changes{tx: tx}
	var err error
	if c.usages, err = compareAll(ctx, tx, "usage_records", p.usages, owned, &c.Outcome); err != nil {
		return nil, err
	}
	if c.summaries, err = compareAll(ctx, tx, "usage_summaries", p.summaries, owned, &c.Outcome); err != nil {
		return nil, err
	}
	c.reports, err = compareAll(ctx, tx, "consumption_reports", p.reports, owned, &c.Outcome)
	return c, err
}

// Written reports whether a record is among the changes, and returns its stored version; nil where it is new.
func (c *Changes) Written(record any) (old *StoredRecord, written bool) {
	switch r := record.(type) {
	case *UsageRecord:
		old, written = c.usages.old[r]
	case *UsageSummary:
		old, written = c.summaries.old[r]
	case *ConsumptionReport:
		old, written = c.reports.old[r]
	}
	return old, written
}

// Remove deletes what is stored of the records, before they are inserted.
func (c *Changes) Remove(ctx context.Context) error {
	for _, remove := range []func() error{
		func() error { return c.usages.remove(ctx, c.tx, "usage_records") },
		func() error { return c.summaries.remove(ctx, c.tx, "usage_summaries") },
		func() error { return c.reports.remove(ctx, c.tx, "consumption_reports") },
	} {
		if err := remove(); err != nil {
			return err
		}
	}
	return nil
}

// Insert stores those of the records that are chosen, with their parts.
func (c *Changes) Insert(ctx context.Context, chosen func(record any) bool) error {
	if err := insertChosen(ctx, c.tx, usageRecords, c.usages, chosen); err != nil {
		return err
	}
	if err := insertChosen(ctx, c.tx, usageSummaries, c.summaries, chosen); err != nil {
		return err
	}
	return insertChosen(ctx, c.tx, consumptionReports, c.reports, chosen)
}

// changesOf are the changes of one kind of records.
type changesOf[T any, R record[T]] struct {
	write    []preparedRecord[T, R]
	old      map[R]*StoredRecord
	replaced []Key
}

// compareAll compares records of one kind and source with what is stored. Where they are owned, a record that has moved
// to another owner has changed, too.
func compareAll[T any, R record[T]](ctx context.Context, tx *Tx, table string, records []preparedRecord[T, R], owned bool, out *Outcome) (*changesOf[T, R], error) {
	c := &changesOf[T, R]{write: make([]preparedRecord[T, R], 0, len(records)), old: make(map[R]*StoredRecord, len(records))}
	if len(records) == 0 {
		return c, nil
	}
	stored, err := tx.storedRecords(ctx, table, records[0].record.origin().Source, sourceIDs(records))
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(records))
	for _, p := range records {
		id := p.record.origin().SourceID
		now := p.version()
		old, known := stored[id]
		at, again := place[id]
		if again {
			old, known = c.write[at].version(), true
		}
		switch {
		case known && now.Claim.olderThan(old.Claim):
			out.Older++
			continue
		case known && old.same(now, owned):
			out.Unchanged++
			continue
		case known:
			out.Changed++
		default:
			out.New++
			old.ID = tx.store.ids.Next()
		}
		p.record.keyPtr().ID = old.ID
		if again {
			c.old[p.record] = c.old[c.write[at].record]
			delete(c.old, c.write[at].record)
			c.write[at] = p
			continue
		}
		c.old[p.record] = nil
		if known {
			c.old[p.record] = &StoredRecord{old.Key, old.SubscriptionID, old.Claim}
			c.replaced = append(c.replaced, old.Key)
		}
		place[id] = len(c.write)
		c.write = append(c.write, p)
	}
	return c, nil
}

func (c *changesOf[T, R]) remove(ctx context.Context, tx *Tx, table string) error {
	return tx.deleteRecords(ctx, table, c.replaced)
}

func insertChosen[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], c *changesOf[T, R], chosen func(any) bool) error {
	records := make([]preparedRecord[T, R], 0, len(c.write))
	for _, p := range c.write {
		if chosen(p.record) {
			records = append(records, p)
		}
	}
	if len(records) == 0 {
		return nil
	}
	return insertPrepared(ctx, tx, t, records)
}
