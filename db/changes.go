package db

import "context"

// Changes holds the records of a batch that have to be written: the new and the changed ones.
type Changes struct {
	Outcome
	tx        *Tx
	usages    *changesOf[UsageRecord, *UsageRecord]
	summaries *changesOf[UsageSummary, *UsageSummary]
	reports   *changesOf[ConsumptionReport, *ConsumptionReport]
}

// Compare returns the records that are new or whose content has changed, regardless of their owners, and sets the id of
// each. Of several records with one source id in p it takes the last, unless its document states that it is older than
// another one.
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

// Written reports whether a record is among the changes, and returns its stored version; nil for a new record.
func (c *Changes) Written(record any) (old *StoredRecord, written bool) {
	switch r := record.(type) {
	case *UsageRecord:
		old, written = c.usages.written(r)
	case *UsageSummary:
		old, written = c.summaries.written(r)
	case *ConsumptionReport:
		old, written = c.reports.written(r)
	}
	return old, written
}

// Remove deletes the stored versions of the changed records. It must be called before Insert.
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

// Insert stores the new and changed records for which chosen returns true, with their parts.
func (c *Changes) Insert(ctx context.Context, chosen func(record any) bool) error {
	if err := insertChosen(ctx, c.tx, usageRecords, c.usages, chosen); err != nil {
		return err
	}
	if err := insertChosen(ctx, c.tx, usageSummaries, c.summaries, chosen); err != nil {
		return err
	}
	return insertChosen(ctx, c.tx, consumptionReports, c.reports, chosen)
}

// changesOf holds the changes of one kind of record.
type changesOf[T any, R record[T]] struct {
	write []*preparedRecord[T, R]
	// place maps a source id to the record's index in write.
	place    map[string]int
	replaced []Key
}

func (c *changesOf[T, R]) written(r R) (old *StoredRecord, written bool) {
	at, known := c.place[r.origin().SourceID]
	if !known || c.write[at].record != r {
		return nil, false
	}
	return c.write[at].old, true
}

// compareAll compares records of one kind and source with the stored ones and counts the outcome in out. If owned is
// set, a record with another owner than before counts as changed, too.
func compareAll[T any, R record[T]](ctx context.Context, tx *Tx, table string, records []preparedRecord[T, R], owned bool, out *Outcome) (*changesOf[T, R], error) {
	c := &changesOf[T, R]{write: make([]*preparedRecord[T, R], 0, len(records)), place: make(map[string]int, len(records))}
	if len(records) == 0 {
		return c, nil
	}
	stored, err := tx.storedRecords(ctx, table, records[0].record.origin().Source, sourceIDs(records))
	if err != nil {
		return nil, err
	}
	for i := range records {
		p := &records[i]
		id := p.record.origin().SourceID
		now := p.version()
		old, known := stored[id]
		at, again := c.place[id]
		if again {
			old, known = c.write[at].version(), true
		}
		if known && now.Scoped && !old.Scoped && now.SameNames(old.Claim) {
			// A record that an unrestricted client has imported, too, stays evidence.
			p.record.setScoped(false)
			now.Scoped = false
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
			p.old, c.write[at] = c.write[at].old, p
			continue
		}
		p.old = nil
		if known {
			p.old = &StoredRecord{old.Key, old.SubscriptionID, old.Claim}
			c.replaced = append(c.replaced, old.Key)
		}
		c.place[id] = len(c.write)
		c.write = append(c.write, p)
	}
	return c, nil
}

func (c *changesOf[T, R]) remove(ctx context.Context, tx *Tx, table string) error {
	return tx.deleteRecords(ctx, table, c.replaced)
}

func insertChosen[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], c *changesOf[T, R], chosen func(any) bool) error {
	records := make([]*preparedRecord[T, R], 0, len(c.write))
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
