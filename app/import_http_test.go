package app

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usagegraph/db/dbtest"
)

// importAnswer is the answer of POST /import.
type importAnswer struct {
	Status     int    `json:"-"`
	RetryAfter string `json:"-"`
	Text       string `json:"-"`

	importCounts
	Error  struct{ Code, Message string }
	Report *importCounts
}

type importCounts struct {
	ID, State                                                      string
	Read, New, Changed, Unchanged, Older, Rejected, RejectsOmitted int64
	Revision                                                       int64
	Rejects                                                        []struct {
		Record, Byte int64
		Field        *string
		Reason       string
	}
}

func (c importCounts) String() string {
	return fmt.Sprintf("%s: %d read, %d new, %d changed, %d unchanged, %d older, %d rejected", c.State, c.Read, c.New, c.Changed, c.Unchanged, c.Older, c.Rejected)
}

// post sends a document with headers in pairs.
func post(t *testing.T, url string, document io.Reader, headers ...string) importAnswer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, document)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := importAnswer{Status: response.StatusCode, RetryAfter: response.Header.Get("Retry-After"), Text: string(text)}
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatalf("%d %s: %v", a.Status, text, err)
	}
	return a
}

// calls returns records of elevate with ids from a number on, one a line.
func calls(from, n int) string {
	var b strings.Builder
	for id := from; id < from+n; id++ {
		fmt.Fprintf(&b, `{"id":%d,"customerId":17,"eventDate":"2025-01-01T00:00:00Z"}`+"\n", id)
	}
	return b.String()
}

func TestImportByHTTPEqualsTheCommand(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, _ := start(t, "--database", url, "--base-path", "/usage", "--samples", "no")
		for source, document := range map[string]string{
			"brm": "brm/sample/brm-usage.json", "elevate": "elevate/sample/customer-usage-data.json", "stn": "stn/sample/query-usage-subscription.json",
		} {
			text, err := os.ReadFile(sample(t, document))
			if err != nil {
				t.Fatal(err)
			}
			var zipped bytes.Buffer
			z := gzip.NewWriter(&zipped)
			z.Write(text)
			z.Close()
			first := post(t, base+"/usage/import/"+source, bytes.NewReader(text), "Content-Type", "application/json")
			if first.Status != http.StatusOK || first.State != "DONE" || first.New == 0 || first.New != first.Read || first.Revision == 0 {
				t.Errorf("%s: %s", source, first.Text)
			}
			again := post(t, base+"/usage/import/"+source, &zipped, "Content-Encoding", "gzip")
			if again.Status != http.StatusOK || again.Unchanged != first.New || again.ID == first.ID {
				t.Errorf("%s again: %s", source, again.Text)
			}
			if printed, err := runCommand(t, "", "--database", url, "import", source, sample(t, document)); err != nil || !strings.Contains(printed, ": no changes") {
				t.Errorf("%s by the command: %v %s", source, err, printed)
			}
		}
		csv := "id;eventDate;customerId\n101;2025-01-01T00:00:00Z;17\n102;2025;17\n103;2025-01-01T00:00:00Z;x\n"
		a := post(t, base+"/usage/import/elevate", strings.NewReader(csv), "Content-Type", "text/csv; charset=utf-8")
		if a.Status != http.StatusOK || a.importCounts.String() != "DONE: 3 read, 1 new, 0 changed, 0 unchanged, 0 older, 2 rejected" || len(a.Rejects) != 2 ||
			a.Rejects[1].Record != 3 || a.Rejects[1].Byte != int64(strings.Index(csv, "103;2025")) || *a.Rejects[1].Field != "customerId" || !strings.HasPrefix(a.Rejects[1].Reason, "want a number") {
			t.Error(a.Text)
		}
	})
}

