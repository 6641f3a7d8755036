package dxp_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/dxp"
	"usagegraph/sources/rest"
	"usagegraph/sources/sourcetest"
)

const unauthorized = `{"errors":[{"code":404,"message":"The user could not be authenticated for this request.",` +
	`"description":"The request has not been applied because it lacks valid authentication credentials for the target resource"}]}`

// badRequest returns the body of a 400.
func badRequest(description string) string {
	return `{"errors":[{"code":400,"message":"The request is invalid or not properly formed.","description":"` + description + `"}]}`
}

// documented returns an error body of the page, with its placeholders replaced.
func documented(t *testing.T, name string, replace ...string) jsontext.Value {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "usage-consumption-error-"+name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return jsontext.Value(strings.NewReplacer(replace...).Replace(string(text)))
}

func TestErrorsAreAsDocumented(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, db.All())
		check := func(w *httptest.ResponseRecorder, status int, want jsontext.Value) {
			t.Helper()
			if w.Code != status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("X-Correlation-ID") != "c-1" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			sourcetest.SameText(t, want, w.Body.Bytes())
		}
		w := serve(h, request("GET", target("MSISDN", "8201"), "client_id: "))
		check(w, 401, documented(t, "401"))
		if w.Header().Get("WWW-Authenticate") == "" {
			t.Error("401 without a challenge")
		}
		for _, id := range []string{"8201", `<S> "1" é`} {
			kind := map[bool]string{true: "MSISDN", false: "SubscriptionId"}[id == "8201"]
			check(serve(h, request("GET", target(kind, id))), 404, documented(t, "404", "xxxx", strings.ReplaceAll(id, `"`, `\"`)))
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND"} {
			check(serve(h, request(method, target("MSISDN", "8201"), "client_id: ")), 404, documented(t, "method", "xxx", method))
		}
		check(serve(h, request("GET", "/dxp-ux/v1/PR/usageConsumptionReport")), 400,
			documented(t, "400", "The client sent too many requests and server is not able to serve them all at the moment",
				"product.publicIdentifierType: missing: want MSISDN or SubscriptionId"))
	})
}

