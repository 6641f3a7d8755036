package app

import (
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestEverythingIsServedBelowTheBasePath(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	for _, system := range []string{"brm", "elevate", "stn"} {
		if printed, err := runCommand(t, "", "--database", database, "import", system, sample(t, system+"/sample")); err != nil {
			t.Fatal(err, printed)
		}
	}
	origin, printed := start(t, "--database", database, "--base-path", "/api/usage")
	base := origin + "/api/usage"
	if !strings.Contains(printed, base+"/graphql") {
		t.Errorf("printed: %s", printed)
	}
	for path, status := range map[string]int{
		"/api/usage": 200, "/api/usage/": 200, "/api/usage/docs": 200, "/api/usage/schema.graphql": 200, "/api/usage/graphql?query=%7B__typename%7D": 200,
		"/api/usage/customer-usage-data?page=1&pageSize=1": 200, "/readyz": 200, "/livez": 200,
		"/": 404, "/docs": 404, "/graphql?query=%7B__typename%7D": 404, "/customer-usage-data?page=1&pageSize=1": 404, "/api/usages/docs": 404,
	} {
		if got, body := get(t, origin+path); got != status {
			t.Errorf("%s: %d %.200s", path, got, body)
		}
	}
	answer := must(http.Get(base + "/brm/usageManagement/v4/usage?limit=1"))
	body := string(must(io.ReadAll(answer.Body)))
	answer.Body.Close()
	urls := regexp.MustCompile(`"href":"([^"]+)"|<([^>]+)>`).FindAllStringSubmatch(body+answer.Header.Get("Link"), -1)
	if len(urls) < 3 {
		t.Errorf("%d URLs in %s", len(urls), body)
	}
	for _, found := range urls {
		url := found[1] + found[2]
		if status, _ := get(t, url); status != http.StatusOK || !strings.HasPrefix(url, base+"/") {
			t.Errorf("%s: %d", url, status)
		}
	}
	if _, body := get(t, base+"/openapi.json"); !strings.Contains(body, `"servers": [{ "url": "/api/usage/"`) {
		t.Errorf("the OpenAPI document has other servers: %.300s", body)
	}
	ctx := browser(t)
	wrong := watch(t, ctx, base)
	err := chromedp.Do(ctx,
		chromedp.Navigate(base+"/"),
		chromedp.WaitVisible(chromedp.CSS(`a[href="schema.graphql"]`)),
		chromedp.Navigate(base+"/docs"),
		chromedp.WaitVisible(chromedp.CSS(".opblock-summary-path[data-path='/customer-usage-data']")),
	)
	if err != nil {
		t.Fatal(err)
	}
	if found := wrong(); len(found) > 0 {
		t.Errorf("requests outside of the base path: %s", strings.Join(found, "\n"))
	}
}

func TestInvalidBasePathIsRefused(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"usage", "/usage/", "/", "//usage", "/a/../b", "/{x}", "/a b", "/%2F"} {
		if _, err := runCommand(t, "", "--database", filepath.Join(t.TempDir(), "test.db"), "--addr", "127.0.0.1:0", "--base-path", path); err == nil || !strings.Contains(err.Error(), "--base-path: want") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
