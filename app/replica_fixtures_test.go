package app

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usagegraph/db"
)

// replicated is a primary with a streaming standby and a server that reads from both. Each imported document adds one
// record, so that the revision of an answer determines its records.
type replicated struct {
	t                *testing.T
	primary, standby *postgres
	// database is the connection string of whichever is the primary.
	database string
	base     string
	out      *syncBuffer
	// offset is the revision of no records.
	offset int64
	// imported is the number of imported documents, printed the revision that the last import printed.
	imported int
	printed  atomic.Int64
	// limited and everyone are the secrets of clients.
	limited, everyone string
}

func newReplicated(t *testing.T, args ...string) *replicated {
	p := &replicated{t: t, primary: newPostgres(t)}
	p.primary.start()
	p.standby = p.primary.standby()
	p.database = fmt.Sprintf("host=127.0.0.1,127.0.0.1 port=%d,%d user=postgres dbname=postgres sslmode=disable target_session_attrs=read-write", p.primary.port, p.standby.port)
	p.importOne()
	secret := regexp.MustCompile(`usagegraph_\S+`)
	for i, client := range []struct {
		secret *string
		args   []string
	}{{&p.limited, []string{"--customer", "elevate:7"}}, {&p.everyone, nil}} {
		made := p.command(append([]string{"client", "create", fmt.Sprint("shop", i)}, client.args...)...)
		if *client.secret = secret.FindString(made); *client.secret == "" {
			t.Fatal(made)
		}
	}
	p.importOne() // the clients were revisions, too
	p.offset = p.printed.Load() - int64(p.imported)
	p.base, p.out, _ = startWithOutput(t, append([]string{"--database", p.database, "--metrics-addr", "127.0.0.1:0", "--replica-url", p.address(p.standby)}, args...)...)
	return p
}

func (p *replicated) address(of *postgres) string {
	return "postgres://postgres@" + of.address() + "/postgres?sslmode=disable"
}

// command runs a command on the primary.
func (p *replicated) command(args ...string) string {
	p.t.Helper()
	printed, err := runCommand(p.t, "", append([]string{"--database", p.database}, args...)...)
	if err != nil {
		p.t.Fatal(err, printed)
	}
	return printed
}

// importOne imports a document with a new record. It returns false if the primary does not answer.
func (p *replicated) importOne() bool {
	p.t.Helper()
	p.imported++
	record := fmt.Sprintf(`[{"id":%d,"customerId":7,"eventDate":"2025-01-01T00:00:00Z","sellPrice":1}]`, p.imported)
	printed, err := runCommand(p.t, record, "--database", p.database, "import", "elevate", "-")
	if err == nil {
		p.printed.Store(printedRevision(p.t, printed))
	}
	return err == nil
}

// sql runs a statement on a server.
func (p *replicated) sql(of *postgres, statement string) {
	p.t.Helper()
	pool := must(sql.Open("postgres", p.address(of)))
	defer pool.Close()
	if _, err := pool.Exec(statement); err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}

// revisionAnswer is an answer with the revision in its header.
type revisionAnswer struct {
	status   int
	body     string
	revision int64
	header   http.Header
}

// request sends a request of a client for a least revision; "" for none.
func (p *replicated) request(path, secret, least string) (a revisionAnswer, err error) {
	r := must(http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+path, nil))
	r.Header.Set("Authorization", "Bearer "+secret)
	if least != "" {
		r.Header.Set(db.RevisionHeader, least)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	a = revisionAnswer{status: answer.StatusCode, body: string(text), header: answer.Header}
	a.revision, _ = strconv.ParseInt(answer.Header.Get(db.RevisionHeader), 10, 64)
	return a, err
}

const (
	replicaGraph = "/graphql?query=%7Blist:usageRecords(first:1000)%7Bnodes%7Bid%7D%7D%20usageRecords%7BtotalCount%7D%7D"
	replicaREST  = "/customer-usage-data?page=1&pageSize=1000"
)

