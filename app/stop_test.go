package app

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// asProgram is the environment variable that makes of the tests the program itself.
const asProgram = "USAGEGRAPH_TEST_PROGRAM"

// schema is the text of schema.graphqls.
var schema = func() string {
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		panic(err)
	}
	return string(text)
}()

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Main(schema))
	}
	os.Exit(m.Run())
}

// TestTheProgramIsToldToStop runs the program in a process of its own, as an operator does.
func TestTheProgramIsToldToStop(t *testing.T) {
	t.Parallel()
	t.Run("running requests are finished first", func(t *testing.T) {
		t.Parallel()
		p := launch(t)
		slow := p.ask(t)
		p.signal(t, syscall.SIGTERM)
		p.awaitStatus(t, "/readyz", http.StatusServiceUnavailable)
		if status, _ := get(t, p.base+"/livez"); status != http.StatusOK {
			t.Errorf("/livez: %d while the server drains", status)
		}
		if status, body := get(t, p.base+"/api/QueryUsageSubscription"); status != http.StatusServiceUnavailable {
			t.Errorf("%d %s: a new request is let in", status, body)
		}
		if status, body := slow.finish(); status != http.StatusOK || body != `{"data":{"__typename":"Query"}}` {
			t.Errorf("the running request: %d %s", status, body)
		}
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	t.Run("a load balancer has time to notice", func(t *testing.T) {
		t.Parallel()
		p := launch(t, "--drain-delay", "4s")
		p.signal(t, syscall.SIGTERM)
		p.awaitStatus(t, "/readyz", http.StatusServiceUnavailable)
		if status, body := get(t, p.base+"/api/QueryUsageSubscription"); status != http.StatusOK {
			t.Errorf("%d %s: a request that was on its way", status, body)
		}
		if err := p.end(t); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	t.Run("a second signal ends it at once", func(t *testing.T) {
		t.Parallel()
		p := launch(t)
		slow := p.ask(t)
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

// process is the program, running.
type process struct {
	base  string
	pid   *exec.Cmd
	ended chan error
}

// launch starts the program on an empty database of its own and waits until it is ready.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	program := exec.Command(os.Args[0], append([]string{"--database", filepath.Join(t.TempDir(), "test.db")}, args...)...)
	program.Env = append(os.Environ(), asProgram+"=yes")
	return begin(t, program)
}

// begin starts a program that serves, at an address that it is given, and waits until it is ready.
func begin(t *testing.T, program *exec.Cmd) *process {
	t.Helper()
	program.Args = append(program.Args, "--addr", "127.0.0.1:0")
	p := &process{pid: program, ended: make(chan error, 1)}
	printed, err := p.pid.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.pid.Start(); err != nil {
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
		p.ended <- p.pid.Wait()
	}()
	t.Cleanup(func() { p.pid.Process.Kill() })
	select {
	case p.base = <-base:
	case err := <-p.ended:
		t.Fatalf("the program ended: %v", err)
	}
	p.awaitStatus(t, "/readyz", http.StatusOK)
	return p
}

// slowRequest is a request that the server has begun to answer.
type slowRequest struct {
	body   *io.PipeWriter
	answer chan struct {
		status int
		body   string
	}
}

// ask begins a request, and does not end it.
func (p *process) ask(t *testing.T) *slowRequest {
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
	r.Header.Set("Expect", "100-continue") // The server says so once somebody reads the body: the request runs.
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
	// This returns when the client has taken it, which is after the server has asked for it.
	io.WriteString(rest, `{"query":`)
	return s
}

// finish ends the request and returns its answer; status 0 is none.
func (s *slowRequest) finish() (status int, body string) {
	io.WriteString(s.body, `"{__typename}"}`)
	s.body.Close()
	got := <-s.answer
	return got.status, got.body
}

func (p *process) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.pid.Process.Signal(signal); err != nil {
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

// end waits for the program's end, as long as it may take.
func (p *process) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(15 * time.Second):
		t.Fatal("the program does not end within 15 seconds")
		return nil
	}
}
