package edge_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/edge"
)

// busyServer has an endpoint whose requests run until end is called.
type busyServer struct {
	http.Handler
	running chan struct{}
	release chan struct{}
	done    sync.WaitGroup
}

func newBusyServer(t *testing.T, store *db.Store, settings edge.Settings) *busyServer {
	t.Helper()
	b := &busyServer{running: make(chan struct{}), release: make(chan struct{})}
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rejection := edge.Rejection(r.Context()); rejection != nil {
			http.Error(w, "error of the endpoint: "+rejection.Message, rejection.Status)
			return
		}
		b.running <- struct{}{}
		<-b.release
	})
	identify := func(r *http.Request) (auth.Identity, error) {
		return auth.Identity{ClientID: r.Header.Get("Client"), Scope: db.All()}, nil
	}
	routes, err := edge.Routes(store, "", identify, map[string]http.Handler{"/endpoint": endpoint}, settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.Handler = routes
	return b
}

// start starts a request of a client, and returns when it runs.
func (b *busyServer) start(client string) {
	b.done.Go(func() { b.ServeHTTP(httptest.NewRecorder(), b.request("/endpoint", client)) })
	<-b.running
}

func (b *busyServer) request(path, client string) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Client", client)
	return r
}

// end ends all requests.
func (b *busyServer) end() {
	close(b.release)
	b.done.Wait()
}

func TestRequestsAboveTheLimitAreRejectedAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, test := range map[string]struct {
			client  string
			running int
			status  int
		}{
			"all clients":        {"", 64, http.StatusServiceUnavailable},
			"one client":         {"ada", 16, http.StatusTooManyRequests},
			"no running request": {"bob", 0, http.StatusOK},
		} {
			b := newBusyServer(t, store, edge.DefaultSettings())
			for range test.running - 1 {
				b.start(test.client)
			}
			const target = "/graphql?query=%7B__typename%7D"
			if got := do(t, b, b.request(target, test.client)); got.status != http.StatusOK {
				t.Errorf("%s: the last request within the limit: %d %s", name, got.status, got.body)
			}
			if test.running > 0 {
				b.start(test.client)
			}
			began := time.Now()
			got := do(t, b, b.request(target, test.client))
			if took := time.Since(began); got.status != test.status || test.status != 200 && (took > 50*time.Millisecond*raceFactor || got.header.Get("Retry-After") != "1" || got.code() != "TOO_MANY_REQUESTS") {
				t.Errorf("%s: %d after %v: %s", name, got.status, took, got.body)
			}
			if test.status != http.StatusOK {
				got = do(t, b, b.request("/endpoint", test.client))
				if got.status != test.status || got.header.Get("Retry-After") != "1" || !strings.HasPrefix(got.body, "error of the endpoint: too many requests") {
					t.Errorf("%s: the endpoint: %d %s", name, got.status, got.body)
				}
			}
			if test.client == "ada" {
				if got := do(t, b, b.request(target, "bob")); got.status != http.StatusOK {
					t.Errorf("another client: %d %s", got.status, got.body)
				}
			}
			b.end()
			if got := do(t, b, b.request(target, test.client)); got.status != http.StatusOK {
				t.Errorf("%s: after the running requests: %d %s", name, got.status, got.body)
			}
		}
	})
}

func TestTimeoutIsAnsweredWith503(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := routes(t, store, func(s *edge.Settings) { s.Timeout = time.Nanosecond })
		for _, accept := range []string{"application/json", "application/graphql-response+json"} {
			got := post(t, h, strings.NewReader(`{"query":"{customers{totalCount} __typename}"}`), "Accept", accept)
			if got.status != http.StatusServiceUnavailable || got.code() != "TIMEOUT" || got.header.Get("Retry-After") != "1" || strings.Contains(got.body, `"data"`) {
				t.Errorf("%d %s", got.status, got.body)
			}
		}
	})
}
