package app

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestInvalidCredentialsBehindAProxyLockNoClientOut sends all requests from one address, as a proxy does.
func TestInvalidCredentialsBehindAProxyLockNoClientOut(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	if printed, err := runCommand(t, "", "--database", database, "import", "brm", sample(t, "brm/sample")); err != nil {
		t.Fatal(err, printed)
	}
	made, err := runCommand(t, "", "--database", database, "client", "create", "shop")
	if err != nil {
		t.Fatal(err)
	}
	base, _ := start(t, "--database", database, "--trusted-proxies", "127.0.0.1")
	request := func(client, secret string) (int, string) {
		r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/brm/usageManagement/v4/usage?limit=1", nil))
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("X-Forwarded-For", client)
		r.Header.Set("X-Forwarded-Proto", "https")
		answer := must(http.DefaultClient.Do(r))
		defer answer.Body.Close()
		return answer.StatusCode, string(must(io.ReadAll(answer.Body)))
	}
	for range 10 {
		if status, body := request("203.0.113.5", "invalid"); status != http.StatusUnauthorized {
			t.Fatalf("%d %s", status, body)
		}
	}
	if status, _ := request("203.0.113.5", "invalid"); status != http.StatusTooManyRequests {
		t.Errorf("the eleventh: %d", status)
	}
	if status, _ := request("203.0.113.6", "invalid"); status != http.StatusUnauthorized {
		t.Errorf("another client of the proxy: %d", status)
	}
	for _, client := range []string{"203.0.113.5", "203.0.113.6"} {
		if status, body := request(client, secretOf.FindString(made)); status != http.StatusOK || !strings.Contains(body, `"href":"https://`) {
			t.Errorf("a valid credential from %s: %d %s", client, status, body)
		}
	}
}
