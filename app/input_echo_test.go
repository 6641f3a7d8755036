package app

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

func TestErrorsTruncateRepeatedInput(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	long := strings.Repeat("S", 1000)
	const dxp = "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=S-1001&product.publicIdentifierType=SubscriptionId&"
	for _, path := range []string{
		"/customer-usage-data?page=1&pageSize=1&", "/brm/usageManagement/v4/usage?", "/tmf-api/usageManagement/v4/usage?", "/api/QueryUsageSubscription?", dxp,
	} {
		for _, query := range []string{
			long + "=1", long + "=1&" + long + "=2", "sort=" + long, "orderBy=" + long, "fields=" + long, "include=" + long, "filter=" + long, "pageSize=" + long, "limit=" + long,
			"take=" + long, "usageDate=" + long, "usageDate.gt=" + long, "eventDateFrom=" + long, "status=" + long, "yearMonth=" + long, "id=" + long,
			"include=COUNT(" + long + ")", "fields=id," + long, "orderByDesc=" + long, "destination=like:" + long, "destination=" + url.QueryEscape("in:"+long),
		} {
			status, body := getWithHeaders(t, base+path+query, dxpHeaders)
			if status >= http.StatusInternalServerError || status >= 400 && strings.Contains(body, strings.Repeat("S", 201)) {
				t.Errorf("%s%.40s: %d %.300s", path, query, status, body)
			}
		}
		if status, body := getWithHeaders(t, base+strings.TrimRight(strings.Split(path, "?")[0], "/")+"/"+long, nil); strings.Contains(body, strings.Repeat("S", 201)) {
			t.Errorf("%s/...: %d %.300s", path, status, body)
		}
	}
}

// getWithHeaders sends a request with headers and returns the status and the body.
func getWithHeaders(t *testing.T, address string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
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
