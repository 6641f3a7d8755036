package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"usagegraph/db/dbtest"
)

// syncBuffer collects the output of a program. It can be read while the program writes.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *syncBuffer) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *syncBuffer) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start runs the server until the test ends. It waits until the server is ready and returns its address and its output.
func start(t *testing.T, args ...string) (base, printed string) {
	t.Helper()
	base, out, _ := startWithOutput(t, args...)
	return base, out.String()
}

// startWithOutput is start with the buffer of the server's output and a function that stops the server.
func startWithOutput(t *testing.T, args ...string) (base string, out *syncBuffer, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out = &syncBuffer{}
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, schema, append([]string{"--addr", "127.0.0.1:0"}, args...), nil, out, out)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	t.Cleanup(stop)
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(2 * time.Minute); ; {
		select {
		case err := <-done:
			done <- nil
			t.Fatalf("the server ended: %v\n%s", err, out.String())
		case <-deadline:
			t.Fatalf("not ready:\n%s", out.String())
		case <-tick.C:
		}
		base = address.FindString(out.String())
		if base == "" {
			continue
		}
		if answer, err := http.Get(base + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return base, out, stop
			}
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// count returns the total count of a root list.
func count(t *testing.T, base, list string) int {
	t.Helper()
	answer, err := http.Post(base+"/graphql", "application/json", strings.NewReader(`{"query":"{`+list+`{totalCount}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct {
		Data map[string]struct{ TotalCount int }
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	return found.Data[list].TotalCount
}

// runCommand runs a command and returns its output. in is its standard input.
func runCommand(t *testing.T, in string, args ...string) (printed string, err error) {
	t.Helper()
	var out syncBuffer
	err = Run(t.Context(), schema, args, strings.NewReader(in), &out, &out)
	return out.String(), err
}

// sample returns the absolute path of a file below sources.
func sample(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "sources", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNamedDatabaseGetsNoSamples(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, _ := start(t, "--database", url)
		if n := count(t, base, "subscriptions"); n != 0 {
			t.Errorf("%d subscriptions", n)
		}
	})
}

func TestServedSchemaEqualsPrintedSchema(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	printed, err := runCommand(t, "", "schema")
	if err != nil {
		t.Fatal(err)
	}
	if status, served := get(t, base+"/schema.graphql"); status != http.StatusOK || served != printed || !strings.Contains(served, "type ServiceSubscription implements Node") {
		t.Errorf("%d: %.200s", status, served)
	}
}

func TestPublicAddressWithoutAuthenticationIsRefused(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		if _, err := runCommand(t, "", "--addr", addr, "--database", filepath.Join(t.TempDir(), "test.db")); err == nil || !strings.Contains(err.Error(), "--insecure") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestHelpListsCommandsAndSettings(t *testing.T) {
	t.Parallel()
	var printed string
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}} {
		page, err := runCommand(t, "", args...)
		if err != nil {
			t.Fatal(err)
		}
		printed += page
	}
	for _, want := range []string{"import", "link", "demo", "migrate", "schema", "version", "DATABASE_URL", "DXP_TIME_ZONE", "ELEVATE_CURRENCY", "STN_CURRENCY",
		"ELEVATE_REGION", "BRM_REGION", "STN_REGION", "STN_TIME_ZONE", "ATTRIBUTION_WINDOW", "ADDR", "MAX_COMPLEXITY", "INTROSPECTION",
		"DXP_UNAUTHORIZED", "ELEVATE_TOTAL_COUNT", "BRM_NULLS", "STN_ORDER", "STN_TOTAL", "STN_TAKE", "UNKNOWN_PARAMETERS"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not in\n%s", want, printed)
		}
	}
	if _, err := os.Stat(defaultDatabase); err == nil {
		t.Error("help created a database")
	}
}

func TestServeAppliesLimits(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"), "--max-depth", "2", "--introspection", "off")
	for query, code := range map[string]string{
		"{customers{totalCount}}": "", "{customers{nodes{name}}}": "LIMIT_EXCEEDED", "{__schema{queryType{name}}}": "INTROSPECTION_DISABLED",
	} {
		if _, body := get(t, base+"/graphql?query="+url.QueryEscape(query)); strings.Contains(body, "errors") != (code != "") || !strings.Contains(body, code) {
			t.Errorf("%s: %s", query, body)
		}
	}
}

func TestServeRefusesInvalidSettings(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--max-depth", "0"}, {"--max-page", "1001"}, {"--cors-origin", "*"}, {"--introspection", "maybe"}, {"--trusted-documents", "nowhere.json"}} {
		if _, err := runCommand(t, "", append(args, "--addr", "127.0.0.1:0", "--database", filepath.Join(t.TempDir(), "test.db"))...); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

// TestInvalidLimitIsRefusedByTheNameInUse also checks that nothing is opened before.
func TestInvalidLimitIsRefusedByTheNameInUse(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	for _, test := range []struct {
		args []string
		env  string
		want string
	}{
		{[]string{"--max-depth", "0"}, "", "--max-depth: want 1 or more"},
		{nil, "MAX_DEPTH=0", "MAX_DEPTH: want 1 or more"},
		{[]string{"--max-page=1001"}, "", "--max-page: want at most 1000"},
		{nil, "MAX_PAGE=1001", "MAX_PAGE: want at most 1000"},
		{[]string{"--timeout", "0s"}, "", "--timeout: want more than 0s"},
		{nil, "REQUEST_TIMEOUT=0s", "REQUEST_TIMEOUT: want more than 0s"},
		{[]string{"--max-running", "0"}, "MAX_RUNNING=5", "--max-running: want 1 or more"},
		{[]string{"--drain-delay", "1h"}, "", "--drain-delay: want 0s to 4s"},
		{nil, "IDLE_TIMEOUT=0s", "IDLE_TIMEOUT: want more than 0s"},
		{[]string{"--addr", "nonsense"}, "", "--addr: want host:port"},
	} {
		program := exec.CommandContext(t.Context(), os.Args[0], append([]string{"--database", database, "serve"}, test.args...)...)
		program.Env = append(os.Environ(), runMainVariable+"=yes", test.env)
		if out, err := program.CombinedOutput(); err == nil || !strings.Contains(string(out), test.want) {
			t.Errorf("%v %s: %v\n%s", test.args, test.env, err, out)
		}
	}
	if _, err := os.Stat(database); err == nil {
		t.Error("the database was created")
	}
}

func TestInvalidDataSettingsAreRefused(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	for _, flag := range []string{"--elevate-region=XX", "--brm-region=us", "--stn-region=NLD", "--stn-time-zone=Mars/Phobos", "--attribution-window=-1", "--attribution-window=1.5", "--attribution-window=100000"} {
		name, _, _ := strings.Cut(flag, "=")
		if _, err := runCommand(t, "", flag, "--database", database, "demo", "--customers", "1", "--records", "1"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", flag, err)
		}
	}
	if _, err := runCommand(t, "", "--elevate-region=", "--attribution-window=0", "--database", database, "migrate"); err != nil {
		t.Error(err)
	}
}
