package dxp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is the ServeMux pattern to mount Handler at, for all methods: the page documents the response to other
// methods.
const Pattern = "/dxp-ux/v1/{businessId}/usageConsumptionReport"

// HandlerSettings holds facts that the page does not contain.
type HandlerSettings struct {
	// Zone returns the time zone of a market.
	Zone func(market string) *time.Location
	// Markets holds the business ids that are served; others are not found.
	Markets []string
	// Corrected writes code 401 in the body of a 401, instead of 404 as on the page.
	Corrected bool
	// Unknown is the treatment of undocumented query parameters; by default they are ignored.
	Unknown rest.Unknown
}

// asText returns all settings as text, for the ETag.
func (s HandlerSettings) asText() string {
	zones := make([]string, len(s.Markets))
	for i, market := range s.Markets {
		zones[i] = market + " " + s.Zone(market).String()
	}
	return fmt.Sprint(s.Corrected, s.Unknown, zones)
}

// Handler returns the handler of the endpoint, which serves Pattern. scope returns the customers whose records a
// request may see; it is called after the check that the request has credentials.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(Pattern, s.withCorrelationID(s.rejectOtherMethods(&rest.Handler{
		Store: store,
		Log:   log,
		Scope: func(r *http.Request) (db.Scope, error) {
			if err := checkCredentials(r); err != nil {
				return db.Scope{}, err
			}
			return scope(r)
		},
		Parse:    s.parseRequest,
		Fail:     s.refuse,
		Settings: s.asText,
	})))
	return mux
}

// parseRequest parses a request and returns the function that answers it, or a Problem.
func (s HandlerSettings) parseRequest(r *http.Request) (rest.RespondFunc, db.Filter, error) {
	market, err := s.market(r)
	if err != nil {
		return nil, nil, err
	}
	q, err := parseQuery(r, market, s.Unknown.Refuse(false))
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
		report, err := q.latestReport(ctx, reader, market)
		if err != nil {
			return nil, err
		}
		return &rest.Response{Body: func(out io.Writer) error { return encoder{s.Zone(market)}.writeReport(ctx, reader, report, q, out) }}, nil
	}, nil, nil
}

const correlationID = "X-Correlation-ID"

// maxCorrelationID is the maximum length of a correlation id, in bytes.
const maxCorrelationID = 128

// withCorrelationID sets the correlation id of the request, or a new one, on every response. It rejects an invalid one.
func (s HandlerSettings) withCorrelationID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := header(r, correlationID)
		if err == nil && (len(id) > maxCorrelationID || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl)) {
			err = rest.Bad(correlationID, "want text of at most 128 bytes without control characters")
		}
		if id == "" || err != nil {
			id = uuid.NewString()
		}
		w.Header().Set(correlationID, id)
		var problem *rest.Problem
		if errors.As(err, &problem) {
			s.refuse(w, r, problem)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// rejectOtherMethods rejects all methods but GET and HEAD with the text of the page, which shows another path,
// literally with braces.
func (s HandlerSettings) rejectOtherMethods(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			s.refuse(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed,
				Message: "HTTP Method " + r.Method + " not allowed for : /{businessId}/queryUsageConsumption"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// credentials are the headers of the endpoint's credentials.
var credentials = auth.Headers{ID: "client_id", Secret: "client_secret"}

// checkCredentials returns a Problem (401) unless the request has each of the two credential headers exactly once.
func checkCredentials(r *http.Request) error {
	for _, name := range []string{credentials.ID, credentials.Secret} {
		if value, err := header(r, name); err != nil || value == "" {
			return &rest.Problem{Status: http.StatusUnauthorized, Name: name, Message: "missing"}
		}
	}
	return nil
}

var countryCode = regexp.MustCompile(`^[A-Za-z]{2}$`)

// market returns the business id in the path, in capital letters. It returns a Problem for an invalid one, for one that
// is not served, and where a header that the market requires is missing or invalid.
func (s HandlerSettings) market(r *http.Request) (string, error) {
	id := r.PathValue("businessId")
	switch {
	case !countryCode.MatchString(id):
		return "", rest.Bad("businessId", "want a country's two letters (ISO 3166)")
	case !slices.ContainsFunc(s.Markets, func(served string) bool { return strings.EqualFold(served, id) }):
		return "", &rest.Problem{Status: http.StatusNotFound, Name: "businessId", Message: "this market is not served"}
	case !strings.EqualFold(id, "PR"):
		return strings.ToUpper(id), nil
	}
	for _, required := range []struct{ name, want string }{{"channelId", "APP"}, {"targetSystem", "Matrixx"}} {
		value, err := header(r, required.name)
		if err != nil {
			return "", err
		}
		if !strings.EqualFold(value, required.want) {
			return "", rest.Bad(required.name, "want "+required.want)
		}
	}
	return strings.ToUpper(id), nil
}

// header returns the value of a header; empty where it is missing. It returns a Problem where it is given more than
// once.
func header(r *http.Request, name string) (string, error) {
	switch values := r.Header.Values(name); len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", rest.Bad(name, "given more than once")
}
