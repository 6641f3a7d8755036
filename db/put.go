package db

import (
	"context"
	"fmt"
)

// Outcome counts what became of records that were put.
type Outcome struct {
	New, Changed, Unchanged int
}

// Put stores records with their parts. One that its source has given before replaces what it gave, under the same id,
// wherever that was.
func (tx *Tx) Put(ctx context.Context, p *Packed) (Outcome, error) {
	var total Outcome
	for _, put := range []func() (Outcome, error){
		func() (Outcome, error) { return put(ctx, tx, usageRecords, p.usages) },
		func() (Outcome, error) { return put(ctx, tx, usageSummaries, p.summaries) },
		func() (Outcome, error) { return put(ctx, tx, consumptionReports, p.reports) },
	} {
		out, err := put()
		if err != nil {
			return Outcome{}, err
		}
		total = Outcome{total.New + out.New, total.Changed + out.Changed, total.Unchanged + out.Unchanged}
	}
	return total, nil
}

// record is a record that is put as a whole: with its parts.
type record[T any] interface {
	*T
	place() *Key
	line() **int64
	origin() Origin
	// parts are the rows that go with the record, table by table; known says which ids its buckets had before.
	parts(known bucketIDs) []part
}

func (u *UsageRecord) place() *Key       { return &u.Key }
func (u *UsageRecord) line() **int64     { return &u.SubscriptionID }
func (u *UsageRecord) origin() Origin    { return Origin{u.Source, u.SourceID} }
func (s *UsageSummary) place() *Key      { return &s.Key }
func (s *UsageSummary) line() **int64    { return &s.SubscriptionID }
func (s *UsageSummary) origin() Origin   { return Origin{s.Source, s.SourceID} }
func (r *ConsumptionReport) place() *Key { return &r.Key }
func (r *ConsumptionReport) line() **int64 {
	return &r.SubscriptionID
}
func (r *ConsumptionReport) origin() Origin {
	return Origin{r.Source, r.SourceID}
}

func (u *UsageRecord) parts(bucketIDs) []part {
	for i, p := range u.Prices {
		p.CustomerID, p.UsageID, p.Position = u.CustomerID, u.ID, int32(i)
	}
	return []part{partOf[RatedUsage]{&ratedUsages.relation, u.Prices}}
}

func (s *UsageSummary) parts(known bucketIDs) []part {
	for i, l := range s.InvoiceLines {
		l.CustomerID, l.SummaryID, l.Position = s.CustomerID, s.ID, int32(i)
	}
	for _, b := range s.Bundles {
		b.Key, b.SubscriptionID, b.SummaryID = Key{s.CustomerID, known(s.ID, b.SourceID)}, s.SubscriptionID, &s.ID
	}
	return []part{partOf[UsageSummaryLine]{&usageSummaryLines.relation, s.InvoiceLines}, partOf[Bucket]{&buckets.relation, s.Bundles}}
}

func (r *ConsumptionReport) parts(known bucketIDs) []part {
	var balances []*BucketBalance
	var counters []*BucketCounter
	for _, b := range r.Balances {
		b.Key, b.SubscriptionID, b.ReportID = Key{r.CustomerID, known(r.ID, b.SourceID)}, r.SubscriptionID, &r.ID
		for i, x := range b.Periods {
			x.CustomerID, x.BucketID, x.Position = b.CustomerID, b.ID, int32(i)
		}
		for i, x := range b.Thresholds {
			x.CustomerID, x.BucketID, x.Position = b.CustomerID, b.ID, int32(i)
		}
		balances, counters = append(balances, b.Periods...), append(counters, b.Thresholds...)
	}
	return []part{partOf[Bucket]{&buckets.relation, r.Balances}, partOf[BucketBalance]{&bucketBalances.relation, balances},
		partOf[BucketCounter]{&bucketCounters.relation, counters}}
}

// bucketIDs gives the id of a bucket by the id of its record and its source id.
type bucketIDs func(owner int64, sourceID string) int64

