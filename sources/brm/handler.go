package brm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// HandlerSettings holds the settings of the endpoint. The zero value is the default.
type HandlerSettings struct {
	// PublicURL is the prefix of the URLs in responses, for a server behind a proxy. Empty uses the request's scheme
	// and host, and BasePath.
	PublicURL string
	// BasePath is the path below which the server serves everything; empty is none.
	BasePath string
	// PartialContent answers 206 instead of 200 for a page that is not the whole list, as TMF630 specifies.
	PartialContent bool
	// NullsOmitted leaves out members without a value on the page's route, instead of writing null.
	NullsOmitted bool
	// Unknown is the treatment of undocumented parameters; by default they are rejected.
	Unknown rest.Unknown
}

// Patterns holds the ServeMux patterns to mount Handler at, for all methods.
var Patterns = []string{
	"/brm/usageManagement/{version}/usage", "/brm/usageManagement/{version}/usage/{id...}",
	"/tmf-api/usageManagement/v4/usage", "/tmf-api/usageManagement/v4/usage/{id...}", "/tmf-api/",
}

// Handler returns the handler of the endpoint in both formats, which serves Patterns. It routes requests itself and
// answers unknown paths with 404 in BRM's error format.
//
// scope returns the customers whose records a request may see. It is not called for .../usage/describe, which needs no
// authentication.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	usages := &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.parseRequest, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, ok := s.routeOf(r)
		switch {
		case !ok:
			fail(w, r, notFound("path not found"))
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

// notFound returns a Problem (404).
func notFound(message string) *rest.Problem {
	return &rest.Problem{Status: http.StatusNotFound, Message: message}
}

// parseRequest parses a request for a list or for one usage, and returns the function that answers it and its filter, or a Problem.
func (s HandlerSettings) parseRequest(r *http.Request) (rest.RespondFunc, db.Filter, error) {
	at, _ := s.routeOf(r)
	allowed := listParameters
	if at.id != "" {
		allowed = usageParameters
	}
	in, err := rest.ParseQuery(r)
	if err != nil {
		return nil, nil, err
	}
	q, err := parseQuery(in, allowed, s.Unknown.Refuse(true))
	if err != nil {
		return nil, nil, err
	}
	if at.id != "" {
		return respondOne(q, at), nil, rest.CheckText("id", at.id)
	}
	return s.respondList(q, at), q.filter(), nil
}

// respondOne returns the function that answers with one usage, or a Problem (404).
func respondOne(q *query, at route) rest.RespondFunc {
	return func(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
		record, err := reader.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: db.BRM, Value: at.id})
		var known *db.Error
		switch {
		case errors.As(err, &known) && known.Code == db.NotFound:
			return nil, notFound("usage not found")
		case err != nil:
			return nil, err
		}
		return &rest.Response{Body: func(w io.Writer) error {
			return writeUsages(ctx, newEncoder(w, at, q.fields), reader, q, at, []*db.UsageRecord{record})
		}}, nil
	}
}

// respondList returns the function that answers with a page of usages.
func (s HandlerSettings) respondList(q *query, at route) rest.RespondFunc {
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

// writeUsages writes records with their prices.
func writeUsages(ctx context.Context, out *encoder, reader *db.Reader, q *query, at route, records []*db.UsageRecord) error {
	prices, err := pricesByRecord(ctx, reader, q, records)
	if err != nil {
		return err
	}
	for _, record := range records {
		w, err := encodeUsage(record, prices[record.Key], at.href(record.SourceID))
		if err != nil {
			return err
		}
		w.setType(q.objectType)
		if err := out.writeUsage(w); err != nil {
			return err
		}
	}
	return nil
}

// pricesByRecord returns the prices of records, in order, by the key of the record; nil if the query does not select
// them.
func pricesByRecord(ctx context.Context, reader *db.Reader, q *query, records []*db.UsageRecord) (map[db.Key][]*db.RatedUsage, error) {
	if !q.fields.has("ratedProductUsage") {
		return nil, nil
	}
	keys := make([]db.Key, len(records))
	for i, record := range records {
		keys[i] = record.Key
	}
	prices, err := reader.RatedUsages(ctx, db.AllColumns, keys)
	byRecord := map[db.Key][]*db.RatedUsage{}
	for _, p := range prices {
		byRecord[p.Owner()] = append(byRecord[p.Owner()], p)
	}
	return byRecord, err
}