func TestImportRefusals(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	base, _ := start(t, "--database", database, "--max-import-bytes", "2000")
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	z.Write(bytes.Repeat([]byte(" "), 100_000))
	z.Close()
	long := strings.Repeat("k", 256)
	for _, tt := range []struct {
		name, path string
		body       io.Reader
		headers    []string
		status     int
		message    string
	}{
		{"an unknown system", "/import/erp", strings.NewReader("{}"), nil, 404, "unknown system: want /import/stn|brm|elevate|dxp"},
		{"capitals", "/import/ELEVATE", strings.NewReader("{}"), nil, 404, "unknown system"},
		{"a parameter", "/import/elevate?dry=1", strings.NewReader("{}"), nil, 400, "no query parameters"},
		{"a form", "/import/elevate", strings.NewReader("{}"), []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "Content-Type: want"},
		{"plain text", "/import/elevate", strings.NewReader("{}"), []string{"Content-Type", "text/plain"}, 415, "Content-Type: want"},
		{"Brotli", "/import/elevate", strings.NewReader("{}"), []string{"Content-Encoding", "br"}, 415, "Content-Encoding: want"},
		{"an empty key", "/import/elevate", strings.NewReader("{}"), []string{"Idempotency-Key", ""}, 400, "Idempotency-Key: want"},
		{"two keys", "/import/elevate", strings.NewReader("{}"), []string{"Idempotency-Key", "a", "Idempotency-Key", "b"}, 400, "Idempotency-Key: want"},
		{"a long key", "/import/elevate", strings.NewReader("{}"), []string{"Idempotency-Key", long}, 400, "Idempotency-Key: want"},
		{"an empty document", "/import/elevate", nil, nil, 400, "this is an empty document"},
		{"another format", "/import/elevate", strings.NewReader("<xml/>"), nil, 400, "this is XML: want JSON"},
		{"another system", "/import/elevate", strings.NewReader(`{"id":"1","usageDate":"2025-01-01T00:00:00Z","usageSpecification":{}}`), nil, 400, "this is a document of BRM, not of ELEVATE"},
		{"no gzip", "/import/elevate", strings.NewReader("\x1f\x8bxxxxxxxxxxxxxxxxxx"), nil, 400, "unpack gzip"},
		{"a large document", "/import/elevate", strings.NewReader(calls(1, 100)), nil, 413, "more than 2000 bytes"},
		{"a large document of unknown length", "/import/elevate", io.MultiReader(strings.NewReader(calls(1, 100))), nil, 413, "more than 2000 bytes"},
		{"a large document in gzip", "/import/elevate", &bomb, nil, 413, "more than 2000 bytes"},
		{"a page of another site", "/import/elevate", strings.NewReader("{}"), []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		{"a page of another origin", "/import/elevate", strings.NewReader("{}"), []string{"Origin", "https://example.com"}, 403, ""},
	} {
		a := post(t, base+tt.path, tt.body, tt.headers...)
		if a.Status != tt.status || !strings.Contains(a.Error.Message, tt.message) || strings.Contains(a.Text, "kkkk") {
			t.Errorf("%s: %d %s", tt.name, a.Status, a.Text)
		}
	}
	if status, body := get(t, base+"/import/elevate"); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d %s", status, body)
	}
	if base, _ := start(t, "--database", database, "--insecure"); true {
		if a := post(t, base+"/import/elevate", strings.NewReader(calls(1, 1))); a.Status != http.StatusForbidden || !strings.Contains(a.Error.Message, "loopback") {
			t.Errorf("without authentication and host check: %d %s", a.Status, a.Text)
		}
	}
}

func TestOnlyClientsThatMayImportDoSoWithinTheirScope(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, calls(1, 1)+strings.Replace(calls(2, 1), "17", "18", 1), "--database", url, "import", "elevate", "-"); err != nil {
			t.Fatal(err, printed)
		}
		create := func(args ...string) string {
			made, err := runCommand(t, "", append([]string{"--database", url, "client", "create"}, args...)...)
			if err != nil {
				t.Fatal(err, made)
			}
			return "Bearer " + secretOf.FindString(made)
		}
		scoped, reader, all := create("a", "--customer", "elevate:17", "--may-import"), create("b", "--staff"), create("c", "--may-import")
		base, _ := start(t, "--database", url)
		document := calls(10, 1) + strings.Replace(calls(11, 1), "17", "18", 1) + strings.Replace(calls(12, 1), "17", "99", 1) + calls(2, 1)
		send := func(authorization string) importAnswer {
			return post(t, base+"/import/elevate", strings.NewReader(document), "Authorization", authorization)
		}
		if a := send("Bearer x"); a.Status != http.StatusUnauthorized || a.Error.Code != "UNAUTHENTICATED" {
			t.Errorf("invalid: %d %s", a.Status, a.Text)
		}
		if a := send(reader); a.Status != http.StatusForbidden || !strings.Contains(a.Error.Message, "--may-import") {
			t.Errorf("a client that may not: %d %s", a.Status, a.Text)
		}
		a := send(scoped)
		if a.Status != http.StatusOK || a.importCounts.String() != "DONE: 4 read, 1 new, 0 changed, 0 unchanged, 0 older, 3 rejected" {
			t.Errorf("scoped: %d %s", a.Status, a.Text)
		}
		for _, r := range a.Rejects {
			if r.Reason != a.Rejects[0].Reason || r.Field != nil {
				t.Errorf("the reasons differ: %s", a.Text)
			}
		}
		if a := send(all); a.Status != http.StatusOK || a.importCounts.String() != "DONE: 4 read, 2 new, 2 changed, 0 unchanged, 0 older, 0 rejected" {
			t.Errorf("unrestricted: %d %s", a.Status, a.Text)
		}
	})
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, _ := start(t, "--database", url, "--samples", "no")
		send := func(source, key, document string) importAnswer {
			return post(t, base+"/import/"+source, strings.NewReader(document), "Idempotency-Key", key)
		}
		broken := send("elevate", "k1", "["+strings.TrimSuffix(calls(1, 1), "\n"))
		if broken.Status != http.StatusBadRequest || broken.Report == nil || broken.Report.State != "FAILED" || broken.Report.New != 1 || !strings.Contains(broken.Error.Message, "after 1 records") {
			t.Errorf("broken: %d %s", broken.Status, broken.Text)
		}
		first := send("elevate", "k1", calls(1, 2)+"{}")
		if first.Status != http.StatusOK || first.New != 1 || first.Unchanged != 1 || first.Rejected != 1 {
			t.Errorf("first: %d %s", first.Status, first.Text)
		}
		if again := send("elevate", "k1", calls(1, 2)+"{}"); again.Status != http.StatusOK || again.Text != first.Text {
			t.Errorf("again: %d %s, want %s", again.Status, again.Text, first.Text)
		}
		for _, other := range []importAnswer{send("elevate", "k1", calls(3, 1)), send("brm", "k1", calls(1, 2)+"{}"), send("elevate", "k1", "")} {
			if other.Status != http.StatusUnprocessableEntity || !strings.Contains(other.Error.Message, "another document") {
				t.Errorf("other bytes: %d %s", other.Status, other.Text)
			}
		}
		if other := send("elevate", "k2", calls(1, 2)+"{}"); other.Status != http.StatusOK || other.Unchanged != 2 || other.ID == first.ID {
			t.Errorf("another key: %d %s", other.Status, other.Text)
		}
	})
}

