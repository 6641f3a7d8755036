package db

import (
	"context"
)

// Outcome counts what became of records that were put.
type Outcome struct {
	// Older are those of which a later word was stored already: they change nothing.
	New, Changed, Unchanged, Older int
}

// record is a record that is put as a whole: with its parts.
type record[T any] interface {
	*T
	keyPtr() *Key
	subscriptionIDPtr() **int64
	origin() Origin
	// claim is what the document says of the record's owner and time.
	claim() Claim
	// hashIDs sets the hashes that the ids of the record and its buckets are made of.
	hashIDs()
	// parts are the rows that go with the record, table by table; next gives its buckets their row ids.
	parts(next func() int64) []part
}

func (u *UsageRecord) keyPtr() *Key                { return &u.Key }
func (u *UsageRecord) subscriptionIDPtr() **int64  { return &u.SubscriptionID }
func (u *UsageRecord) origin() Origin              { return Origin{u.Source, u.SourceID} }
func (s *UsageSummary) keyPtr() *Key               { return &s.Key }
func (s *UsageSummary) subscriptionIDPtr() **int64 { return &s.SubscriptionID }
func (s *UsageSummary) origin() Origin             { return Origin{s.Source, s.SourceID} }
func (r *ConsumptionReport) keyPtr() *Key          { return &r.Key }
func (r *ConsumptionReport) subscriptionIDPtr() **int64 {
	return &r.SubscriptionID
}
func (r *ConsumptionReport) origin() Origin {
	return Origin{r.Source, r.SourceID}
}

func (u *UsageRecord) hashIDs() { u.IDHash = hashedName(TypeUsageRecord, u.Source, u.SourceID) }

func (u *UsageRecord) parts(func() int64) []part {
	for i, p := range u.Prices {
		p.CustomerID, p.UsageID, p.Position = u.CustomerID, u.ID, int32(i)
	}
	return []part{partOf[RatedUsage]{&ratedUsages.relation, u.Prices}}
}

func (s *UsageSummary) hashIDs() {
	s.IDHash = hashedName(TypeUsageSummary, s.Source, s.SourceID)
	nameBuckets(TypeUsageSummary, s.Source, s.SourceID, s.Bundles)
}

func (s *UsageSummary) parts(next func() int64) []part {
	for i, l := range s.InvoiceLines {
		l.CustomerID, l.SummaryID, l.Position = s.CustomerID, s.ID, int32(i)
	}
	for _, b := range s.Bundles {
		b.Key, b.SubscriptionID, b.SummaryID = Key{s.CustomerID, next()}, s.SubscriptionID, &s.ID
	}
	return []part{partOf[UsageSummaryLine]{&usageSummaryLines.relation, s.InvoiceLines}, partOf[Bucket]{&buckets.relation, s.Bundles}}
}

func (r *ConsumptionReport) hashIDs() {
	r.IDHash = reportName(r.Source, r.SourceID)
	nameBuckets(TypeConsumptionReport, r.Source, r.SourceID, r.Balances)
}

func (r *ConsumptionReport) parts(next func() int64) []part {
	var balances []*BucketBalance
	var counters []*BucketCounter
	for _, b := range r.Balances {
		b.Key, b.SubscriptionID, b.ReportID = Key{r.CustomerID, next()}, r.SubscriptionID, &r.ID
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

// Upsert stores records with their parts, as belonging to the customers and subscriptions that they name. One that its
// source has given before replaces what it gave, under the same id, wherever that was.
func (tx *Tx) Upsert(ctx context.Context, p *PreparedRecords) (Outcome, error) {
	changes, err := tx.compare(ctx, p, true)
	if err != nil {
		return Outcome{}, err
	}
	if err := changes.Remove(ctx); err != nil {
		return Outcome{}, err
	}
	return changes.Outcome, changes.Insert(ctx, func(any) bool { return true })
}

// insertPrepared adds records with their parts.
func insertPrepared[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], records []preparedRecord[T, R]) error {
	rows := make([][]any, len(records))
	partRows := make([][][]any, len(records[0].parts)) // of all records, table by table
	var parts []part
	for i, p := range records {
		parts = p.record.parts(tx.store.ids.Next)
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

func sourceIDs[T any, R record[T]](records []preparedRecord[T, R]) []string {
	ids := make([]string, len(records))
	for i, p := range records {
		ids[i] = p.record.origin().SourceID
	}
	return ids
}

func (tx *Tx) compiler() *compiler { return &compiler{dialect: tx.store.dialect} }
