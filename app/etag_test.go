package app

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// TestETagDependsOnServerSettings sends the ETag of one server to servers with other settings.
func TestETagDependsOnServerSettings(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if _, err := runCommand(t, "", "--database", url, "demo", "--customers", "1", "--records", "60"); err != nil {
			t.Fatal(err)
		}
		request := func(base, tag string) (status int, etag, body string) {
			r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/tmf-api/usageManagement/v4/usage?limit=1&fields=none", nil))
			r.Host = "localhost" // the host is part of the answer
			r.Header.Set("If-None-Match", tag)
			answer := must(http.DefaultClient.Do(r))
			defer answer.Body.Close()
			return answer.StatusCode, answer.Header.Get("ETag"), string(must(io.ReadAll(answer.Body)))
		}
		plain, _ := start(t, "--database", url)
		_, tag, _ := request(plain, "")
		same, _ := start(t, "--database", url)
		if status, _, body := request(same, tag); status != http.StatusNotModified {
			t.Errorf("the same settings: %d %s", status, body)
		}
		public, _ := start(t, "--database", url, "--public-url", "https://usage.example.com")
		if status, _, body := request(public, tag); status != http.StatusOK || !strings.Contains(body, `"href":"https://usage.example.com/`) {
			t.Errorf("another public URL: %d %s", status, body)
		}
		partial, _ := start(t, "--database", url, "--partial-content")
		if status, _, body := request(partial, tag); status != http.StatusPartialContent {
			t.Errorf("with partial content: %d %s", status, body)
		}
	})
}
