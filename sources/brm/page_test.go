package brm_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/brm"
	"usagegraph/sources/rest"
)

func allCustomers(*http.Request) (db.Scope, error) { return db.All(), nil }

func newHandler(store *db.Store, s brm.HandlerSettings) http.Handler {
	return brm.Handler(store, s, allCustomers, slog.New(slog.DiscardHandler))
}

// getList requests a list without a network connection.
func getList(h http.Handler, query string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, schemaRoute, nil)
	r.URL.RawQuery = query
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// link returns the URL of a relation in the Link header; empty where there is none.
func link(h http.Header, relation string) string {
	for one := range strings.SplitSeq(h.Get("Link"), ", ") {
		target, rel, _ := strings.Cut(strings.TrimPrefix(one, "<"), ">; ")
		if rel == `rel="`+relation+`"` {
			return target
		}
	}
	return ""
}

func TestPageHeaders(t *testing.T) {
	tests := []struct{ query, total, count, links string }{
		{"", "4", "4", "self 100 0, first 100 0, last 100 0"},
		{"limit=2", "4", "2", "self 2 0, first 2 0, next 2 2, last 2 2"},
		{"limit=2&offset=2", "4", "2", "self 2 2, first 2 0, prev 2 0, last 2 2"},
		{"limit=3", "4", "3", "self 3 0, first 3 0, next 3 3, last 3 3"},
		{"limit=1&offset=1", "4", "1", "self 1 1, first 1 0, prev 1 0, next 1 2, last 1 3"},
		{"limit=2&offset=1", "4", "2", "self 2 1, first 2 0, prev 2 0, next 2 3, last 2 2"},
		{"limit=2&offset=4", "4", "0", "self 2 4, first 2 0, prev 2 2, last 2 2"},
		{"limit=2&offset=9223372036854775807", "4", "0", "self 2 9223372036854775807, first 2 0, prev 2 2, last 2 2"},
		{"limit=0", "4", "0", "self 0 0"},
		{"id=none", "0", "0", "self 100 0, first 100 0, last 100 0"},
		{"id=none&offset=5", "0", "0", "self 100 5, first 100 0, prev 100 0, last 100 0"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(described))
		plain, partial := newServer(t, store, brm.HandlerSettings{}), newServer(t, store, brm.HandlerSettings{PartialContent: true})
		for _, tt := range tests {
			t.Run(tt.query, func(t *testing.T) {
				a := get(t, plain, sampleRoute+"?"+tt.query)
				var links []string
				for _, relation := range []string{"self", "first", "prev", "next", "last"} {
					if target := link(a.Header, relation); target != "" {
						at, err := url.Parse(strings.TrimPrefix(target, "http://host:port"))
						if err != nil || at.Host != "" || at.Path != sampleRoute {
							t.Errorf("%s leads to %s", relation, target)
						}
						links = append(links, fmt.Sprintf("%s %s %s", relation, at.Query().Get("limit"), at.Query().Get("offset")))
					}
				}
				got := []string{a.Header.Get("X-Total-Count"), a.Header.Get("X-Result-Count"), strings.Join(links, ", ")}
				if diff := cmp.Diff([]string{tt.total, tt.count, tt.links}, got); diff != "" || a.StatusCode != http.StatusOK {
					t.Errorf("%d %s", a.StatusCode, diff)
				}
				want := http.StatusOK
				if tt.count != "0" && tt.count != tt.total {
					want = http.StatusPartialContent
				}
				if p := get(t, partial, sampleRoute+"?"+tt.query); p.StatusCode != want || p.body != a.body {
					t.Errorf("partial: %d, want %d", p.StatusCode, want)
				}
			})
		}
	})
}

func TestLinksKeepTheParameters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(described))
		server := newServer(t, store, brm.HandlerSettings{PublicURL: "https://api.example/x/"})
		a := get(t, server, schemaRoute+"?limit=1&fields=date,usageType&description.like=c*&@type=Usage&usageDate.lt=2022-01-01T00:00:00+02:00")
		want := "https://api.example/x" + schemaRoute +
			"?%40type=Usage&description.like=c%2A&fields=date%2Ctype&limit=1&offset=1&usageDate.lt=2021-12-31T22%3A00%3A00Z"
		if got := link(a.Header, "next"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if !strings.Contains(a.body, `"href":"https://api.example/x`+schemaRoute+`/a+1"`) {
			t.Error(a.body)
		}
	})
}

