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

// Pattern is the ServeMux pattern to mount Handler at, for all methods.
const Pattern = "/customer-usage-data"

// HandlerSettings holds the behaviours in which clients of the real system may differ. The zero value is the default.
type HandlerSettings struct {
	// TotalCount adds the header X-Total-Count, which needs a count of the whole list.
	TotalCount bool
	// Unknown is the treatment of undocumented parameters; by default they are rejected.
	Unknown rest.Unknown
}

// Handler returns the handler of GET /customer-usage-data, which serves Pattern. scope returns the customers whose
// records a request may see, or an auth.Refusal for a request without access.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	return &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.parseRequest, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
}

// parseRequest parses a request and returns the function that answers it and its filter, or a Problem.
func (s HandlerSettings) parseRequest(r *http.Request) (rest.RespondFunc, db.Filter, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, nil, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "want GET or HEAD"}
	}
	values, err := rest.ParseQuery(r)
	if err != nil {
		return nil, nil, err
	}
	q, err := parse(values, s)
	if err != nil {
		return nil, nil, err
	}
	return q.respond, q.filter(), nil
}

// respond reads a page of records. It returns a Problem (403) for a customerId outside the scope.
func (q *query) respond(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
	if q.customerID != nil {
		visible, err := reader.SeesCustomer(ctx, q.customer())
		if err != nil {
			return nil, err
		}
		if !visible {
			return nil, forbidden()
		}
	}
	pages, err := reader.UsageRecords(ctx, db.AllColumns, db.NoParent, q.usageRecords())
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
		Body:   func(w io.Writer) error { return q.writeRecords(ctx, reader, page.Nodes, w) },
	}, nil
}
