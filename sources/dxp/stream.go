package dxp

import (
	"context"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// chunk is how many buckets are read at once.
const chunk = 100

// stream writes an array of one report. Its buckets are read while it is written.
func (s encoder) stream(ctx context.Context, reader *db.Reader, r *db.ConsumptionReport, q question, out io.Writer) error {
	w, err := s.wire(r, q)
	if err != nil {
		return err
	}
	w.Bucket = []*Bucket{} // written even where there are none
	buckets := json.MarshalToFunc(func(e *jsontext.Encoder, _ []*Bucket) error {
		return s.buckets(ctx, reader, r.Key, e)
	})
	return json.MarshalWrite(out, []*Report{w}, json.WithMarshalers(buckets), jsontext.PreserveRawStrings(true))
}

// buckets writes the array of a report's buckets, in the order in which they came.
func (s encoder) buckets(ctx context.Context, reader *db.Reader, report db.Key, e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	of := db.Parents{Type: db.TypeConsumptionReport, Keys: []db.Key{report}}
	query := db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: chunk}}
	for more := true; more; {
		pages, err := reader.Buckets(ctx, of, query)
		if err != nil {
			return err
		}
		page := pages[0]
		if err := s.chunk(ctx, reader, page.Nodes, e); err != nil {
			return err
		}
		if more = page.HasNextPage; more {
			query.Page.After = *page.PageInfo().EndCursor
		}
	}
	return e.WriteToken(jsontext.EndArray)
}

// chunk writes some buckets with their balances and counters.
func (s encoder) chunk(ctx context.Context, reader *db.Reader, buckets []*db.Bucket, e *jsontext.Encoder) error {
	if len(buckets) == 0 {
		return nil
	}
	keys := make([]db.Key, len(buckets))
	for i, b := range buckets {
		keys[i] = b.Key
	}
	balances, err := reader.BucketBalances(ctx, keys)
	if err != nil {
		return err
	}
	counters, err := reader.BucketCounters(ctx, keys)
	if err != nil {
		return err
	}
	balancesOf, countersOf := byOwner(balances), byOwner(counters)
	for _, b := range buckets {
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

// byOwner sorts rows by whose they are, and keeps their order.
func byOwner[T interface{ Owner() db.Key }](rows []T) map[db.Key][]T {
	of := map[db.Key][]T{}
	for _, row := range rows {
		of[row.Owner()] = append(of[row.Owner()], row)
	}
	return of
}
