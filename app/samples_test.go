package app

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db"
)

// readme is the text of README.md.
var readme = func() string { return string(must(os.ReadFile("../README.md"))) }()

// readmeRequests returns the requests of the table of old endpoints in the README, and those by curl to the local server.
func readmeRequests(t *testing.T) (requests []*http.Request) {
	t.Helper()
	add := func(url string) *http.Request {
		r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil))
		requests = append(requests, r)
		return r
	}
	for _, found := range regexp.MustCompile("(?m)^\\| (elevate|brm|sTN) \\| `GET (\\S+)`").FindAllStringSubmatch(readme, -1) {
		add(found[2])
	}
	for _, found := range regexp.MustCompile(`(?m)^curl (-H .*) \\\n  'http://127\.0\.0\.1:8080(\S+)'$`).FindAllStringSubmatch(readme, -1) {
		r := add(found[2])
		for _, header := range regexp.MustCompile(`-H '([^:]+): ([^']+)'`).FindAllStringSubmatch(found[1], -1) {
			r.Header.Set(header[1], header[2])
		}
	}
	return requests
}

func TestOnlyFirstStartLoadsSamples(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("first", func(t *testing.T) {
		base, printed := start(t)
		for _, want := range []string{"usagegraph.db is new", "usage-consumption-prepaid.json", "demo elevate", "/graphql"} {
			if !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
		if n := count(t, base, "usageRecords"); n != 4003 {
			t.Errorf("%d usage records", n)
		}
		if n := count(t, base, "customers"); n != 23 {
			t.Errorf("%d customers", n)
		}
		for _, path := range []string{"/customer-usage-data?page=1&pageSize=1", "/graphql?query=%7BusageRecords(first:1)%7Bnodes%7BserviceId%7D%7D%7D"} {
			if _, body := get(t, base+path); strings.Contains(body, `"string"`) {
				t.Errorf("%s: the first record has placeholders: %s", path, body)
			}
		}
		requests := readmeRequests(t)
		if len(requests) < 4 {
			t.Errorf("%d requests in the README", len(requests))
		}
		for _, r := range requests {
			r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(base, "http://")
			answer := must(http.DefaultClient.Do(r))
			body := must(io.ReadAll(answer.Body))
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK || len(body) < 100 {
				t.Errorf("%s: %d %s", r.URL, answer.StatusCode, body)
			}
		}
	})
	t.Run("second", func(t *testing.T) {
		base, printed := start(t)
		if strings.Contains(printed, "new") || count(t, base, "usageRecords") != 4003 {
			t.Errorf("it was loaded again:\n%s", printed)
		}
	})
}

func TestStartWithoutSamplesLoadsNone(t *testing.T) {
	t.Chdir(t.TempDir())
	base, printed := start(t, "--samples=no")
	if n := count(t, base, "customers"); n != 0 || strings.Contains(printed, "loading") {
		t.Errorf("%d customers:\n%s", n, printed)
	}
}

func TestStartAfterImportLoadsNoSamples(t *testing.T) {
	document := sample(t, "brm/sample/brm-usage.json")
	t.Chdir(t.TempDir())
	if printed, err := runCommand(t, "", "import", "brm", document); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t)
	if n := count(t, base, "usageRecords"); n != 2 {
		t.Errorf("%d usage records", n)
	}
}

// stopWriter calls stop when a text has been written to it.
type stopWriter struct {
	syncBuffer
	text string
	stop func()
}

func (s *stopWriter) Write(p []byte) (int, error) {
	n, err := s.syncBuffer.Write(p)
	if strings.Contains(s.String(), s.text) {
		s.stop()
	}
	return n, err
}

// TestInterruptedFirstStartIsContinued interrupts the first start before, within and after the generated documents.
func TestInterruptedFirstStartIsContinued(t *testing.T) {
	for _, text := range []string{"usagegraph.db is new", "demo brm", "brm-usage.json"} {
		t.Run("stopped after "+text, func(t *testing.T) {
			t.Chdir(t.TempDir())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &stopWriter{text: text, stop: cancel}
			if err := Run(ctx, schema, []string{"--addr", "127.0.0.1:0"}, nil, out, out); err == nil || !strings.Contains(err.Error(), "run the command again to continue") {
				t.Fatalf("%v\n%s", err, out)
			}
			checkNextStarts(t)
		})
	}
	t.Run("killed in the first document", func(t *testing.T) {
		t.Chdir(t.TempDir())
		if printed, err := runCommand(t, "", "migrate"); err != nil {
			t.Fatal(err, printed)
		}
		store, err := db.Open(t.Context(), defaultDatabase, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.StartImport(t.Context(), &db.Import{Source: db.STN, File: "sample/query-usage-subscription.json"}); err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		checkNextStarts(t)
	})
}

// checkNextStarts starts the server twice: the first start loads the rest of the samples, the second nothing.
func checkNextStarts(t *testing.T) {
	t.Helper()
	t.Run("next", func(t *testing.T) {
		base, printed := start(t)
		if !strings.Contains(printed, "usagegraph.db: an earlier load of the samples was interrupted: loading the rest") {
			t.Errorf("printed\n%s", printed)
		}
		if records, customers := count(t, base, "usageRecords"), count(t, base, "customers"); records != 4003 || customers != 23 {
			t.Errorf("%d usage records, %d customers", records, customers)
		}
	})
	t.Run("the one after it", func(t *testing.T) {
		if _, printed := start(t); strings.Contains(printed, "loading") {
			t.Errorf("it was loaded again:\n%s", printed)
		}
	})
}
