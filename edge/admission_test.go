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

// busy is a server one of whose endpoints works until it is let go.
type busy struct {
	http.Handler
	running chan struct{}
	release chan struct{}
	done    sync.WaitGroup
}

func newBusy(t *testing.T, store *db.Store, settings edge.Settings) *busy {
	t.Helper()
	b := &busy{running: make(chan struct{}), release: make(chan struct{})}
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusal := edge.Rejection(r.Context()); refusal != nil {
			http.Error(w, "in the endpoint's words: "+refusal.Message, refusal.Status)
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

// work has a client's request run, and returns once it does.
func (b *busy) work(client string) {
	b.done.Go(func() { b.ServeHTTP(httptest.NewRecorder(), b.request("/endpoint", client)) })
	<-b.running
}

func (b *busy) request(path, client string) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Client", client)
	return r
}

// end lets all requests go.
func (b *busy) end() {
	close(b.release)
	b.done.Wait()
}

func TestARequestThatIsOneTooManyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, test := range map[string]struct {
			client  string
			running int
			status  int
		}{
			"of all clients":  {"", 64, http.StatusServiceUnavailable},
			"of one of them":  {"ada", 16, http.StatusTooManyRequests},
			"of others' work": {"bob", 0, http.StatusOK},
		} {
			b := newBusy(t, store, edge.DefaultSettings())
			for range test.running - 1 {
				b.work(test.client)
			}
			const question = "/graphql?query=%7B__typename%7D"
			if got := do(t, b, b.request(question, test.client)); got.status != http.StatusOK {
				t.Errorf("%s: the last that may run: %d %s", name, got.status, got.body)
			}
			if test.running > 0 {
				b.work(test.client)
			}
			began := time.Now()
			got := do(t, b, b.request(question, test.client))
			if took := time.Since(began); got.status != test.status || test.status != 200 && (took > 50*time.Millisecond*raceFactor || got.header.Get("Retry-After") != "1" || got.code() != "TOO_MANY_REQUESTS") {
				t.Errorf("%s: %d after %v: %s", name, got.status, took, got.body)
			}
			if test.status != http.StatusOK {
				got = do(t, b, b.request("/endpoint", test.client))
				if got.status != test.status || got.header.Get("Retry-After") != "1" || !strings.HasPrefix(got.body, "in the endpoint's words: too many requests") {
					t.Errorf("%s: the endpoint: %d %s", name, got.status, got.body)
				}
			}
			if test.client == "ada" {
				if got := do(t, b, b.request(question, "bob")); got.status != http.StatusOK {
					t.Errorf("another client: %d %s", got.status, got.body)
				}
			}
			b.end()
			if got := do(t, b, b.request(question, test.client)); got.status != http.StatusOK {
				t.Errorf("%s: once they are done: %d %s", name, got.status, got.body)
			}
		}
	})
}

func TestARequestThatTakesTooLongIsGivenUp(t *testing.T) {
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