func TestHrefIsTheURLOfItsUsage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		const odd = `[{"id": "x/y+z", "date": "2021-01-01T00:00:00Z"}, {"id": "..", "date": "2021-01-01T00:00:00Z"}, {"id": "a b?c#d%2F%", "date": "2021-01-01T00:00:00Z"},
			{"id": "//", "date": "2021-01-01T00:00:00Z"}, {"id": "é<>\"&;", "date": "2021-01-01T00:00:00Z"}]`
		importDocument(t, store, strings.NewReader(odd))
		importDocument(t, store, strings.NewReader(sampleText(t)))
		server := newServer(t, store, brm.HandlerSettings{})
		for _, route := range []string{sampleRoute, schemaRoute, "/brm/usageManagement/v17/usage"} {
			list := rows(t, getBody(t, server, route))
			if len(list) != 7 {
				t.Fatalf("%d usages", len(list))
			}
			for _, want := range list {
				_, href, _ := strings.Cut(want, `"href":"http://host:port`)
				href, _, _ = strings.Cut(href, `"`)
				if got := rows(t, "["+getBody(t, server, href)+"]")[0]; got != want {
					t.Errorf("%s leads to %s", href, got)
				}
			}
		}
	})
}

func TestUnknownPathsAndMethods(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		server := newServer(t, store, brm.HandlerSettings{})
		const noUsage = `{"code":"60","reason":"Resource not found","message":"usage not found","status":"404","@type":"Error"}`
		const noPath = `{"code":"60","reason":"Resource not found","message":"path not found","status":"404","@type":"Error"}`
		const notAllowed = `{"code":"61","reason":"Method not allowed","message":"want GET or HEAD","status":"405","@type":"Error"}`
		for _, tt := range []struct {
			method, path string
			status       int
			body         string
		}{
			{"GET", sampleRoute + "/nothing", 404, noUsage},
			{"GET", schemaRoute + "/nothing/at/all", 404, noUsage},
			{"GET", sampleRoute + "/", 404, noPath},
			{"GET", "/brm/usageManagement/4/usage", 404, noPath},
			{"GET", "/brm/usageManagement/v4x/usage/1", 404, noPath},
			{"POST", "/brm/usageManagement/v/usage", 404, noPath},
			{"GET", "/tmf-api/usageManagement/v5/usage", 404, noPath},
			{"GET", "/tmf-api/", 404, noPath},
			{"POST", sampleRoute, 405, notAllowed},
			{"DELETE", schemaRoute + "/x", 405, notAllowed},
			{"OPTIONS", schemaRoute, 405, notAllowed},
			{"PUT", schemaRoute + "/describe", 405, notAllowed},
		} {
			a := request(t, server, tt.method, tt.path)
			if a.StatusCode != tt.status || a.body != tt.body || (tt.status == 405) != (a.Header.Get("Allow") == "GET, HEAD") {
				t.Errorf("%s %s: %d %s", tt.method, tt.path, a.StatusCode, a.body)
			}
		}
	})
}

