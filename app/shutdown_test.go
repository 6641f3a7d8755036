package app

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// runMainVariable is the environment variable with which the test binary runs the program instead of the tests.
const runMainVariable = "USAGEGRAPH_TEST_PROGRAM"

// schema is the text of schema.graphqls.
var schema = func() string {
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		panic(err)
	}
	return string(text)
}()

func TestMain(m *testing.M) {
	if os.Getenv(runMainVariable) != "" {
		os.Exit(Main(schema))
	}
	os.Exit(m.Run())
}

// TestShutdown runs the program in its own process and sends signals to it.
func TestShutdown(t *testing.T) {
	t.Parallel()
	t.Run("running requests are finished first", func(t *testing.T) {
		t.Parallel()
		p := startTestProcess(t)
		slow := p.startRequest(t)
		p.signal(t, syscall.SIGTERM)
		p.awaitStatus(t, "/readyz", http.StatusServiceUnavailable)
		if status, _ := get(t, p.base+"/livez"); status != http.StatusOK {
			t.Errorf("/livez: %d while the server drains", status)
		}
		if status, body := get(t, p.base+"/api/QueryUsageSubscription"); status != http.StatusServiceUnavailable {
			t.Errorf("%d %s: a new request is admitted", status, body)
		}
		if status, body := slow.finish(); status != http.StatusOK || body != `{"data":{"__typename":"Query"}}` {
			t.Errorf("the running request: %d %s", status, body)
		}
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	t.Run("requests are answered during the drain delay", func(t *testing.T) {
		t.Parallel()
		p := startTestProcess(t, "--drain-delay", "4s")
		idle := must(net.Dial("tcp", strings.TrimPrefix(p.base, "http://")))
		defer idle.Close()
		answers := bufio.NewReader(idle)
		overIdle := func() *http.Response {
			t.Helper()
			r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/api/QueryUsageSubscription", nil))
			if err := r.Write(idle); err != nil {
				t.Fatal(err)
			}
			answer := must(http.ReadResponse(answers, r))
			io.Copy(io.Discard, answer.Body)
			return answer
		}
		if answer := overIdle(); answer.StatusCode != http.StatusOK || answer.Close {
			t.Fatalf("before the signal: %v", answer)
		}
		p.signal(t, syscall.SIGTERM)
		p.awaitStatus(t, "/readyz", http.StatusServiceUnavailable)
		if answer := overIdle(); answer.StatusCode != http.StatusOK || !answer.Close {
			t.Errorf("over a connection that was idle: %v", answer)
		}
		if status, body := get(t, p.base+"/api/QueryUsageSubscription"); status != http.StatusOK {
			t.Errorf("%d %s: a request during the drain delay", status, body)
		}
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	t.Run("a second signal ends it at once", func(t *testing.T) {
		t.Parallel()
		p := startTestProcess(t)
		slow := p.startRequest(t)
		p.signal(t, syscall.SIGTERM)
		p.awaitStatus(t, "/readyz", http.StatusServiceUnavailable)
		p.signal(t, syscall.SIGTERM)
		var exit *exec.ExitError
		if err := p.end(t); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
			t.Errorf("the program ended with %v, want the signal", err)
		}
		if status, body := slow.finish(); status != 0 {
			t.Errorf("the running request: %d %s", status, body)
		}
	})
}

// process is a running program.
type process struct {
	base  string
	cmd   *exec.Cmd
	ended chan error
}

// startTestProcess starts the test binary as the program, with an empty database, and waits until it is ready.
func startTestProcess(t *testing.T, args ...string) *process {
	t.Helper()
	program := exec.Command(os.Args[0], append([]string{"--database", filepath.Join(t.TempDir(), "test.db")}, args...)...)
	program.Env = append(os.Environ(), runMainVariable+"=yes")
	return startProcess(t, program)
}

// startProcess starts a server on a free port and waits until it is ready.
func startProcess(t *testing.T, program *exec.Cmd) *process {
	t.Helper()
	program.Args = append(program.Args, "--addr", "127.0.0.1:0")
	p := &process{cmd: program, ended: make(chan error, 1)}
	printed, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	base := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(printed)
		for lines.Scan() {
			if found := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(lines.Text()); found != "" {
				select {
				case base <- found:
				default:
				}
			}
		}
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() { p.cmd.Process.Kill() })
	select {
	case p.base = <-base:
	case err := <-p.ended:
		t.Fatalf("the program ended: %v", err)
	}
	p.awaitStatus(t, "/readyz", http.StatusOK)
	return p
}

// slowRequest is a running request whose body is not complete yet.
type slowRequest struct {
	body   *io.PipeWriter
	answer chan struct {
		status int
		body   string
	}
}

// startRequest starts a request without completing its body.
func (p *process) startRequest(t *testing.T) *slowRequest {
	t.Helper()
	body, rest := io.Pipe()
	s := &slowRequest{body: rest, answer: make(chan struct {
		status int
		body   string
	}, 1)}
	r, err := http.NewRequest(http.MethodPost, p.base+"/graphql", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue") // answered when the handler starts to read the body
	go func() {
		var got struct {
			status int
			body   string
		}
		client := http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
		if answer, err := client.Do(r); err == nil {
			text, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			got.status, got.body = answer.StatusCode, string(text)
		}
		body.Close()
		s.answer <- got
	}()
	// Blocks until the server has answered 100 Continue and the client reads the pipe, so that the request is running.
	io.WriteString(rest, `{"query":`)
	return s
}

// finish completes the request and returns its answer; the status is 0 if there is none.
func (s *slowRequest) finish() (status int, body string) {
	io.WriteString(s.body, `"{__typename}"}`)
	s.body.Close()
	got := <-s.answer
	return got.status, got.body
}

func (p *process) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func (p *process) awaitStatus(t *testing.T, path string, want int) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); ; {
		if answer, err := http.Get(p.base + path); err == nil {
			answer.Body.Close()
			if answer.StatusCode == want {
				return
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s is not %d", path, want)
		}
	}
}

// end waits up to 15 seconds for the end of the program and returns its error.
func (p *process) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(15 * time.Second):
		t.Fatal("the program did not end within 15 seconds")
		return nil
	}
}
