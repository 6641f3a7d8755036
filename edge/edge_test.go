package edge_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/edge"
)

// routes returns the handler of all routes with the default settings, changed by change.
func routes(t testing.TB, store *db.Store, change func(*edge.Settings)) http.Handler {
	t.Helper()
	settings := edge.DefaultSettings()
	if change != nil {
		change(&settings)
	}
	handler, err := edge.Routes(store, "type Query", auth.Open, nil, settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// reply is a decoded response.
type reply struct {
	status int
	header http.Header
	body   string
	Errors []struct{ Extensions struct{ Code string } }
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
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	return do(t, h, r)
}
