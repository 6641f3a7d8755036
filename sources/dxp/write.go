package dxp

import (
	"context"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// batchSize is the number of buckets that are read with one query.
const batchSize = 100

// writeReport writes an array of one report. It reads the buckets in batches while it writes.
func (s encoder) writeReport(ctx context.Context, reader *db.Reader, r *db.ConsumptionReport, q query, out io.Writer) error {
	w, err := s.report(r, q)
	if err != nil {
		return err
	}
	w.Bucket = []*Bucket{} // written even where there are none
	buckets := json.MarshalToFunc(func(e *jsontext.Encoder, _ []*Bucket) error {
		return s.writeBuckets(ctx, reader, r.Key, e)
	})
	return json.MarshalWrite(out, []*Report{w}, json.WithMarshalers(buckets), jsontext.PreserveRawStrings(true))
}

// writeBuckets writes the array of a report's buckets, in the order of the document.
func (s encoder) writeBuckets(ctx context.Context, reader *db.Reader, report db.Key, e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	of := db.Parents{Type: db.TypeConsumptionReport, Keys: []db.Key{report}}
	query := db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: batchSize}}
	for more := true; more; {
		pages, err := reader.Buckets(ctx, db.AllColumns, of, query)
		if err != nil {
			return err
		}
		page := pages[0]
		if err := s.writeBatch(ctx, reader, page.Nodes, e); err != nil {
			return err
		}
		if more = page.HasNextPage; more {
			query.Page.After = *page.PageInfo().EndCursor
		}
	}
	return e.WriteToken(jsontext.EndArray)
}

// writeBatch writes buckets with their balances and counters.
func (s encoder) writeBatch(ctx context.Context, reader *db.Reader, writeBuckets []*db.Bucket, e *jsontext.Encoder) error {
	if len(writeBuckets) == 0 {
		return nil
	}
	keys := make([]db.Key, len(writeBuckets))
	for i, b := range writeBuckets {
		keys[i] = b.Key
	}
	balances, err := reader.BucketBalances(ctx, db.AllColumns, keys)
	if err != nil {
		return err
	}
	counters, err := reader.BucketCounters(ctx, db.AllColumns, keys)
	if err != nil {
		return err
	}
	balancesOf, countersOf := groupByOwner(balances), groupByOwner(counters)
	for _, b := range writeBuckets {
		w, err := s.bucket(b, balancesOf[b.Key], countersOf[b.Key])
		if err != nil {
			return err
		}
		if err := json.MarshalEncode(e, w); err != nil {
			return err
		}
	}
	return nil
}

// groupByOwner groups rows by the key of their owner, and keeps their order.
func groupByOwner[T interface{ Owner() db.Key }](rows []T) map[db.Key][]T {
	groups := map[db.Key][]T{}
	for _, row := range rows {
		groups[row.Owner()] = append(groups[row.Owner()], row)
	}
	return groups
}
