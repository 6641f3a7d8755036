package db

import (
	"context"
	"fmt"
)

// LoadUsageParts reads the rated usages of stored usage records.
func (tx *Tx) LoadUsageParts(ctx context.Context, records []*UsageRecord) error {
	prices, err := tx.store.For(All()).RatedUsages(ctx, AllColumns, keysOf(records))
	byKey := partsByOwner(prices)
	for _, u := range records {
		u.Rated = byKey[u.Key]
	}
	return err
}

// LoadSummaryParts reads the lines and buckets of stored usage summaries.
func (tx *Tx) LoadSummaryParts(ctx context.Context, summaries []*UsageSummary) error {
	keys := keysOf(summaries)
	lines, err := tx.store.For(All()).UsageSummaryLines(ctx, AllColumns, keys)
	if err != nil {
		return err
	}
	buckets, err := tx.bucketsOf(ctx, "summary_id", keys)
	linesOf := partsByOwner(lines)
	bucketsOf := map[Key][]*Bucket{}
	for _, b := range buckets {
		owner := Key{b.CustomerID, *b.SummaryID}
		bucketsOf[owner] = append(bucketsOf[owner], b)
	}
	for _, s := range summaries {
		s.Lines, s.Buckets = linesOf[s.Key], bucketsOf[s.Key]
	}
	return err
}

// LoadReportParts reads the buckets of stored consumption reports with their balances and counters.
func (tx *Tx) LoadReportParts(ctx context.Context, reports []*ConsumptionReport) error {
	buckets, err := tx.bucketsOf(ctx, "report_id", keysOf(reports))
	if err != nil {
		return err
	}
	reader, keys := tx.store.For(All()), keysOf(buckets)
	balances, err := reader.BucketBalances(ctx, AllColumns, keys)
	if err != nil {
		return err
	}
	counters, err := reader.BucketCounters(ctx, AllColumns, keys)
	balancesOf, countersOf := partsByOwner(balances), partsByOwner(counters)
	bucketsOf := map[Key][]*Bucket{}
	for _, b := range buckets {
		b.Balances, b.Counters = balancesOf[b.Key], countersOf[b.Key]
		owner := Key{b.CustomerID, *b.ReportID}
		bucketsOf[owner] = append(bucketsOf[owner], b)
	}
	for _, r := range reports {
		r.Buckets = bucketsOf[r.Key]
	}
	return err
}

// bucketsOf returns the buckets of records in the order of their ids. column is the column of buckets that refers to
// the record.
func (tx *Tx) bucketsOf(ctx context.Context, column string, records []Key) ([]*Bucket, error) {
	if len(records) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	fields := buckets.read(AllColumns, nil, false)
	return selectAll[*Bucket](ctx, tx, c, fmt.Sprintf("SELECT %s FROM %s JOIN buckets t ON t.customer_id = k.customer_id AND t.%s = k.id ORDER BY t.id",
		fields.list, tx.store.dialect.keys(c, records), column))
}

// keyed is a stored row with a key.
type keyed interface{ key() Key }

func (k Key) key() Key { return k }

func keysOf[T keyed](rows []T) []Key {
	keys := make([]Key, len(rows))
	for i, row := range rows {
		keys[i] = row.key()
	}
	return keys
}

// partsByOwner groups rows by owner and keeps their order.
func partsByOwner[T interface{ Owner() Key }](rows []T) map[Key][]T {
	of := map[Key][]T{}
	for _, row := range rows {
		of[row.Owner()] = append(of[row.Owner()], row)
	}
	return of
}