func TestInvalidRequestsAreRejectedByName(t *testing.T) {
	const (
		path   = "/dxp-ux/v1/PR/usageConsumptionReport?"
		number = "product.publicIdentifier=8201&product.publicIdentifierType=MSISDN"
		kind   = "product.publicIdentifierType: want MSISDN or SubscriptionId"
		digits = "product.publicIdentifier: want a phone number"
		long   = "product.publicIdentifier: want text of at most 500 bytes"
		nul    = ": text must be UTF-8 without NUL characters"
		broken = "the query string is malformed: percent signs and semicolons must be escaped"
		market = "businessId: want a country's two letters (ISO 3166)"
	)
	id := func(id string) string {
		return path + "product.publicIdentifierType=SubscriptionId&product.publicIdentifier=" + id
	}
	msisdn := func(id string) string {
		return path + "product.publicIdentifierType=MSISDN&product.publicIdentifier=" + id
	}
	in := func(market string) string { return "/dxp-ux/v1/" + market + "/usageConsumptionReport?" + number }
	const notServed = `{"errors":[{"code":404,"message":"APIKIT:NOT_FOUND","description":"businessId: this market is not served"}]}`
	tests := []struct {
		name, target string
		headers      []string
		status       int
		body         string
	}{
		{"no query", path, nil, 400, badRequest("product.publicIdentifierType: missing: want MSISDN or SubscriptionId")},
		{"no identifier", path + "product.publicIdentifierType=MSISDN", nil, 400, badRequest("product.publicIdentifier: missing: want a phone number or the id of a subscription")},
		{"an empty identifier", msisdn(""), nil, 400, badRequest("product.publicIdentifier: missing: want a phone number or the id of a subscription")},
		{"an empty type", path + "product.publicIdentifierType=&product.publicIdentifier=1", nil, 400, badRequest("product.publicIdentifierType: missing: want MSISDN or SubscriptionId")},
		{"another type", path + "product.publicIdentifierType=IMSI&product.publicIdentifier=8201", nil, 400, badRequest(kind)},
		{"a type and a space", path + "product.publicIdentifierType=MSISDN+&product.publicIdentifier=8201", nil, 400, badRequest(kind)},
		{"a type with a NUL", path + "product.publicIdentifierType=MSISDN%00&product.publicIdentifier=8201", nil, 400, badRequest("product.publicIdentifierType" + nul)},
		{"two types", path + number + "&product.publicIdentifierType=MSISDN", nil, 400, badRequest("product.publicIdentifierType: given more than once")},
		{"two identifiers", path + number + "&product.publicIdentifier=8201", nil, 400, badRequest("product.publicIdentifier: given more than once")},
		{"a number that is text", msisdn("S-1001"), nil, 400, badRequest(digits)},
		{"a masked number", msisdn("06-****7640"), nil, 400, badRequest(digits)},
		{"an emergency number", msisdn("112"), nil, 400, badRequest(digits)},
		{"a number of one repeated digit", msisdn("0000000000"), nil, 400, badRequest(digits)},
		{"an unknown number", msisdn("1234567890123456"), nil, 404, notFound("1234567890123456")},
		{"a number with a NUL", msisdn("8201%00"), nil, 400, badRequest("product.publicIdentifier" + nul)},
		{"a number of many separators", msisdn(strings.Repeat("-", 500) + "8201"), nil, 400, badRequest(digits)},
		{"an id with a NUL", id("S%001"), nil, 400, badRequest("product.publicIdentifier" + nul)},
		{"an id that is not UTF-8", id("S%FF1"), nil, 400, badRequest("product.publicIdentifier" + nul)},
		{"an id of 501 bytes", id(strings.Repeat("x", 501)), nil, 400, badRequest(long)},
		{"a bad escape", path + number + "&x=%zz", nil, 400, badRequest(broken)},
		{"a semicolon", path + "product.publicIdentifier=8201;product.publicIdentifierType=MSISDN", nil, 400, badRequest(broken)},
		{"no channelId", path + number, []string{"channelId: "}, 400, badRequest("channelId: want APP")},
		{"another channelId", path + number, []string{"channelId: WEB"}, 400, badRequest("channelId: want APP")},
		{"no targetSystem", path + number, []string{"targetSystem: "}, 400, badRequest("targetSystem: want Matrixx")},
		{"another targetSystem", path + number, []string{"targetSystem: Matrix"}, 400, badRequest("targetSystem: want Matrixx")},
		{"a long correlation id", path + number, []string{"X-Correlation-ID: " + strings.Repeat("x", 129)}, 400, badRequest("X-Correlation-ID: want text of at most 128 bytes without control characters")},
		{"no client_id", path + number, []string{"client_id: "}, 401, unauthorized},
		{"no client_secret", path + number, []string{"client_secret: "}, 401, unauthorized},
		{"no credentials, all else invalid", "/dxp-ux/v1/PRI/usageConsumptionReport?;", []string{"client_secret: "}, 401, unauthorized},
		{"a market of one letter", in("P"), nil, 400, badRequest(market)},
		{"a market of three letters", in("PRI"), nil, 400, badRequest(market)},
		{"a market of digits", in("P1"), nil, 400, badRequest(market)},
		{"a market with a slash", in("P%2F"), nil, 400, badRequest(market)},
		{"a market that is not ASCII", in("%C3%89"), nil, 400, badRequest(market)},
		{"a market that is not served", in("TT"), nil, 404, notServed},
		{"an unknown subscriber", id("S-1"), nil, 404, `{"errors":[{"code":404,"message":"MATRIXX:QUERY_USAGE_ERROR","description":"Subscriber not found (ExternalId=S-1)"}]}`},
		{"an undocumented parameter is ignored", path + number + "&x=1&x=2", nil, 200, ""},
		{"values in any case", "/dxp-ux/v1/pr/usageConsumptionReport?" + number, []string{"channelId: app", "targetSystem: MATRIXX"}, 200, ""},
		{"another market requires no headers", in("JM"), []string{"channelId: ", "targetSystem: "}, 404,
			`{"errors":[{"code":404,"message":"MATRIXX:QUERY_USAGE_ERROR","description":"Subscriber not found (ExternalId=8201)"}]}`},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.DXP, sample(t, "usage-consumption-postpaid.json"))
		h := newHandler(t, store, db.All())
		for _, tt := range tests {
			w := serve(h, request("GET", tt.target, tt.headers...))
			if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
				t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
			}
		}
		for name, status := range map[string]int{"client_id": 401, "client_secret": 401, "channelId": 400, "targetSystem": 400} {
			r := request("GET", path+number)
			r.Header.Add(name, r.Header.Get(name))
			if w := serve(h, r); w.Code != status {
				t.Errorf("two of %s: %d %s", name, w.Code, w.Body)
			}
		}
	})
}

func TestErrorsOfScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, tt := range []struct {
			err    error
			status int
			body   string
		}{
			{&rest.Problem{Status: 401}, 401, unauthorized},
			{&rest.Problem{Status: 403, Message: "not yours"}, 403, `{"errors":[{"code":403,"message":"Forbidden","description":"not yours"}]}`},
			{errors.New("dial tcp: secret"), 500, `{"errors":[{"code":500,"message":"Internal Server Error","description":"internal error ID"}]}`},
		} {
			h := dxp.Handler(store, dxp.HandlerSettings{Markets: []string{"PR"}}, func(*http.Request) (db.Scope, error) { return db.Scope{}, tt.err }, slog.New(slog.DiscardHandler))
			w := serve(h, request("GET", target("MSISDN", "8201")))
			if got := withoutID(w.Body.String()); w.Code != tt.status || got != tt.body {
				t.Errorf("%v: %d %s", tt.err, w.Code, got)
			}
		}
	})
}

// withoutID replaces the id of an internal error by ID.
func withoutID(body string) string {
	if i := strings.Index(body, "internal error "); i >= 0 {
		return body[:i+len("internal error ")] + "ID" + body[i+len("internal error ")+36:]
	}
	return body
}