// slowUpload begins an upload and returns the writer of the rest, and the answer.
func slowUpload(t *testing.T, url, begin string, headers ...string) (*io.PipeWriter, chan importAnswer) {
	t.Helper()
	reader, writer := io.Pipe()
	answer := make(chan importAnswer, 1)
	go func() { answer <- post(t, url, reader, headers...) }()
	if _, err := writer.Write([]byte(begin)); err != nil {
		t.Fatal(err)
	}
	return writer, answer
}

// until calls ask until it returns true.
func until(t *testing.T, what string, ask func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); !ask(); {
		select {
		case <-deadline:
			t.Fatalf("not within a minute: %s", what)
		case <-tick.C:
		}
	}
}

func TestTooManyImports(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"), "--max-imports", "1")
	writer, answer := slowUpload(t, base+"/import/elevate", calls(1, 1), "Idempotency-Key", "k")
	var a importAnswer
	until(t, "429", func() bool {
		a = post(t, base+"/import/elevate", strings.NewReader(""))
		return a.Status == http.StatusTooManyRequests
	})
	if a.RetryAfter != "5" || a.Error.Code != "TOO_MANY_REQUESTS" {
		t.Errorf("%s %s", a.RetryAfter, a.Text)
	}
	if a := post(t, base+"/import/elevate", strings.NewReader(""), "Idempotency-Key", "k"); a.Status != http.StatusConflict || a.RetryAfter != "5" {
		t.Errorf("the same key: %d %s", a.Status, a.Text)
	}
	writer.Close()
	if a := <-answer; a.Status != http.StatusOK || a.New != 1 {
		t.Errorf("the first: %d %s", a.Status, a.Text)
	}
	if a := post(t, base+"/import/elevate", strings.NewReader(calls(1, 1))); a.Status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.Status, a.Text)
	}
}

func TestSilentUploadEnds(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"), "--import-idle-timeout", "100ms")
	_, answer := slowUpload(t, base+"/import/elevate", calls(1, 1))
	if a := <-answer; a.Status != http.StatusRequestTimeout {
		t.Errorf("%d %s", a.Status, a.Text)
	}
}

func TestStopDuringAnUpload(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "test.db")
	base, _, stop := startWithOutput(t, "--database", url, "--max-imports", "1", "--samples", "no")
	_, answer := slowUpload(t, base+"/import/elevate", calls(1, 6000))
	until(t, "the upload runs", func() bool {
		return post(t, base+"/import/elevate", strings.NewReader("")).Status == http.StatusTooManyRequests
	})
	stop()
	if a := <-answer; a.Status != http.StatusServiceUnavailable || a.RetryAfter == "" {
		t.Errorf("%d %s", a.Status, a.Text)
	}
	printed, err := runCommand(t, calls(1, 6000), "--database", url, "import", "elevate", "-")
	if err != nil || !strings.Contains(printed, "6000 read") {
		t.Errorf("%v %s", err, printed)
	}
}

// TestBrokenConnectionLeavesWholeBatches closes the connection of an upload and sends the same request again.
func TestBrokenConnectionLeavesWholeBatches(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		base, _ := start(t, "--database", database, "--samples", "no", "--max-imports", "1")
		document := calls(1, 12_000)
		address, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", address.Host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /import/elevate HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nIdempotency-Key: k\r\n\r\n%s", address.Host, len(document), document[:len(document)/2])
		conn.Close()
		var a importAnswer
		until(t, "the first import ends", func() bool {
			a = post(t, base+"/import/elevate", strings.NewReader(document), "Idempotency-Key", "k")
			return a.Status != http.StatusTooManyRequests && a.Status != http.StatusConflict
		})
		if a.Status != http.StatusOK || a.Read != 12_000 || a.New+a.Unchanged != 12_000 || a.Changed != 0 {
			t.Errorf("%d %s", a.Status, a.Text)
		}
		if status, body := get(t, base+`/graphql?query={usageRecords{totalCount}}`); status != http.StatusOK || body != `{"data":{"usageRecords":{"totalCount":12000}}}` {
			t.Errorf("%d %s", status, body)
		}
	})
}
