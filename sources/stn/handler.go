package stn

import (
	"fmt"
	"log/slog"
	"net/http"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is the path to mount Handler at, for all methods, like the paths in Formats, whose extensions select the
// format of the response.
const Pattern = "/api/QueryUsageSubscription"

// Formats holds Pattern with the extension of each format.
var Formats = []string{Pattern + "." + string(formatCSV), Pattern + "." + string(formatJSON)}

// HandlerSettings holds the behaviours in which clients of the real system may differ. The zero value is the default.
type HandlerSettings struct {
	// OrderFirst ignores orderByDesc where orderBy is given.
	OrderFirst bool
	// TotalIncluded writes total only where include has Total or the count of all records.
	TotalIncluded bool
	// TakeRefused rejects a take above 1,000 instead of clipping it.
	TakeRefused bool
	// Unknown is the treatment of parameters that are neither the page's nor filters; by default they are ignored.
	Unknown rest.Unknown
}

// Handler returns the handler of GET /api/QueryUsageSubscription. scope returns the customers whose records a request
// may see, or a rest.Problem for a request without access.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	h := &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.parseRequest, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "want GET or HEAD"})
			return
		}
		w.Header().Add("Vary", "Accept")
		h.ServeHTTP(w, r)
	})
}

// parseRequest parses a request and returns the function that answers it and its filter, or a Problem.
func (s HandlerSettings) parseRequest(r *http.Request) (rest.RespondFunc, db.Filter, error) {
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return nil, nil, err
	}
	q, err := ParseQuery(parameters, s)
	if err != nil {
		return nil, nil, err
	}
	if q.format == "" {
		q.format = formatOf(r)
	}
	return q.respond, q.filter(), nil
}
