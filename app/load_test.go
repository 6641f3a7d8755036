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
	// crowdSize is how many clients ask at once, each by a connection of its own, and crowdMemory how much of the
	// machine's memory the server may have taken at most.
	crowdSize   = 2000
	crowdMemory = 512 << 20
)

// TestTwoThousandClientsAskAtOnce has each client ask twice for a line with its buckets and their balances: he gets the
// line's answer, or is told that too many requests run and when to come again. It is not parallel to others, which would
// wait for their share of the machine.
func TestTwoThousandClientsAskAtOnce(t *testing.T) {
	mayOpen(t, 2*crowdSize+500)
	// This is the program itself, without the race detector, which would count as its memory.
	program := filepath.Join(t.TempDir(), "usagegraph")
	if out, err := exec.Command("go", "build", "-race=false", "-buildvcs=false", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := exec.Command(program, "--database", url, "demo", "--customers", "50", "--records", "500").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		p := begin(t, exec.Command(program, "--database", url))
		c := newCrowd(t, p.base)
		for range 2 {
			c.ask()
		}
		c.report()
		if peak := peakMemory(t, p.pid.Process.Pid); peak > crowdMemory {
			t.Errorf("the server took %d MB, and may take %d", peak>>20, crowdMemory>>20)
		} else {
			t.Logf("the server took %d MB", peak>>20)
		}
		p.signal(t, syscall.SIGTERM)
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
}

// mayOpen fails a test where this process may not have so many files open, as connections are: Go has raised that as far
// as it can be when a program starts.
func mayOpen(t *testing.T, files uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur < files {
		t.Fatalf("a process may have %d open files, and this test needs %d: raise the hard limit (ulimit -Hn)", limit.Cur, files)
	}
}

// peakMemory is the most memory that a process has had so far, in bytes.
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

// crowd is many clients of one server.
type crowd struct {
	t         *testing.T
	address   string
	questions []question
	members   [crowdSize]member

	mu            sync.Mutex
	good, refused int
	wrong         []string
}

// member is one client, with his connection from when he asks for the first time.
type member struct {
	conn   net.Conn
	answer *bufio.Reader
}

// newCrowd finds out what there is to ask, and what is answered to one who asks alone.
func newCrowd(t *testing.T, base string) *crowd {
	t.Helper()
	c := &crowd{t: t, address: strings.TrimPrefix(base, "http://")}
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
	var lines []string
	for _, bucket := range found.Data.Buckets.Nodes {
		if line := bucket.Subscription.ID; !slices.Contains(lines, line) {
			lines = append(lines, line)
			variables := map[string]any{"subscription": line}
			body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
			if err != nil {
				t.Fatal(err)
			}
			c.questions = append(c.questions, question{http.MethodPost, base + "/graphql", string(body), graphql(t, base, query, variables)})
		}
	}
	if len(lines) < 10 || !strings.Contains(c.questions[0].want, `"balances":[{"remaining":{`) {
		t.Fatalf("%d lines: %v", len(lines), c.questions)
	}
	t.Cleanup(func() {
		for _, m := range c.members {
			if m.conn != nil {
				m.conn.Close()
			}
		}
	})
	return c
}

// ask has all members ask at once, and waits until each is answered.
func (c *crowd) ask() {
	var all sync.WaitGroup
	for i := range c.members {
		q := c.questions[i%len(c.questions)]
		all.Go(func() {
			status, header, body, err := c.members[i].ask(c.address, q)
			c.count(q, status, header, body, err)
		})
	}
	all.Wait()
}

// ask asks and reads the whole answer. Unlike an http.Client it does not ask again by itself where a connection breaks.
func (m *member) ask(address string, q question) (status int, header http.Header, body string, err error) {
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

// count takes the one good answer, and the refusal of the limit that is MAX_RUNNING.
func (c *crowd) count(q question, status int, header http.Header, body string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		c.wrong = append(c.wrong, err.Error())
	case status == http.StatusOK && body == q.want:
		c.good++
	case status == http.StatusServiceUnavailable && header.Get("Retry-After") == "1" &&
		body == `{"errors":[{"message":"too many requests are running: try again","extensions":{"code":"TOO_MANY_REQUESTS"}}]}`:
		c.refused++
	default:
		c.wrong = append(c.wrong, fmt.Sprint(status, " ", header, " ", body))
	}
}

// report fails the test where a member was answered otherwise, or fewer well than may run at a time.
func (c *crowd) report() {
	c.t.Helper()
	c.t.Logf("%d good answers, %d refused", c.good, c.refused)
	if len(c.wrong) > 0 {
		c.t.Errorf("%d other answers, such as\n%s", len(c.wrong), strings.Join(c.wrong[:min(len(c.wrong), 5)], "\n"))
	}
	if want := edge.DefaultSettings().MaxRunning; c.good < want {
		c.t.Errorf("%d good answers, want %d at least", c.good, want)
	}
}
