package stn

import (
	"fmt"
	"log/slog"
	"net/http"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is where Handler must be mounted, for every method, and so are the paths in Formats, whose ends say how the
// answer is written.
const Pattern = "/api/QueryUsageSubscription"

// Formats are Pattern with the formats of answers.
var Formats = []string{Pattern + "." + string(formatCSV), Pattern + "." + string(formatJSON)}

// HandlerSettings are what a client of the real system may expect the other way. The zero value is the default.
type HandlerSettings struct {
	// OrderFirst orders by orderBy alone where orderByDesc is given, too.
	OrderFirst bool
	// TotalIncluded writes total only where include asks for it: by Total, or by the count of all records.
	TotalIncluded bool
	// TakeRefused refuses a take above 1,000 instead of clipping it.
	TakeRefused bool
	// Unknown is what becomes of parameters that are neither the page's nor filters; by default they are ignored.
	Unknown rest.Unknown
}

// Handler answers as sTN's GET /api/QueryUsageSubscription does. The scope says whose records a request may see; it
// returns a rest.Problem for one that may see none.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	h := &rest.Handler{Store: store, Log: log, Scope: scope, Parse: s.parse, Fail: fail, Settings: func() string { return fmt.Sprint(s) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed, Message: "this service answers GET and HEAD"})
			return
		}
		w.Header().Add("Vary", "Accept")
		h.ServeHTTP(w, r)
	})
}

func (s HandlerSettings) parse(r *http.Request) (rest.RespondFunc, error) {
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return nil, err
	}
	q, err := ParseQuery(parameters, s)
	if err != nil {
		return nil, err
	}
	if q.format == "" {
		q.format = formatOf(r)
	}
	return q.answer, nil
}
