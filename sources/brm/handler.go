package brm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// HandlerSettings are what the endpoint can be told.
type HandlerSettings struct {
	// PublicURL is what the URLs in an answer begin with, where the server stands behind another; empty is what the
	// request says.
	PublicURL string
	// PartialContent answers 206 instead of 200 where a page is not the whole list, as TMF630 has it.
	PartialContent bool
	// NullsOmitted leaves members without a value out on the page's route, which otherwise has them as null.
	NullsOmitted bool
	// Unknown is what becomes of parameters that the route does not have; by default they are refused.
	Unknown rest.Unknown
}

// Patterns are the patterns of a ServeMux for which Handler answers, for every method.
var Patterns = []string{
	"/brm/usageManagement/{version}/usage", "/brm/usageManagement/{version}/usage/{id...}",
	"/tmf-api/usageManagement/v4/usage", "/tmf-api/usageManagement/v4/usage/{id...}", "/tmf-api/",
}

// Handler serves the page's endpoint in both spellings, on the paths of Patterns. It routes requests itself, and
// answers paths that it does not know in brm's own shape.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	usages := &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.parse, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, ok := s.routeOf(r)
		switch {
		case !ok:
			fail(w, r, notFound("there is no such path"))
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "want GET or HEAD"})
		case at.id == describePath:
			s.describe(w, r, at.spelling)
		default:
			usages.ServeHTTP(w, r)
		}
	})
}

func notFound(message string) *rest.Problem {
	return &rest.Problem{Status: http.StatusNotFound, Message: message}
}

// parse reads a request for a list or for one usage.
func (s HandlerSettings) parse(r *http.Request) (rest.RespondFunc, error) {
	at, _ := s.routeOf(r)
	takes := listParameters
	if at.id != "" {
		takes = oneParameters
	}
	in, err := rest.ParseQuery(r)
	if err != nil {
		return nil, err
	}
	q, err := parseQuery(in, takes, s.Unknown.Refuse(true))
	if err != nil {
		return nil, err
	}
	if at.id != "" {
		return one(q, at), rest.CheckText("id", at.id)
	}
	return s.list(q, at), nil
}

// one answers one usage.
func one(q *query, at route) rest.RespondFunc {
	return func(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
		record, err := reader.UsageRecord(ctx, db.SourceID{Source: db.BRM, Value: at.id})
		var known *db.Error
		switch {
		case errors.As(err, &known) && known.Code == db.NotFound:
			return nil, notFound("there is no usage of this id")
		case err != nil:
			return nil, err
		}
		return &rest.Response{Body: func(w io.Writer) error {
			return writeUsages(ctx, newEncoder(w, at, q.fields), reader, q, at, []*db.UsageRecord{record})
		}}, nil
	}
}

// list answers a page.
func (s HandlerSettings) list(q *query, at route) rest.RespondFunc {
	return func(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
		p, err := readPage(ctx, reader, q, at)
		if err != nil {
			return nil, err
		}
		return &rest.Response{Status: p.status(s.PartialContent), Header: p.header(), Body: func(w io.Writer) error {
			out := newEncoder(w, at, q.fields)
			if err := out.WriteToken(jsontext.BeginArray); err != nil {
				return err
			}
			if err := writeUsages(ctx, out, reader, q, at, p.records); err != nil {
				return err
			}
			return out.WriteToken(jsontext.EndArray)
		}}, nil
	}
}

// chunk is for how many records prices are read at once.
const chunk = 250

// writeUsages reads the prices of records, and writes both, a chunk at a time.
func writeUsages(ctx context.Context, out *encoder, reader *db.Reader, q *query, at route, records []*db.UsageRecord) error {
	for part := range slices.Chunk(records, chunk) {
		prices, err := pricesOf(ctx, reader, q, part)
		if err != nil {
			return err
		}
		for _, record := range part {
			w, err := usageOf(record, prices[record.Key], at.href(record.SourceID))
			if err != nil {
				return err
			}
			w.as(q.objectType)
			if err := out.usage(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// pricesOf returns the prices of each record, in order, if they are asked for.
func pricesOf(ctx context.Context, reader *db.Reader, q *query, records []*db.UsageRecord) (map[db.Key][]*db.RatedUsage, error) {
	if !q.fields.has("ratedProductUsage") {
		return nil, nil
	}
	keys := make([]db.Key, len(records))
	for i, record := range records {
		keys[i] = record.Key
	}
	prices, err := reader.RatedUsages(ctx, keys)
	of := map[db.Key][]*db.RatedUsage{}
	for _, p := range prices {
		of[p.Owner()] = append(of[p.Owner()], p)
	}
	return of, err
}
