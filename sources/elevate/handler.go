package elevate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is the pattern of a ServeMux for which Handler answers, for every method.
const Pattern = "/customer-usage-data"

// HandlerSettings are what a client of the real system may expect the other way. The zero value is the default.
type HandlerSettings struct {
	// TotalCount counts the list for the header X-Total-Count.
	TotalCount bool
	// Unknown is what becomes of parameters that the page does not have; by default they are refused.
	Unknown rest.Unknown
}

// Handler answers GET /customer-usage-data as the page documents it; mount it there, for all methods. Scope says whose
// records a request may see; it returns an auth.Refusal for one that may see none.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	return &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.plan, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
}

// plan reads a request.
func (s HandlerSettings) plan(r *http.Request) (rest.RespondFunc, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "only GET and HEAD are answered here"}
	}
	values, err := rest.ParseQuery(r)
	if err != nil {
		return nil, err
	}
	q, err := parse(values, s)
	if err != nil {
		return nil, err
	}
	return q.answer, nil
}

// answer is the plan of a query.
func (q *query) answer(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
	if q.customerID != nil {
		sees, err := reader.SeesCustomer(ctx, q.customer())
		if err != nil {
			return nil, err
		}
		if !sees {
			return nil, forbidden()
		}
	}
	pages, err := reader.UsageRecords(ctx, db.Everyone, q.records())
	if err != nil {
		return nil, err
	}
	page := pages[0]
	header := http.Header{}
	if links := q.links(page.HasNextPage); links != nil {
		header["Link"] = links
	}
	if q.totalCount {
		total, err := page.TotalCount(ctx)
		if err != nil {
			return nil, err
		}
		header.Set("X-Total-Count", strconv.FormatInt(total, 10))
	}
	return &rest.Response{
		Header: header,
		Body:   func(w io.Writer) error { return q.write(ctx, reader, page.Nodes, w) },
	}, nil
}
