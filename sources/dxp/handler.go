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

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// Pattern is where Handler must be mounted, for every method: a method that is not served has an answer of its own.
const Pattern = "/dxp-ux/v1/{businessId}/usageConsumptionReport"

// HandlerSettings are what the page leaves unsaid.
type HandlerSettings struct {
	// Zone returns the time zone of a market, in which its times are written.
	Zone func(market string) *time.Location
	// Markets are the business ids that are served; another is not found.
	Markets []string
	// Corrected has the body of a 401 say code 401, not 404 as the page has it.
	Corrected bool
	// Unknown is what becomes of query parameters that the page does not have; by default they are ignored.
	Unknown rest.Unknown
}

// text names all settings.
func (s HandlerSettings) text() string {
	zones := make([]string, len(s.Markets))
	for i, market := range s.Markets {
		zones[i] = market + " " + s.Zone(market).String()
	}
	return fmt.Sprint(s.Corrected, s.Unknown, zones)
}

// Handler serves the page's endpoint at Pattern. The scope is asked for after a request has shown that it carries
// credentials.
func Handler(store *db.Store, s HandlerSettings, scope func(*http.Request) (db.Scope, error), log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(Pattern, s.correlated(s.onlyReads(&rest.Handler{
		Store: store,
		Log:   log,
		Scope: func(r *http.Request) (db.Scope, error) {
			if err := checkCredentials(r); err != nil {
				return db.Scope{}, err
			}
			return scope(r)
		},
		Parse:    s.plan,
		Fail:     s.refuse,
		Settings: s.text,
	})))
	return mux
}

// plan reads a request whose credentials are good.
func (s HandlerSettings) plan(r *http.Request) (rest.RespondFunc, error) {
	market, err := s.market(r)
	if err != nil {
		return nil, err
	}
	q, err := parseQuestion(r, market, s.Unknown.Refuse(false))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
		report, err := q.latest(ctx, reader, market)
		if err != nil {
			return nil, err
		}
		return &rest.Response{Body: func(out io.Writer) error { return encoder{s.Zone(market)}.stream(ctx, reader, report, q, out) }}, nil
	}, nil
}

const correlationID = "X-Correlation-ID"

// maxCorrelation is how long a correlation id may be, in bytes.
const maxCorrelation = 128

// correlated gives every answer the correlation id of its request, or a new one.
func (s HandlerSettings) correlated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := header(r, correlationID)
		if err == nil && (len(id) > maxCorrelation || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl)) {
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

// onlyReads refuses all methods but GET and HEAD, in the words of the page: its path is another one, braces and all.
func (s HandlerSettings) onlyReads(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			s.refuse(w, r, &rest.Problem{Status: http.StatusMethodNotAllowed,
				Message: "HTTP Method " + r.Method + " not allowed for : /{businessId}/queryUsageConsumption"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkCredentials returns a Problem (401) unless both of a client's credentials are there, once each.
func checkCredentials(r *http.Request) error {
	for _, name := range []string{"client_id", "client_secret"} {
		if value, err := header(r, name); err != nil || value == "" {
			return &rest.Problem{Status: http.StatusUnauthorized, Name: name, Message: "missing"}
		}
	}
	return nil
}

var countryCode = regexp.MustCompile(`^[A-Za-z]{2}$`)

// market returns the business id of a request's path in capital letters. It returns a Problem for one that is no country's or that is
// not served, and for headers that it demands.
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
	for _, demanded := range []struct{ name, want string }{{"channelId", "APP"}, {"targetSystem", "Matrixx"}} {
		value, err := header(r, demanded.name)
		if err != nil {
			return "", err
		}
		if !strings.EqualFold(value, demanded.want) {
			return "", rest.Bad(demanded.name, "want "+demanded.want)
		}
	}
	return strings.ToUpper(id), nil
}

// header returns a header's value; empty where there is none. It returns a Problem where it is given twice.
func header(r *http.Request, name string) (string, error) {
	switch values := r.Header.Values(name); len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", rest.Bad(name, "given more than once")
}