// TestErrorsOfScope also checks that describe needs no authentication, and that an internal error has no details.
func TestErrorsOfScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, tt := range []struct {
			err    error
			status int
			want   string
		}{
			{&rest.Problem{Status: 401, Message: "invalid token"}, 401, `{"code":"41","reason":"Invalid credentials","message":"invalid token","status":"401","@type":"Error"}`},
			{&rest.Problem{Status: 403, Message: "no access"}, 403, `{"code":"50","reason":"Access denied","message":"no access","status":"403","@type":"Error"}`},
			{&rest.Problem{Status: 429, Message: "too many requests"}, 429, `{"code":"429","reason":"Too Many Requests","message":"too many requests","status":"429","@type":"Error"}`},
			{errors.New("SELECT secret"), 500, `{"code":"1","reason":"Internal error","message":"internal error `},
		} {
			scope := func(*http.Request) (db.Scope, error) { return db.Scope{}, tt.err }
			server := serve(t, brm.Handler(store, brm.HandlerSettings{}, scope, slog.New(slog.DiscardHandler)))
			a := get(t, server, sampleRoute)
			if a.StatusCode != tt.status || !strings.HasPrefix(a.body, tt.want) || strings.Contains(a.body, "secret") {
				t.Errorf("got %d %s, want %s", a.StatusCode, a.body, tt.want)
			}
			if challenged := a.Header.Get("WWW-Authenticate") != ""; challenged != (tt.status == 401) {
				t.Errorf("%d: %v", tt.status, a.Header)
			}
			getBody(t, server, sampleRoute+"/describe")
		}
		noCustomers := func(*http.Request) (db.Scope, error) { return db.Only(), nil }
		importDocument(t, store, strings.NewReader(described))
		server := serve(t, brm.Handler(store, brm.HandlerSettings{}, noCustomers, slog.New(slog.DiscardHandler)))
		if a := get(t, server, sampleRoute); len(ids(t, a.body)) != 0 || a.Header.Get("X-Total-Count") != "0" {
			t.Errorf("an empty scope sees %s", a.body)
		}
		if a := get(t, server, sampleRoute+"/a+1"); a.StatusCode != http.StatusNotFound {
			t.Errorf("an empty scope sees %s", a.body)
		}
	})
}

func TestHeadAndNotModified(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(described))
		server := newServer(t, store, brm.HandlerSettings{})
		for _, path := range []string{sampleRoute + "?limit=1", schemaRoute + "/a+1", schemaRoute + "/describe"} {
			got, head := request(t, server, "GET", path), request(t, server, "HEAD", path)
			got.Header.Del("Content-Length")
			head.Header.Del("Content-Length")
			got.Header.Del("Date")
			head.Header.Del("Date")
			if diff := cmp.Diff(got.Header, head.Header); diff != "" || head.body != "" || head.StatusCode != 200 {
				t.Errorf("%s: %d %s", path, head.StatusCode, diff)
			}
			if strings.HasSuffix(path, "describe") {
				continue
			}
			tag := got.Header.Get("ETag")
			if same := request(t, server, "GET", path, "If-None-Match", tag); same.StatusCode != 304 || same.body != "" {
				t.Errorf("%s: %d %s", path, same.StatusCode, same.body)
			}
			importDocument(t, store, strings.NewReader(`[{"id": "`+tag[3:8]+`", "date": "2021-01-01T00:00:00Z"}]`))
			if other := request(t, server, "GET", path, "If-None-Match", tag); other.StatusCode != 200 {
				t.Errorf("%s: %d after an import", path, other.StatusCode)
			}
		}
	})
}

// TestStatementsOfAPage counts statements: one for the records, one for the total where the page does not contain the
// end of the list, one for the prices. A total is cached until the next write.
func TestStatementsOfAPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var many strings.Builder
		for i := range 600 {
			fmt.Fprintf(&many, `{"id": "%d", "date": "2021-01-01T00:00:00Z", "ratedProductUsage": [{}, {}]}`+"\n", i)
		}
		importDocument(t, store, strings.NewReader(many.String()))
		for _, of := range []struct {
			query string
			want  int
		}{{"", 3}, {"", 2}, {"limit=1000", 2}, {"limit=1000&fields=type", 1}, {"limit=0", 1}, {"offset=600", 1}, {"id=1", 2}} {
			ctx, count := db.CountStatements(context.Background())
			r := httptest.NewRequest(http.MethodGet, sampleRoute+"?"+of.query, nil).WithContext(ctx)
			newHandler(store, brm.HandlerSettings{}).ServeHTTP(httptest.NewRecorder(), r)
			if got := count(); got != of.want {
				t.Errorf("%q takes %d statements, want %d", of.query, got, of.want)
			}
		}
	})
}
