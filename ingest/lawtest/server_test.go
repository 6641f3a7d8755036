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

// server answers from a database by GraphQL and the four endpoints, to a client of everyone or of one customer.
type server struct {
	*database
	sources []ingest.Source
	mux     *http.ServeMux
	// zone is the time zone in which dxp's endpoint writes times.
	zone *time.Location
	// changing tells that settings may differ from those that the oracle knows.
	changing bool
	// query asks for all that a client may see, by whether it sees everyone.
	query map[bool]string
}

// scopeHeader holds the id of the customer whose client sends a request, or staff; without it the client sees everyone.
const (
	scopeHeader = "Law-Customer"
	staff       = "staff"
)

// identify lets all clients see cost, which is refused by errors otherwise.
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
	s := &server{database: openDatabase(t, url), sources: importSources(t), zone: market, mux: http.NewServeMux(), query: map[bool]string{true: everything(t, true), false: everything(t, false)}}
	settings := graphqlhttp.DefaultSettings()
	settings.MaxTokens, settings.MaxFields, settings.MaxComplexity = 1<<20, 1<<20, 1<<30 // one query asks for all that there is
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

// client asks a server; customer is empty, staff, or the database's id of the customer that it sees.
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

// ask sends a GraphQL query and returns its data. It returns an error where the answer has errors.
func (c client) ask(query string) (map[string]any, error) {
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

// decode reads JSON, its numbers as they are written.
func decode(text string, into any) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}