// put stores records of one kind and source.
func put[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], records []packed[T, R]) (Outcome, error) {
	var out Outcome
	if len(records) == 0 {
		return out, nil
	}
	stored, err := tx.storedRecords(ctx, t.name, records[0].record.origin().Source, sourceIDs(records))
	if err != nil {
		return out, err
	}
	latest := map[string]int{}
	var write []packed[T, R]
	var replaced []Key
	for _, p := range records {
		id := p.record.origin().SourceID
		old, known := stored[id]
		switch {
		case known && old.same(p.record.place().CustomerID, *p.record.line(), p.digest):
			out.Unchanged++
			continue
		case known:
			out.Changed++
		default:
			out.New++
			old = storedRecord{Key: Key{ID: tx.store.ids.Next()}}
		}
		if known && !old.pending {
			replaced = append(replaced, old.Key)
		}
		p.record.place().ID = old.ID
		stored[id] = storedRecord{Key: *p.record.place(), SubscriptionID: *p.record.line(), Digest: p.digest, pending: true}
		if at, again := latest[id]; again {
			write[at] = p
			continue
		}
		latest[id] = len(write)
		write = append(write, p)
	}
	if len(write) == 0 {
		return out, nil
	}
	buckets, err := tx.replace(ctx, t.name, replaced)
	if err != nil {
		return out, err
	}
	return out, insertPacked(ctx, tx, t, write, buckets)
}

// insertPacked adds records with their parts.
func insertPacked[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], records []packed[T, R], known bucketIDs) error {
	rows := make([][]any, len(records))
	partRows := make([][][]any, len(records[0].parts)) // of all records, table by table
	var parts []part
	for i, p := range records {
		parts = p.record.parts(known)
		t.rekey(p.row, (*T)(p.record))
		rows[i] = append(p.row, p.digest)
		for n, part := range parts {
			part.rekey(p.parts[n])
			partRows[n] = append(partRows[n], p.parts[n]...)
		}
	}
	columns := append(t.columns[:len(t.columns):len(t.columns)], "digest")
	if err := tx.insert(ctx, t.name, columns, rows); err != nil {
		return err
	}
	for n, part := range parts {
		table, columns := part.table()
		if err := tx.insert(ctx, table, columns, partRows[n]); err != nil {
			return err
		}
	}
	return nil
}

func sourceIDs[T any, R record[T]](records []packed[T, R]) []string {
	ids := make([]string, len(records))
	for i, p := range records {
		ids[i] = p.record.origin().SourceID
	}
	return ids
}

// storedRecord is what is known of a record before it is put.
type storedRecord struct {
	Key
	SourceID       string `db:"source_id"`
	SubscriptionID *int64 `db:"subscription_id"`
	Digest         string `db:"digest"`
	// pending is a record that was put in this very batch and is not written yet.
	pending bool
}

// same tells whether a record with this content is stored where it belongs.
func (s storedRecord) same(customerID int64, line *int64, digest string) bool {
	sameLine := s.SubscriptionID == line || s.SubscriptionID != nil && line != nil && *s.SubscriptionID == *line
	return s.Digest == digest && s.CustomerID == customerID && sameLine
}

func (tx *Tx) storedRecords(ctx context.Context, table string, source Source, ids []string) (map[string]storedRecord, error) {
	if tx.store.fresh {
		return map[string]storedRecord{}, nil
	}
	c := tx.compiler()
	var rows []storedRecord
	sql := "SELECT customer_id, id, source_id, subscription_id, digest FROM " + table + " WHERE (source, source_id) IN " + c.dialect.tuples(c, []string{string(source)}, ids)
	if err := tx.tx.SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("find stored %s: %w", table, err)
	}
	stored := make(map[string]storedRecord, len(ids))
	for _, r := range rows {
		stored[r.SourceID] = r
	}
	return stored, nil
}

func (tx *Tx) compiler() *compiler { return &compiler{dialect: tx.store.dialect} }
