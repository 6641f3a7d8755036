package app

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestBalancerGetsNoBrokenConnectionDuringTheDrainDelay sends requests without pause through nginx to two servers, and
// stops one of them. nginx does not repeat a POST, and asks no health checks.
func TestBalancerGetsNoBrokenConnectionDuringTheDrainDelay(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("nginx")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("nginx is not installed")
	}
	const delay = 2 * time.Second
	first, second := startTestProcess(t, "--drain-delay", delay.String()), startTestProcess(t)
	folder, address := t.TempDir(), fmt.Sprint("127.0.0.1:", freePort(t))
	config := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log stderr; events {} http { access_log off; client_body_temp_path %[1]s/body;
		proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/a; uwsgi_temp_path %[1]s/b; scgi_temp_path %[1]s/c;
		upstream u { server %[2]s max_fails=0; server %[3]s max_fails=0; keepalive 32; }
		server { listen %[4]s; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost; } } }`,
		folder, strings.TrimPrefix(first.base, "http://"), strings.TrimPrefix(second.base, "http://"), address)
	nginx := exec.Command(program, "-c", writeFile(t, folder, "nginx.conf", config), "-p", filepath.Clean(folder), "-e", "stderr")
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		nginx.Process.Signal(syscall.SIGTERM)
		nginx.Wait()
	})
	balancer := &process{base: "http://" + address}
	balancer.awaitStatus(t, "/livez", http.StatusOK)

	type failure struct {
		started time.Time
		answer  string
	}
	var mu sync.Mutex
	var failures []failure
	good, stop := 0, make(chan struct{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				started, answer := time.Now(), ""
				response, err := http.Post(balancer.base+"/graphql", "application/json", strings.NewReader(`{"query":"{customers{totalCount}}"}`))
				if err != nil {
					answer = err.Error()
				} else {
					body, _ := io.ReadAll(response.Body)
					response.Body.Close()
					if response.StatusCode != http.StatusOK {
						answer = fmt.Sprint(response.StatusCode, " ", string(body))
					}
				}
				mu.Lock()
				if answer == "" {
					good++
				} else {
					failures = append(failures, failure{started, answer})
				}
				mu.Unlock()
			}
		})
	}
	signalled := time.Now()
	first.signal(t, syscall.SIGTERM)
	if err := first.end(t); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	close(stop)
	clients.Wait()
	// After the delay a balancer without health checks may still send requests to the server.
	for _, f := range failures {
		if f.started.Before(signalled.Add(delay - 200*time.Millisecond)) {
			t.Errorf("during the drain delay: %s", f.answer)
		}
	}
	if good == 0 {
		t.Error("no good answers")
	}
	t.Logf("%d good answers, %d others after the delay", good, len(failures))
}