// records returns the number of records of a good answer, which is -1 if the answer contradicts itself.
func (a revisionAnswer) records() int64 {
	var list []any
	if json.Unmarshal([]byte(a.body), &list) == nil {
		return int64(len(list))
	}
	var found struct {
		Data struct {
			List         struct{ Nodes []any }
			UsageRecords struct{ TotalCount int64 }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &found); err != nil {
		return -1
	}
	if n := found.Data.UsageRecords.TotalCount; n == int64(len(found.Data.List.Nodes)) {
		return n
	}
	return -1
}

// answers returns the number of answers that were read from the replica.
func (p *replicated) answers() (n int) {
	p.t.Helper()
	metrics := regexp.MustCompile(`http://\S+/metrics`).FindString(p.out.String())
	_, body := get(p.t, metrics)
	found := regexp.MustCompile(`usagegraph_replica_answers_total\{.*} (\d+)`).FindStringSubmatch(body)
	if found == nil {
		p.t.Fatalf("no metric in %s", metrics)
	}
	return must(strconv.Atoi(found[1]))
}

// check reports an answer that is neither right nor 503 with Retry-After. It returns whether the answer is right.
func (p *replicated) check(path string, a revisionAnswer, least int64) bool {
	p.t.Helper()
	switch {
	case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "" && a.header.Get("ETag") == "" && a.revision == 0:
		return false
	case a.status == http.StatusOK && a.records() == a.revision-p.offset && a.revision >= least:
		return true
	}
	p.t.Errorf("%s: %d, revision %d with %d records from revision %d, at least %d: %.200s", path, a.status, a.revision, a.records(), p.offset, least, a.body)
	return false
}

// replicaLoad sends requests until it is ended.
type replicaLoad struct {
	*replicated
	good, refused, imports atomic.Int64
	stop                   chan struct{}
	running                sync.WaitGroup
}

func (p *replicated) load() *replicaLoad {
	l := &replicaLoad{replicated: p, stop: make(chan struct{})}
	l.running.Go(func() { l.every(50*time.Millisecond, l.importNext) })
	l.running.Go(func() { l.every(10*time.Millisecond, func(i int) { l.running.Go(func() { l.read(i) }) }) })
	p.t.Cleanup(l.end)
	return l
}

func (l *replicaLoad) every(interval time.Duration, do func(int)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-l.stop:
			return
		case <-tick.C:
			do(i)
		}
	}
}

func (l *replicaLoad) importNext(int) {
	if l.importOne() {
		l.imports.Add(1)
	}
}

// read sends one of six kinds of requests. Those of a client with customers see all that was imported before, and so do those
// that name the revision.
func (l *replicaLoad) read(i int) {
	path, secret, least, printed := replicaGraph, l.everyone, "", l.printed.Load()
	if i%2 == 0 {
		path = replicaREST
	}
	wanted := int64(0)
	switch i / 2 % 3 {
	case 0:
		secret, wanted = l.limited, printed
	case 1:
		least, wanted = strconv.FormatInt(printed, 10), printed
	}
	a, err := l.request(path, secret, least)
	switch {
	case err != nil:
		l.t.Errorf("%s: %v", path, err)
	case l.check(path, a, wanted):
		l.good.Add(1)
	default:
		l.refused.Add(1)
	}
}

func (l *replicaLoad) end() {
	select {
	case <-l.stop:
	default:
		close(l.stop)
	}
	l.running.Wait()
}

// awaitReady waits until /readyz begins with a text.
func (p *replicated) awaitReady(want string) {
	p.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	body := ""
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); <-tick.C {
		if _, body = get(p.t, p.base+"/readyz"); strings.HasPrefix(body, want) {
			return
		}
	}
	p.t.Fatalf("/readyz: %q, not %q\n%.3000s", body, want, p.out)
}
