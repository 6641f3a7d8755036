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

// TestTheDatabaseGoesAwayAndComesBack asks two hundred times a second, of the graph and of a shim in turn, while
// PostgreSQL is stopped, killed and cut off, and starts again each time.
func TestTheDatabaseGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	server := newPostgres(t)
	server.start()
	way := newProxy(t, server.address())
	url := "postgres://postgres@" + way.listener.Addr().String() + "/postgres?sslmode=disable"
	if printed, err := runCommand(t, "", "--database", url, "import", "stn", sample(t, "stn/sample/query-usage-subscription.json")); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t, "--database", url)
	load := newLoad(t, base)
	for _, outage := range []struct {
		name       string
		away, back func()
		// refused is how many shall have been refused before it is over.
		refused int64
	}{
		{"stop -m fast", func() { server.stop(syscall.SIGINT) }, server.start, 100},
		{"stop -m immediate", func() { server.stop(syscall.SIGQUIT) }, server.start, 100},
		{"kill -9", func() { server.stop(syscall.SIGKILL) }, server.start, 100},
		// By then those that hung when it began were given up, and none is tried any more.
		{"a black hole", func() { way.hole.Store(true) }, func() { way.hole.Store(false) }, 800},
	} {
		await(t, outage.name+": good answers before it", &load.good, 100, 20*time.Second)
		outage.away()
		await(t, outage.name+": refused requests", &load.refused, outage.refused, 20*time.Second)
		outage.back()
		await(t, outage.name+": a good answer after it", &load.good, 1, 3*time.Second)
	}
	load.end()
	t.Logf("%d good answers, %d refused", load.good.Load(), load.refused.Load())
}

// load asks all the time and checks each answer.
type load struct {
	t             *testing.T
	asked         []question
	good, refused atomic.Int64
	stop          chan struct{}
	running       sync.WaitGroup
	client        *http.Client
}

// question is a request and its only good answer.
type question struct {
	method, url, body string
	want              string
}

func newLoad(t *testing.T, base string) *load {
	l := &load{t: t, stop: make(chan struct{}), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}, asked: []question{
		{method: "POST", url: base + "/graphql", body: `{"query":"{customers(first:5){nodes{id name subscriptions(first:5){nodes{id phoneNumber usageSummaries(first:5){nodes{id lines{code}}}}}}}}"}`},
		{method: "GET", url: base + "/api/QueryUsageSubscription?take=5"},
	}}
	for i := range l.asked {
		status, _, body, err := l.ask(l.asked[i])
		if status != http.StatusOK || strings.Contains(body, `"errors"`) {
			t.Fatalf("%d %v %s", status, err, body)
		}
		l.asked[i].want = body
	}
	l.running.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-l.stop:
				return
			case <-tick.C:
				l.running.Go(func() { l.check(l.asked[i%len(l.asked)]) })
			}
		}
	})
	t.Cleanup(l.end)
	return l
}

func (l *load) ask(q question) (status int, header http.Header, body string, err error) {
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

// check asks, and takes the one good answer, or 503 with Retry-After, within the time that a request has.
func (l *load) check(q question) {
	started := time.Now()
	status, header, body, err := l.ask(q)
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

// await waits until so many more are counted.
func await(t *testing.T, what string, count *atomic.Int64, more int64, patience time.Duration) {
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
		if took > patience {
			t.Errorf("%s: %d of %d in %s", what, count.Load()-before, more, patience)
			return
		}
	}
}

func (l *load) end() {
	select {
	case <-l.stop:
	default:
		close(l.stop)
	}
	l.running.Wait()
	l.client.CloseIdleConnections()
}
