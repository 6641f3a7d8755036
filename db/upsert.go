package db

import (
	"context"
)

// Outcome counts upserted records by result.
type Outcome struct {
	// Older counts records that were skipped because a later version is stored.
	New, Changed, Unchanged, Older int
}

// record is a usage record, usage summary or consumption report, which is stored with its parts.
type record[T any] interface {
	*T
	keyPtr() *Key
	subscriptionIDPtr() **int64
	origin() Origin
	// claim returns the claim of the document.
	claim() Claim
	// destinationCountry returns the country of the destination; nil if the record has none.
	destinationCountry() *string
	// setScoped sets whether the record is no evidence.
	setScoped(bool)
	// hashIDs sets the hashes in the global ids of the record and its buckets.
	hashIDs()
	// parts returns the parts of the record, table by table, with their keys set. next returns the row id of each
	// bucket.
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

func (u *UsageRecord) setScoped(scoped bool)  { u.Scoped = scoped }
func (s *UsageSummary) setScoped(scoped bool) { s.Scoped = scoped }
func (*ConsumptionReport) setScoped(bool)     {}

func (u *UsageRecord) hashIDs() { u.IDHash = hashedName(TypeUsageRecord, u.Source, u.SourceID) }

func (u *UsageRecord) parts(func() int64) []part {
	for i, p := range u.Rated {
		p.CustomerID, p.UsageID, p.Position = u.CustomerID, u.ID, int32(i)
	}
	return []part{partOf[RatedUsage]{&ratedUsages.relation, u.Rated}}
}

func (s *UsageSummary) hashIDs() {
	s.IDHash = hashedName(TypeUsageSummary, s.Source, s.SourceID)
	deriveBuckets(TypeUsageSummary, s.Source, s.SourceID, s.Buckets)
}

func (s *UsageSummary) parts(next func() int64) []part {
	for i, l := range s.Lines {
		l.CustomerID, l.SummaryID, l.Position = s.CustomerID, s.ID, int32(i)
	}
	for _, b := range s.Buckets {
		b.Key, b.SubscriptionID, b.SummaryID = Key{s.CustomerID, next()}, s.SubscriptionID, &s.ID
	}
	return []part{partOf[UsageSummaryLine]{&usageSummaryLines.relation, s.Lines}, partOf[Bucket]{&buckets.relation, s.Buckets}}
}

func (r *ConsumptionReport) hashIDs() {
	r.IDHash = reportName(r.Source, r.SourceID)
	deriveBuckets(TypeConsumptionReport, r.Source, r.SourceID, r.Buckets)
}

func (r *ConsumptionReport) parts(next func() int64) []part {
	var balances []*BucketBalance
	var counters []*BucketCounter
	for _, b := range r.Buckets {
		b.Key, b.SubscriptionID, b.ReportID = Key{r.CustomerID, next()}, r.SubscriptionID, &r.ID
		for i, x := range b.Balances {
			x.CustomerID, x.BucketID, x.Position = b.CustomerID, b.ID, int32(i)
		}
		for i, x := range b.Counters {
			x.CustomerID, x.BucketID, x.Position = b.CustomerID, b.ID, int32(i)
		}
		balances, counters = append(balances, b.Balances...), append(counters, b.Counters...)
	}
	return []part{partOf[Bucket]{&buckets.relation, r.Buckets}, partOf[BucketBalance]{&bucketBalances.relation, balances},
		partOf[BucketCounter]{&bucketCounters.relation, counters}}
}

// Upsert stores records with their parts under the customers and subscriptions set in them. A record with the source
// and source id of a stored one replaces it and keeps its id, even if the customer differs.
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

// insertPrepared inserts records with their parts.
func insertPrepared[T any, K ~string, R record[T]](ctx context.Context, tx *Tx, t *table[T, K], records []*preparedRecord[T, R]) error {
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
	if usages, ok := any(records).([]*preparedRecord[UsageRecord, *UsageRecord]); ok {
		for _, p := range usages {
			tx.collect(p.record, 1)
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
