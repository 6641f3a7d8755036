package stn

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// page is an answer that is about to be written.
type page struct {
	query     *Query
	reader    *db.Reader
	total     int64
	sums      []*string
	summaries []*db.UsageSummary
	// combinations are the values of the query's fields, where it asks for distinct ones.
	combinations [][]*string
}

// answer reads the sums and the page; what belongs to its records is read while they are written.
func (q *Query) answer(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
	list := []db.Aggregate[db.UsageSummaryOrderField]{records}
	for _, s := range q.sums {
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
	p := &page{query: q, reader: reader, total: count, sums: values[1:]}
	switch {
	case q.distinct:
		p.combinations, p.total, err = reader.DistinctUsageSummaries(ctx, q.combinations())
	case q.skip < count && q.take > 0:
		var lists []*db.UsageSummaryConnection
		lists, err = reader.UsageSummaries(ctx, db.Everyone, db.UsageSummaryQuery{
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

// writeJSON writes the envelope, and the records as they come.
func (p *page) writeJSON(ctx context.Context, w io.Writer) error {
	enc := jsontext.NewEncoder(w)
	if err := tokens(enc, jsontext.BeginObject, jsontext.String("offset"), jsontext.Int(p.query.skip)); err != nil {
		return err
	}
	if p.query.total {
		if err := tokens(enc, jsontext.String("total"), jsontext.Int(p.total)); err != nil {
			return err
		}
	}
	if err := tokens(enc, jsontext.String("results"), jsontext.BeginArray); err != nil {
		return err
	}
	if err := p.each(ctx, func(s *Summary) error { return json.MarshalEncode(enc, s) }); err != nil {
		return err
	}
	if err := tokens(enc, jsontext.EndArray); err != nil {
		return err
	}
	if len(p.query.sums) > 0 {
		if err := p.writeSums(enc); err != nil {
			return err
		}
	}
	return tokens(enc, jsontext.EndObject)
}

// writeSums writes the values of functions, each as a string; one of no values is left out.
func (p *page) writeSums(enc *jsontext.Encoder) error {
	if err := tokens(enc, jsontext.String("meta"), jsontext.BeginObject); err != nil {
		return err
	}
	for i, s := range p.query.sums {
		if p.sums[i] == nil {
			continue
		}
		if err := tokens(enc, jsontext.String(s.name()), jsontext.String(s.shown(*p.sums[i]))); err != nil {
			return err
		}
	}
	return tokens(enc, jsontext.EndObject)
}

func tokens(enc *jsontext.Encoder, list ...jsontext.Token) error {
	for _, t := range list {
		if err := enc.WriteToken(t); err != nil {
			return err
		}
	}
	return nil
}

// writeCSV writes a header of the fields that were asked for, and the records as they come.
func (p *page) writeCSV(ctx context.Context, w io.Writer) error {
	columns := p.query.fields
	if columns == nil {
		columns = allAnswered()
	}
	out, cells := csv.NewWriter(w), make([]string, len(columns))
	for i, f := range columns {
		cells[i] = f.name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	err := p.each(ctx, func(s *Summary) (err error) {
		for i, f := range columns {
			if cells[i], err = s.cell(f); err != nil {
				return err
			}
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func csvHeader() http.Header {
	return http.Header{
		"Content-Type":        {"text/csv; charset=utf-8"},
		"Content-Disposition": {`attachment; filename="QueryUsageSubscription.csv"`},
	}
}

// chunk is how many records are in hand at once.
const chunk = 100

// each hands on the page's records, with the fields that were asked for.
func (p *page) each(ctx context.Context, write func(*Summary) error) error {
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
	for summaries := range slices.Chunk(p.summaries, chunk) {
		if err := p.eachOf(ctx, summaries, write); err != nil {
			return err
		}
	}
	return nil
}

// shown makes a context one in which of a summary's buckets and lines those columns are read that encode looks at.
var shown = db.Reading(map[string]map[string]bool{
	"Bucket": {"source_id": true, "total": true, "used": true, "charged_amount": true},
	"UsageSummaryLine": {"type": true, "code": true, "description": true, "sort_order": true, "quantity": true, "volume": true,
		"volume_text": true, "amount": true, "ref_id": true, "rate_class_id": true, "extension": true},
})

// eachOf reads what belongs to some records, and hands them on.
func (p *page) eachOf(ctx context.Context, summaries []*db.UsageSummary, write func(*Summary) error) error {
	ctx = shown(ctx)
	q := p.query
	keys, place := make([]db.Key, len(summaries)), map[db.Key]int{}
	for i, s := range summaries {
		keys[i] = s.Key
		place[s.Key] = i
	}
	buckets, lines := make([][]*db.Bucket, len(keys)), make([][]*db.UsageSummaryLine, len(keys))
	if q.shows(func(f *field) bool { return f.bucket }) {
		lists, err := p.reader.Buckets(ctx, db.Parents{Type: db.TypeUsageSummary, Keys: keys},
			db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: allowances}})
		if err != nil {
			return err
		}
		for i, list := range lists {
			buckets[i] = list.Nodes
		}
	}
	if q.shows(func(f *field) bool { return f.kind == listKind }) {
		list, err := p.reader.UsageSummaryLines(ctx, keys)
		if err != nil {
			return err
		}
		for _, l := range list {
			lines[place[l.Owner()]] = append(lines[place[l.Owner()]], l)
		}
	}
	for i, s := range summaries {
		record := encode(s, buckets[i], lines[i])
		if q.fields != nil {
			record.keep(q.fields)
		}
		if err := write(record); err != nil {
			return err
		}
	}
	return nil
}

// allowances is how many buckets a summary has at the most: one of each zone and service.
const allowances = 9

// shows tells whether a field of some sort is in the answer.
func (q *Query) shows(such func(*field) bool) bool {
	return q.fields == nil || slices.ContainsFunc(q.fields, such)
}
