package app

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestServerRecoversFromDatabaseOutages sends 200 requests per second, to GraphQL and REST in turn, while PostgreSQL is
// stopped, killed and disconnected, and started again each time.
func TestServerRecoversFromDatabaseOutages(t *testing.T) {
	t.Parallel()
	for name, pooler := range map[string]func(*testing.T, string) string{
		"direct":            func(_ *testing.T, url string) string { return url },
		"through PgBouncer": pgBouncer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recoverFromOutages(t, pooler)
		})
	}
}

// recoverFromOutages runs the test with a server that reaches the database at the URL that pooler returns.
func recoverFromOutages(t *testing.T, pooler func(t *testing.T, url string) string) {
	server := newPostgres(t)
	server.start()
	proxy := newProxy(t, server.address())
	url := pooler(t, "postgres://postgres@"+proxy.listener.Addr().String()+"/postgres?sslmode=disable")
	if printed, err := runCommand(t, "", "--database", url, "import", "stn", sample(t, "stn/sample/query-usage-subscription.json")); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t, "--database", url)
	load := newOutageLoad(t, base)
	for _, outage := range []struct {
		name       string
		begin, end func()
		// refused is the number of refused requests before the outage ends.
		refused int64
	}{
		{"stop -m fast", func() { server.stop(syscall.SIGINT) }, server.start, 100},
		{"stop -m immediate", func() { server.stop(syscall.SIGQUIT) }, server.start, 100},
		{"kill -9", func() { server.stop(syscall.SIGKILL) }, server.start, 100},
		// After 800 refused requests, those that hung at the beginning have timed out.
		{"a black hole", func() { proxy.hole.Store(true) }, func() { proxy.hole.Store(false) }, 800},
	} {
		await(t, outage.name+": good answers before it", &load.good, 100, 20*time.Second)
		outage.begin()
		await(t, outage.name+": refused requests", &load.refused, outage.refused, 20*time.Second)
		outage.end()
		await(t, outage.name+": a good answer after it", &load.good, 1, 5*time.Second)
	}
	load.end()
	t.Logf("%d good answers, %d refused", load.good.Load(), load.refused.Load())
}

// outageLoad sends requests at a constant rate and checks each answer.
type outageLoad struct {
	t             *testing.T
	requests      []expectedRequest
	good, refused atomic.Int64
	stop          chan struct{}
	running       sync.WaitGroup
	client        *http.Client
}

// expectedRequest is a request with its correct answer.
type expectedRequest struct {
	method, url, body string
	want              string
}

func newOutageLoad(t *testing.T, base string) *outageLoad {
	l := &outageLoad{t: t, stop: make(chan struct{}), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}, requests: []expectedRequest{
		{method: "POST", url: base + "/graphql", body: `{"query":"{customers(first:5){nodes{id name subscriptions(first:5){nodes{id phoneNumber usageSummaries(first:5){nodes{id lines{code}}}}}}}}"}`},
		{method: "GET", url: base + "/api/QueryUsageSubscription?take=5"},
	}}
	for i := range l.requests {
		status, _, body, err := l.send(l.requests[i])
		if status != http.StatusOK || strings.Contains(body, `"errors"`) {
			t.Fatalf("%d %v %s", status, err, body)
		}
		l.requests[i].want = body
	}
	l.running.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-l.stop:
				return
			case <-tick.C:
				l.running.Go(func() { l.check(l.requests[i%len(l.requests)]) })
			}
		}
	})
	t.Cleanup(l.end)
	return l
}

func (l *outageLoad) send(q expectedRequest) (status int, header http.Header, body string, err error) {
	r, err := http.NewRequest(q.method, q.url, strings.NewReader(q.body))
	if err != nil {
		return 0, nil, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := l.client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, string(text), err
}

// check sends a request. The answer must be the correct one or 503 with Retry-After, within the timeout of requests.
func (l *outageLoad) check(q expectedRequest) {
	started := time.Now()
	status, header, body, err := l.send(q)
	switch {
	case err != nil:
		l.t.Errorf("%s: %v", q.url, err)
	case time.Since(started) > 11*time.Second:
		l.t.Errorf("%s: %d after %s", q.url, status, time.Since(started))
	case status == http.StatusOK && body == q.want:
		l.good.Add(1)
	case status == http.StatusServiceUnavailable && header.Get("Retry-After") != "" && header.Get("ETag") == "" &&
		strings.HasPrefix(header.Get("Content-Type"), "application/json"):
		l.refused.Add(1)
	default:
		l.t.Errorf("%s: %d %v %s", q.url, status, header, body)
	}
}

// await waits until the count has increased by more.
func await(t *testing.T, what string, count *atomic.Int64, more int64, timeout time.Duration) {
	t.Helper()
	before, since := count.Load(), time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		took := time.Since(since).Round(time.Millisecond)
		if count.Load() >= before+more {
			t.Logf("%s: %d after %s", what, more, took)
			return
		}
		if took > timeout {
			t.Errorf("%s: %d of %d in %s", what, count.Load()-before, more, timeout)
			return
		}
	}
}

func (l *outageLoad) end() {
	select {
	case <-l.stop:
	default:
		close(l.stop)
	}
	l.running.Wait()
	l.client.CloseIdleConnections()
}
