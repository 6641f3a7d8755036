package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"usagegraph/db/dbtest"
	"usagegraph/edge"
)

const (
	concurrentClients = 2000      // number of clients, each with its own connection
	maxServerMemory   = 512 << 20 // peak memory of the server in bytes
)

// TestServerUnderLoadOfManyClients sends two requests per client at the same time, for a subscription with its buckets
// and balances. Each answer must be correct, or a rejection by admission with Retry-After. The test is not parallel,
// since it would slow down others.
func TestServerUnderLoadOfManyClients(t *testing.T) {
	requireOpenFiles(t, 2*concurrentClients+500)
	// Without the race detector, which needs memory of its own.
	program := filepath.Join(t.TempDir(), "usagegraph")
	if out, err := exec.Command("go", "build", "-race=false", "-buildvcs=false", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := exec.Command(program, "--database", url, "demo", "--customers", "50", "--records", "500").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		p := startProcess(t, exec.Command(program, "--database", url))
		c := newClientLoad(t, p.base)
		for range 2 {
			c.sendAll()
		}
		c.report()
		if peak := peakMemory(t, p.cmd.Process.Pid); peak > maxServerMemory {
			t.Errorf("the server used %d MB, want at most %d", peak>>20, maxServerMemory>>20)
		} else {
			t.Logf("the server used %d MB", peak>>20)
		}
		p.signal(t, syscall.SIGTERM)
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
}

// requireOpenFiles fails the test if the limit of open files, which include connections, is too low. Go has already
// raised the soft limit to the hard limit.
func requireOpenFiles(t *testing.T, files uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur < files {
		t.Fatalf("the limit of open files is %d, want %d: raise the hard limit (ulimit -Hn)", limit.Cur, files)
	}
}

// peakMemory returns the peak resident memory of a process in bytes.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if peak == nil {
		t.Fatalf("no VmHWM in\n%s", status)
	}
	kilobytes, err := strconv.Atoi(string(peak[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

// clientLoad sends requests of many clients to a server and counts the answers.
type clientLoad struct {
	t        *testing.T
	address  string
	requests []expectedRequest
	clients  [concurrentClients]loadClient

	mu            sync.Mutex
	good, refused int
	wrong         []string
}

// loadClient is a client with its connection, which is opened for the first request.
type loadClient struct {
	conn   net.Conn
	answer *bufio.Reader
}

// newClientLoad prepares a request for each subscription, with its answer without load.
func newClientLoad(t *testing.T, base string) *clientLoad {
	t.Helper()
	c := &clientLoad{t: t, address: strings.TrimPrefix(base, "http://")}
	query := read(t, "Q2.ours.graphql")
	var found struct {
		Data struct {
			Buckets struct {
				Nodes []struct{ Subscription struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal([]byte(graphql(t, base, "{buckets(first: 100, filter: {source: {eq: DXP}}) {nodes {subscription {id}}}}", nil)), &found); err != nil {
		t.Fatal(err)
	}
	var subscriptions []string
	for _, bucket := range found.Data.Buckets.Nodes {
		if id := bucket.Subscription.ID; !slices.Contains(subscriptions, id) {
			subscriptions = append(subscriptions, id)
			variables := map[string]any{"subscription": id}
			body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
			if err != nil {
				t.Fatal(err)
			}
			c.requests = append(c.requests, expectedRequest{http.MethodPost, base + "/graphql", string(body), graphql(t, base, query, variables)})
		}
	}
	if len(subscriptions) < 10 || !strings.Contains(c.requests[0].want, `"balances":[{"remaining":{`) {
		t.Fatalf("%d subscriptions: %v", len(subscriptions), c.requests)
	}
	t.Cleanup(func() {
		for _, m := range c.clients {
			if m.conn != nil {
				m.conn.Close()
			}
		}
	})
	return c
}

// sendAll sends a request of each client at the same time and waits for all answers.
func (c *clientLoad) sendAll() {
	var all sync.WaitGroup
	for i := range c.clients {
		q := c.requests[i%len(c.requests)]
		all.Go(func() {
			status, header, body, err := c.clients[i].send(c.address, q)
			c.count(q, status, header, body, err)
		})
	}
	all.Wait()
}

// send sends a request and reads the answer. Unlike http.Client, it does not retry if the connection is lost.
func (m *loadClient) send(address string, q expectedRequest) (status int, header http.Header, body string, err error) {
	if m.conn == nil {
		if m.conn, err = net.Dial("tcp", address); err != nil {
			return 0, nil, "", err
		}
		m.answer = bufio.NewReader(m.conn)
	}
	if err := m.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, nil, "", err
	}
	r, err := http.NewRequest(q.method, q.url, strings.NewReader(q.body))
	if err != nil {
		return 0, nil, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	if err := r.Write(m.conn); err != nil {
		return 0, nil, "", err
	}
	answer, err := http.ReadResponse(m.answer, r)
	if err != nil {
		return 0, nil, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, string(text), err
}

// rejections are the answers that ask a client to retry: the limit MAX_RUNNING is reached or, on a machine with other load, no
// connection to the database was free in time.
var rejections = []string{
	`{"errors":[{"message":"too many requests are running: try again","extensions":{"code":"TOO_MANY_REQUESTS"}}]}`,
	`{"errors":[{"message":"the database does not answer: try again soon","extensions":{"code":"UNAVAILABLE"}}]}`,
}

// count counts a correct answer, a rejection, or another answer.
func (c *clientLoad) count(q expectedRequest, status int, header http.Header, body string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		c.wrong = append(c.wrong, err.Error())
	case status == http.StatusOK && body == q.want:
		c.good++
	case status == http.StatusRequestTimeout: // this client was slow to write, on a busy machine
		c.refused++
	case status == http.StatusServiceUnavailable && header.Get("Retry-After") == "1" && slices.Contains(rejections, body):
		c.refused++
	default:
		c.wrong = append(c.wrong, fmt.Sprint(status, " ", header, " ", body))
	}
}

// report fails the test if there were other answers, or fewer correct answers than MAX_RUNNING.
func (c *clientLoad) report() {
	c.t.Helper()
	c.t.Logf("%d good answers, %d refused", c.good, c.refused)
	if len(c.wrong) > 0 {
		c.t.Errorf("%d other answers, such as\n%s", len(c.wrong), strings.Join(c.wrong[:min(len(c.wrong), 5)], "\n"))
	}
	if want := edge.DefaultSettings().MaxRunning; c.good < want {
		c.t.Errorf("%d good answers, want %d at least", c.good, want)
	}
}
