package edge_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/edge"
)

const trusted = "https://app.example.com"

func TestCrossOriginRequestsAreRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, test := range map[string]struct {
			origins []string
			header  []string
			status  int
		}{
			"no browser":                            {nil, nil, 200},
			"same origin":                           {nil, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, 200},
			"same origin, old browser":              {nil, []string{"Origin", "http://example.com"}, 200},
			"same origin, host in capitals":         {nil, []string{"Origin", "http://example.com", "Host", "EXAMPLE.com"}, 200},
			"cross-site":                            {nil, []string{"Sec-Fetch-Site", "cross-site", "Origin", trusted}, 403},
			"cross-site, old browser":               {nil, []string{"Origin", trusted}, 403},
			"same site, other origin":               {nil, []string{"Sec-Fetch-Site", "same-site", "Origin", "https://b.example.com"}, 403},
			"opaque origin":                         {nil, []string{"Sec-Fetch-Site", "cross-site", "Origin", "null"}, 403},
			"trusted origin":                        {[]string{trusted}, []string{"Sec-Fetch-Site", "cross-site", "Origin", trusted}, 200},
			"origin that begins with a trusted one": {[]string{trusted}, []string{"Sec-Fetch-Site", "cross-site", "Origin", trusted + ".example.net"}, 403},
		} {
			h := routes(t, store, func(s *edge.Settings) { s.CORSOrigins = test.origins })
			got := post(t, h, strings.NewReader(`{"query":"{__typename}"}`), test.header...)
			if got.status != test.status {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
			readable := got.header.Get("Access-Control-Allow-Origin")
			if want := test.origins != nil && test.status == 200; want && readable != trusted || !want && readable != "" {
				t.Errorf("%s: readable by %q", name, readable)
			}
			if got.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s: with credentials", name)
			}
		}
	})
}

func TestCrossSiteGETRequestsAreRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := routes(t, store, func(s *edge.Settings) { s.CORSOrigins = []string{trusted} })
		for name, test := range map[string]struct {
			site, origin string
			status       int
		}{
			"absent":                  {"", "", 200},
			"none":                    {"none", "", 200},
			"same-origin":             {"same-origin", "", 200},
			"same-site":               {"same-site", "", 200},
			"cross-site":              {"cross-site", "", 403},
			"cross-site, other":       {"cross-site", "https://other.example.net", 403},
			"cross-site, but trusted": {"cross-site", trusted, 200},
		} {
			r := httptest.NewRequest("GET", "/graphql?query=%7B__typename%7D", nil)
			r.Header.Set("Sec-Fetch-Site", test.site)
			r.Header.Set("Origin", test.origin)
			got := do(t, h, r)
			if got.status != test.status || test.status != 200 && (got.code() != "BAD_USER_INPUT" || !strings.Contains(got.body, "a page of another site sent this GET request")) {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
		}
		page := httptest.NewRequest("GET", "/", nil)
		page.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := do(t, h, page); got.status != 200 {
			t.Errorf("a link to a page: %d", got.status)
		}
	})
}

func TestPreflightIsAnsweredForTrustedOrigins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := routes(t, store, func(s *edge.Settings) { s.CORSOrigins = []string{trusted} })
		for _, headers := range []string{"authorization,content-type", "apollographql-client-name,apollographql-client-version,content-type", "traceparent,tracestate",
			"client_id,client_secret,channelid,targetsystem", "x-apollo-operation-name"} {
			for _, origin := range []string{trusted, "https://other.example.com", trusted + ".example.net", "https://APP.example.com"} {
				r := httptest.NewRequest("OPTIONS", "/graphql", nil)
				r.Header.Set("Origin", origin)
				r.Header.Set("Access-Control-Request-Method", "POST")
				r.Header.Set("Access-Control-Request-Headers", headers)
				got := do(t, h, r)
				if got.status != http.StatusNoContent || !strings.Contains(got.header.Get("Vary"), "Origin") {
					t.Errorf("%s: %d %v", origin, got.status, got.header)
				}
				if allowed := got.header.Get("Access-Control-Allow-Origin") == trusted && got.header.Get("Access-Control-Allow-Headers") == headers; allowed != (origin == trusted) {
					t.Errorf("%s: %s: %v", origin, headers, got.header)
				}
			}
		}
	})
}

func TestZstdIsForClientsThatPreferIt(t *testing.T) {
	t.Parallel()
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte("usage "), 1000)) })
	h, err := edge.Routes(nil, "", auth.Open, map[string]http.Handler{"/endpoint": endpoint}, edge.DefaultSettings(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for accepted, want := range map[string]string{
		"gzip, deflate, br, zstd": "gzip", "zstd, gzip": "gzip", "gzip;q=0.5, zstd": "zstd", "zstd": "zstd", "gzip": "gzip", "br": "",
	} {
		r := httptest.NewRequest("GET", "/endpoint", nil)
		r.Header.Set("Accept-Encoding", accepted)
		if got := do(t, h, r).header.Get("Content-Encoding"); got != want {
			t.Errorf("%s: %q, want %q", accepted, got, want)
		}
	}
}

func TestInvalidOriginIsAnError(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"*", "app.example.com", "https://app.example.com/page", "null"} {
		settings := edge.DefaultSettings()
		settings.CORSOrigins = []string{origin}
		if _, err := edge.Routes(nil, "", auth.Open, nil, settings, nil); err == nil || !strings.HasPrefix(err.Error(), "--cors-origin") {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

func TestEveryResponseHasSecurityHeaders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := routes(t, store, nil)
		for _, path := range []string{"/", "/docs", "/openapi.json", "/schema.graphql", "/graphql", "/graphql?query=%7B__typename%7D", "/nonsense"} {
			got := do(t, h, httptest.NewRequest("GET", path, nil))
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "frame-ancestors 'none'",
				"Cross-Origin-Opener-Policy": "same-origin",
			} {
				if !strings.Contains(got.header.Get(name), want) {
					t.Errorf("%s: %s: %q", path, name, got.header.Get(name))
				}
			}
			if strings.HasPrefix(path, "/graphql") && got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: may be cached", path)
			}
		}
	})
}

func TestOnlyLocalHostsAreServed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := edge.CheckHost(routes(t, store, nil))
		for host, status := range map[string]int{
			"localhost:8080": 200, "127.0.0.1": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "[::1]": 200, "a.localhost": 200,
			"LOCALHOST:8080": 200, "LocalHost": 200, "A.LocalHost": 200, "EVIL.example.com": 421,
			"evil.example.com": 421, "evil.example.com:8080": 421, "localhost.example.com": 421, "10.0.0.1:8080": 421, "": 421,
		} {
			r := httptest.NewRequest("GET", "/graphql?query=%7B__typename%7D", nil)
			r.Host = host
			if got := do(t, h, r); got.status != status {
				t.Errorf("%q: %d", host, got.status)
			}
		}
	})
}
