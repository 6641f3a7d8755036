package stn

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// page holds the data of a response.
type page struct {
	query      *Query
	reader     *db.Reader
	total      int64
	aggregates []*string
	summaries  []*db.UsageSummary
	// combinations holds the distinct values of the query's fields, with DISTINCT.
	combinations [][]*string
}

// respond reads the aggregates and the page of summaries. Their buckets and lines are read while the body is written.
func (q *Query) respond(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
	list := []db.Aggregate[db.UsageSummaryOrderField]{recordCount}
	for _, s := range q.aggregates {
		list = append(list, s.aggregate())
	}
	values, err := reader.AggregateUsageSummaries(ctx, q.filter(), list)
	if err != nil {
		return nil, err
	}
	count, err := strconv.ParseInt(*values[0], 10, 64)
	if err != nil {
		return nil, err
	}
	p := &page{query: q, reader: reader, total: count, aggregates: values[1:]}
	switch {
	case q.distinct:
		p.combinations, p.total, err = reader.DistinctUsageSummaries(ctx, q.distinctQuery())
	case q.skip < count && q.take > 0:
		var lists []*db.UsageSummaryConnection
		lists, err = reader.UsageSummaries(ctx, db.AllColumns, db.NoParent, db.UsageSummaryQuery{
			Filter: q.filter(), OrderBy: q.orderBy(), Page: db.Page{Limit: q.take, Offset: q.skip},
		})
		if err == nil {
			p.summaries = lists[0].Nodes
		}
	}
	if err != nil {
		return nil, err
	}
	if q.format == formatCSV {
		return &rest.Response{Header: csvHeader(), Body: func(w io.Writer) error { return p.writeCSV(ctx, w) }}, nil
	}
	return &rest.Response{Body: func(w io.Writer) error { return p.writeJSON(ctx, w) }}, nil
}

// writeJSON writes the envelope. It reads records in batches while it writes.
func (p *page) writeJSON(ctx context.Context, w io.Writer) error {
	enc := jsontext.NewEncoder(w)
	if err := writeTokens(enc, jsontext.BeginObject, jsontext.String("offset"), jsontext.Int(p.query.skip)); err != nil {
		return err
	}
	if p.query.total {
		if err := writeTokens(enc, jsontext.String("total"), jsontext.Int(p.total)); err != nil {
			return err
		}
	}
	if err := writeTokens(enc, jsontext.String("results"), jsontext.BeginArray); err != nil {
		return err
	}
	if err := p.eachSummary(ctx, func(s *Summary) error { return json.MarshalEncode(enc, s) }); err != nil {
		return err
	}
	if err := writeTokens(enc, jsontext.EndArray); err != nil {
		return err
	}
	if len(p.query.aggregates) > 0 {
		if err := p.writeMeta(enc); err != nil {
			return err
		}
	}
	return writeTokens(enc, jsontext.EndObject)
}

// writeMeta writes the results of the aggregates as strings, without null ones.
func (p *page) writeMeta(enc *jsontext.Encoder) error {
	if err := writeTokens(enc, jsontext.String("meta"), jsontext.BeginObject); err != nil {
		return err
	}
	for i, s := range p.query.aggregates {
		if p.aggregates[i] == nil {
			continue
		}
		if err := writeTokens(enc, jsontext.String(s.name()), jsontext.String(s.format(*p.aggregates[i]))); err != nil {
			return err
		}
	}
	return writeTokens(enc, jsontext.EndObject)
}

func writeTokens(enc *jsontext.Encoder, list ...jsontext.Token) error {
	for _, t := range list {
		if err := enc.WriteToken(t); err != nil {
			return err
		}
	}
	return nil
}

// batchSize is the number of records whose buckets and lines are read together.
const batchSize = 100

// eachSummary calls write for each record of the page, with the selected fields.
func (p *page) eachSummary(ctx context.Context, write func(*Summary) error) error {
	for _, values := range p.combinations {
		record := &Summary{}
		for i, f := range p.query.fields {
			if err := record.set(f, values[i]); err != nil {
				return err
			}
		}
		if err := write(record); err != nil {
			return err
		}
	}
	for summaries := range slices.Chunk(p.summaries, batchSize) {
		if err := p.eachInBatch(ctx, summaries, write); err != nil {
			return err
		}
	}
	return nil
}

// shown selects the columns of buckets and lines that encode uses.
var shown = db.Project(
	db.ColumnsOf(func(b *db.Bucket) []any { return []any{&b.SourceID, &b.TotalAmount, &b.UsedAmount, &b.ChargedAmount} }),
	db.ColumnsOf(func(l *db.UsageSummaryLine) []any {
		return []any{&l.Type, &l.Code, &l.Description, &l.SortOrder, &l.Quantity, &l.Volume, &l.VolumeText, &l.Charge, &l.RefID, &l.RateClassID, &l.Extension}
	}))

// eachInBatch reads the buckets and lines of summaries, and calls write for each.
func (p *page) eachInBatch(ctx context.Context, summaries []*db.UsageSummary, write func(*Summary) error) error {
	q := p.query
	keys, index := make([]db.Key, len(summaries)), map[db.Key]int{}
	for i, s := range summaries {
		keys[i] = s.Key
		index[s.Key] = i
	}
	buckets, lines := make([][]*db.Bucket, len(keys)), make([][]*db.UsageSummaryLine, len(keys))
	if q.selects(func(f *field) bool { return f.bucket }) {
		lists, err := p.reader.Buckets(ctx, shown, db.Parents{Type: db.TypeUsageSummary, Keys: keys},
			db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: allowances}})
		if err != nil {
			return err
		}
		for i, list := range lists {
			buckets[i] = list.Nodes
		}
	}
	if q.selects(func(f *field) bool { return f.kind == listKind }) {
		list, err := p.reader.UsageSummaryLines(ctx, shown, keys)
		if err != nil {
			return err
		}
		for _, l := range list {
			lines[index[l.Owner()]] = append(lines[index[l.Owner()]], l)
		}
	}
	for i, s := range summaries {
		record := encode(s, buckets[i], lines[i])
		if q.fields != nil {
			record.selectFields(q.fields)
		}
		if err := write(record); err != nil {
			return err
		}
	}
	return nil
}

// allowances is the maximum number of buckets of a summary: one for each zone and service.
const allowances = 9

// selects reports whether the response has a field that matches.
func (q *Query) selects(match func(*field) bool) bool {
	return q.fields == nil || slices.ContainsFunc(q.fields, match)
}
