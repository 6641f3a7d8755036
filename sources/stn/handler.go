package stn

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is where Handler is to be mounted; it answers every method itself.
const Pattern = "/api/QueryUsageSubscription"

// Handler answers as sTN's GET /api/QueryUsageSubscription does. The scope says whose records a request may see; it
// returns a rest.Problem for one that may see none.
func Handler(store *db.Store, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	h := &rest.Handler{Store: store, Log: log, Scope: scope, Parse: parse, Fail: fail}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "this service answers GET and HEAD"})
			return
		}
		h.ServeHTTP(w, r)
	})
}

func parse(r *http.Request) (rest.Plan, error) {
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return nil, err
	}
	q, err := ParseQuery(parameters)
	if err != nil {
		return nil, err
	}
	return q.answer, nil
}

// answer reads the sums and the page; what belongs to its records is read while they are written.
func (q *Query) answer(ctx context.Context, reader *db.Reader) (*rest.Answer, error) {
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
	page := &page{query: q, reader: reader, total: count, sums: values[1:]}
	if q.skip < count && q.take > 0 {
		lists, err := reader.UsageSummaries(ctx, db.Everyone, db.UsageSummaryQuery{
			Filter: q.filter(), OrderBy: q.orderBy(), Page: db.Page{Limit: q.take, Offset: q.skip},
		})
		if err != nil {
			return nil, err
		}
		page.summaries = lists[0].Nodes
	}
	return &rest.Answer{Body: func(w io.Writer) error { return page.write(ctx, w) }}, nil
}

// page is an answer that is about to be written.
type page struct {
	query     *Query
	reader    *db.Reader
	total     int64
	sums      []*string
	summaries []*db.UsageSummary
}

// chunk is how many records are in hand at once.
const chunk = 100

// write writes the envelope, and the records as they come.
func (p *page) write(ctx context.Context, w io.Writer) error {
	enc := jsontext.NewEncoder(w)
	err := tokens(enc, jsontext.BeginObject, jsontext.String("offset"), jsontext.Int(p.query.skip),
		jsontext.String("total"), jsontext.Int(p.total), jsontext.String("results"), jsontext.BeginArray)
	if err != nil {
		return err
	}
	for summaries := range slices.Chunk(p.summaries, chunk) {
		if err := p.writeRecords(ctx, enc, summaries); err != nil {
			return err
		}
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

// shown makes a context one in which of a summary's buckets and lines those columns are read that encode looks at.
var shown = db.Reading(map[string]map[string]bool{
	"Bucket": {"source_id": true, "total": true, "used": true, "charged_amount": true},
	"UsageSummaryLine": {"type": true, "code": true, "description": true, "sort_order": true, "quantity": true, "volume": true,
		"volume_text": true, "amount": true, "ref_id": true, "rate_class_id": true, "extension": true},
})

// writeRecords writes some records, with the fields that were asked for.
func (p *page) writeRecords(ctx context.Context, enc *jsontext.Encoder, summaries []*db.UsageSummary) error {
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
		if err := json.MarshalEncode(enc, record); err != nil {
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
