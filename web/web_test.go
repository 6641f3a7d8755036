package web_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"usagegraph/web"
)

// serve serves a request and returns the response.
func serve(t *testing.T, method, path string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	web.Handler("/").ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStatusByMethodAndPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/docs", 200, "text/html; charset=utf-8"},
		{"HEAD", "/docs", 200, "text/html; charset=utf-8"},
		{"GET", "/openapi.json", 200, "application/json"},
		{"HEAD", "/openapi.json", 200, "application/json"},
		{"GET", "/licenses.md", 200, "text/markdown; charset=utf-8"},
		{"POST", "/", 405, "text/plain; charset=utf-8"},
		{"DELETE", "/assets/index.js", 405, "text/plain; charset=utf-8"},
		{"POST", "/docs", 405, "text/plain; charset=utf-8"},
		{"PUT", "/openapi.json", 405, "text/plain; charset=utf-8"},
		{"GET", "/docs/", 404, "text/plain; charset=utf-8"},
		{"GET", "/docs.html", 404, "text/plain; charset=utf-8"},
		{"GET", "/index.html", 404, "text/plain; charset=utf-8"},
		{"GET", "/assets/", 404, "text/plain; charset=utf-8"},
		{"GET", "/assets/absent.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/assets/..%2findex.html", 404, "text/plain; charset=utf-8"},
		{"GET", "/assets/..%2f..%2fweb.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/favicon.ico", 404, "text/plain; charset=utf-8"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			t.Parallel()
			response := serve(t, test.method, test.path, nil)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if got := response.Header.Get("Content-Type"); got != test.contentType {
				t.Errorf("content type %q, want %q", got, test.contentType)
			}
		})
	}
}

func TestEveryResponseHasSecurityHeaders(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
			"worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "no-referrer",
	}
	for _, path := range []string{"/", "/docs", "/openapi.json", "/absent", "/assets/absent.js"} {
		response := serve(t, "GET", path, nil)
		for name, value := range want {
			if got := response.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
	}
}

func TestPagesAreRevalidatedByTheirETag(t *testing.T) {
	t.Parallel()
	for path, mark := range map[string]string{
		"/":             "<title>usagegraph</title>",
		"/docs":         "<title>usagegraph: REST</title>",
		"/openapi.json": `"openapi": "3.1.1"`,
	} {
		first := serve(t, "GET", path, nil)
		if got := first.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: cache control %q", path, got)
		}
		if !strings.Contains(body(t, first), mark) {
			t.Errorf("%s has no %s", path, mark)
		}
		again := serve(t, "GET", path, http.Header{"If-None-Match": {first.Header.Get("ETag")}})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d for its own ETag", path, again.StatusCode)
		}
	}
}

func TestAssetsAreCachedForever(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("dist/assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		response := serve(t, "GET", "/assets/"+file.Name(), nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", file.Name(), response.StatusCode)
		}
		if got := response.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: cache control %q", file.Name(), got)
		}
		if response.Header.Get("Content-Type") == "" {
			t.Errorf("%s: no content type", file.Name())
		}
	}
}

func TestPagesLoadOnlyExistingFiles(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/docs"} {
		page := body(t, serve(t, "GET", path, nil))
		links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
		if len(links) == 0 {
			t.Fatalf("%s has no links", path)
		}
		for _, link := range links {
			if strings.HasPrefix(link[1], "/") {
				t.Errorf("%s: %s is not relative", path, link[1])
			}
			if response := serve(t, "GET", (&url.URL{Path: path}).JoinPath("..", link[1]).Path, nil); response.StatusCode != http.StatusOK {
				t.Errorf("%s: %s: status %d", path, link[1], response.StatusCode)
			}
		}
	}
}

func TestOpenAPIDocumentHasEveryRoute(t *testing.T) {
	t.Parallel()
	var document struct{ Paths map[string]json.RawMessage }
	if err := json.Unmarshal(web.OpenAPI(), &document); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/api/QueryUsageSubscription",
		"/brm/usageManagement/{version}/usage",
		"/brm/usageManagement/{version}/usage/describe",
		"/brm/usageManagement/{version}/usage/{id}",
		"/customer-usage-data",
		"/dxp-ux/v1/{businessId}/usageConsumptionReport", "/import/{source}",
		"/tmf-api/usageManagement/v4/usage",
		"/tmf-api/usageManagement/v4/usage/describe",
		"/tmf-api/usageManagement/v4/usage/{id}",
		"/tokens",
	}
	if got := slices.Sorted(maps.Keys(document.Paths)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExamplesAreInTheOrderOfTheirTabs(t *testing.T) {
	t.Parallel()
	want := []string{
		"DataPerCustomer", "Overage", "NearlyUsedUp", "LineByDay", "MarginByProduct", "BillingCycle", "CallsByCountry", "Duplicates", "NoUsage", "HigherBill", "Unbilled", "DataAsOf", "Imports", "Search", "FilterValues",
		"Subscription", "Balances", "Records", "Node", "Customers", "Totals", "ByPhone", "BySourceId",
	}
	examples := append(web.Questions(), web.Examples()...)
	if len(examples) != len(want) {
		t.Fatalf("%d examples, want %d", len(examples), len(want))
	}
	for i, example := range examples {
		if example.Name != want[i] {
			t.Errorf("example %d is %q, want %q", i, example.Name, want[i])
		}
		if !strings.Contains(example.Query, "query "+example.Name) {
			t.Errorf("%s has no operation of its name", example.Name)
		}
		if declares := strings.Contains(example.Query, "$"); declares != json.Valid(example.Variables) {
			t.Errorf("%s declares variables: %t; has %q", example.Name, declares, example.Variables)
		}
	}
}
