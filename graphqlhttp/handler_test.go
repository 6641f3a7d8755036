package graphqlhttp_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
)

// serve starts a server with the default settings, changed by change.
func serve(t *testing.T, store *db.Store, change func(*graphqlhttp.Settings)) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(newHandler(t, store, change))
	t.Cleanup(server.Close)
	return server
}

// newHandler returns a handler without authentication, with the default settings, changed by change.
func newHandler(t testing.TB, store *db.Store, change func(*graphqlhttp.Settings)) http.Handler {
	t.Helper()
	settings := graphqlhttp.DefaultSettings()
	if change != nil {
		change(&settings)
	}
	handler, err := graphqlhttp.NewHandler(store, settings, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return auth.Middleware(auth.Open, handler)
}

// addCustomer adds the customer Ada.
func addCustomer(t *testing.T, store *db.Store) {
	t.Helper()
	name := "Ada"
	err := store.Write(t.Context(), func(tx *db.Tx) error {
		return tx.AddCustomers(t.Context(), []*db.Customer{{CustomerID: tx.NextID(), Source: db.STN, SourceID: "1", Name: &name}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// reply is a decoded response.
type reply struct {
	status int
	header http.Header
	body   string
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code, Limit string }
	}
	Data json.RawMessage
}

// code returns the code of the first error, or "".
func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

// do serves a request.
func do(t testing.TB, h http.Handler, r *http.Request) *reply {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	got := &reply{status: w.Code, header: w.Header(), body: w.Body.String()}
	if strings.HasSuffix(strings.Split(w.Header().Get("Content-Type"), ";")[0], "json") {
		if err := json.Unmarshal(w.Body.Bytes(), got); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return got
}

// post sends a POST request with the media type application/graphql-response+json; header has names and values in turn.
func post(t testing.TB, h http.Handler, body io.Reader, header ...string) *reply {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return do(t, h, r)
}

// postQuery posts a document with its variables.
func postQuery(t *testing.T, h http.Handler, query string, variables map[string]any) *reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return post(t, h, bytes.NewReader(body))
}
