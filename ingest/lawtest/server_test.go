package lawtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// server answers GraphQL and the four endpoints from a database, to clients of all customers or of one.
type server struct {
	*database
	sources []ingest.Source
	mux     *http.ServeMux
	// zone is the time zone of the times in the answers of dxp's endpoint.
	zone *time.Location
	// changing is set if the settings may differ from those of the oracle.
	changing bool
	// query selects everything in the scope of a client that sees all customers (true) or one (false).
	query map[bool]string
}

// scopeHeader is the header with the customer id of the client, or staff; without it the client sees all customers.
const (
	scopeHeader = "Law-Customer"
	staff       = "staff"
)

// identify lets all clients see cost, because selecting it without permission is an error.
func identify(r *http.Request) (auth.Identity, error) {
	customer := r.Header.Get(scopeHeader)
	switch customer {
	case "":
		return auth.Identity{Scope: db.All()}, nil
	case staff:
		return auth.Identity{ClientID: staff, Scope: db.All().WithStaff(true)}, nil
	}
	id, err := strconv.ParseInt(customer, 10, 64)
	return auth.Identity{ClientID: customer, Scope: db.Only(id).WithCost(true)}, err
}

func newServer(t testing.TB, url string) *server {
	t.Helper()
	s := &server{database: openDatabase(t, url), sources: importSources(t), zone: market, mux: http.NewServeMux(), query: map[bool]string{true: allFieldsQuery(t, true), false: allFieldsQuery(t, false)}}
	settings := graphqlhttp.DefaultSettings()
	settings.MaxTokens, settings.MaxFields, settings.MaxComplexity = 1<<20, 1<<20, 1<<30 // one query selects everything
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	graph, err := graphqlhttp.NewHandler(s.store, settings, nil, log)
	if err != nil {
		t.Fatal(err)
	}
	for pattern, handler := range map[string]http.Handler{
		"/graphql":             graph,
		"/customer-usage-data": elevate.Handler(s.store, elevate.HandlerSettings{}, auth.Scope, log),
		brmPath:                brm.Handler(s.store, brm.HandlerSettings{}, auth.Scope, log),
		stn.Pattern:            stn.Handler(s.store, stn.HandlerSettings{}, auth.Scope, log),
		dxp.Pattern:            dxp.Handler(s.store, dxp.HandlerSettings{Zone: func(string) *time.Location { return s.zone }, Markets: []string{businessID}}, auth.Scope, log),
	} {
		s.mux.Handle(pattern, auth.Middleware(identify, handler))
	}
	return s
}

// client sends requests to a server; customer is empty, staff, or the database id of the customer in its scope.
type client struct {
	*server
	customer string
}

// send sends a request and returns the status and the body of the answer.
func (c client) send(method, target, body string) (int, string) {
	r := httptest.NewRequestWithContext(context.Background(), method, target, io.NopCloser(strings.NewReader(body)))
	r.Header.Set("Content-Type", "application/json")
	for name, value := range map[string]string{"client_id": "law", "client_secret": "law", "channelId": "APP", "targetSystem": "Matrixx"} {
		r.Header.Set(name, value)
	}
	if c.customer != "" {
		r.Header.Set(scopeHeader, c.customer)
	}
	w := httptest.NewRecorder()
	c.mux.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// graphql sends a GraphQL query and returns its data. It returns an error if the answer has errors.
func (c client) graphql(query string) (map[string]any, error) {
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		return nil, err
	}
	status, text := c.send("POST", "/graphql", string(body))
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := decode(text, &answer); err != nil {
		return nil, fmt.Errorf("graphql: %d %.500s: %w", status, text, err)
	}
	if len(answer.Errors) > 0 {
		return nil, fmt.Errorf("graphql: %.1000s", text)
	}
	return answer.Data, nil
}

// decode parses JSON and keeps numbers as text.
func decode(text string, into any) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}
