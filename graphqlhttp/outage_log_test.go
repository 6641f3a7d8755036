package graphqlhttp_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
)

// TestOutageIsLoggedOncePerRequest occupies the only connection.
func TestOutageIsLoggedOncePerRequest(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.Open(t, url)
		store, err := db.Open(t.Context(), url, db.Options{Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		var log bytes.Buffer
		handler, err := graphqlhttp.NewHandler(store, graphqlhttp.DefaultSettings(), nil, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		err = store.For(db.All()).Snapshot(t.Context(), func(*db.Reader) error {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(`{"query":"{a:customers{totalCount} b:customers{totalCount} c:buckets{nodes{id}}}"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(db.RevisionHeader, "0")
			auth.Middleware(auth.Open, handler).ServeHTTP(w, r)
			return nil
		})
		if lines := strings.Split(strings.TrimSpace(log.String()), "\n"); err != nil || w.Code != http.StatusServiceUnavailable || len(lines) != 1 ||
			!strings.Contains(lines[0], "database unavailable") || !strings.Contains(lines[0], "deadline exceeded") {
			t.Errorf("%v %d %s\n%s", err, w.Code, w.Body, log.String())
		}
	})
}
