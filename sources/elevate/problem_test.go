package elevate_test

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/elevate"
)

func TestOnlyGETAndHEADAreAllowed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
			header := checkProblem(t, h, method, "page=1&pageSize=10", http.StatusMethodNotAllowed,
				`{"error":"Method Not Allowed","message":"want GET or HEAD","status":405}`)
			if got := header.Get("Allow"); got != "GET, HEAD" {
				t.Errorf("%s: Allow is %q", method, got)
			}
		}
	})
}

func TestARefusalHasElevatesFormat(t *testing.T) {
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	with := func(problem error) http.Handler {
		return elevate.Handler(store, elevate.HandlerSettings{}, func(*http.Request) (db.Scope, error) { return db.Scope{}, problem }, slog.New(slog.DiscardHandler))
	}
	header := checkProblem(t, with(&auth.Refusal{Message: "a token is required"}), http.MethodGet, "", http.StatusUnauthorized,
		`{"error":"Unauthorized","message":"a token is required","status":401}`)
	if got := header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate is %q", got)
	}
	header = checkProblem(t, with(&auth.Refusal{Message: "wait", RetryAfter: 1500 * time.Millisecond}), http.MethodGet, "", http.StatusTooManyRequests,
		`{"error":"Too Many Requests","message":"wait","status":429}`)
	if got := header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After is %q", got)
	}
}

func TestAScopeHidesCustomersAndCosts(t *testing.T) {
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	document, err := elevate.Samples.Open("sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, store, document)
	customer, err := store.For(db.All()).Customer(t.Context(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "0"}})
	if err != nil {
		t.Fatal(err)
	}
	h := elevate.Handler(store, elevate.HandlerSettings{}, func(*http.Request) (db.Scope, error) { return db.Only(customer.CustomerID), nil }, slog.New(slog.DiscardHandler))
	for _, other := range []string{"1", "-1", "99"} {
		checkProblem(t, h, http.MethodGet, "page=1&pageSize=10&customerId="+other, http.StatusForbidden,
			`{"error":"Forbidden","message":"this client may not see this usage data","status":403}`)
	}
	for _, field := range []string{"buyPrice", "ratedBuyPrice", "profit", "profitPercentage", "marginPercentage"} {
		checkProblem(t, h, http.MethodGet, "page=1&pageSize=10&sort=id,"+field, http.StatusForbidden,
			`{"error":"Forbidden","message":"you may not see cost, profit or margin","status":403}`)
	}
	if got := string(get(t, h, "page=1&pageSize=1&customerId=0&fields=sellPrice,buyPrice,profit")); got != `[{"sellPrice":0,"buyPrice":null,"profit":null}]`+"\n" {
		t.Errorf("%s", got)
	}
}

func TestAnEmptyScopeSeesNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		if got := len(elements(t, get(t, h, "page=1&pageSize=10"))); got != 6 {
			t.Fatalf("all customers: %d records", got)
		}
	})
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	document, err := elevate.Samples.Open("sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, store, document)
	h := elevate.Handler(store, elevate.HandlerSettings{}, func(*http.Request) (db.Scope, error) { return db.Scope{}, nil }, slog.New(slog.DiscardHandler))
	if got := string(get(t, h, "page=1&pageSize=10")); got != "[]\n" {
		t.Errorf("got %s", got)
	}
}

func TestAnInternalErrorContainsNoDetails(t *testing.T) {
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	h := elevate.Handler(store, elevate.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	w := request(h, http.MethodGet, "page=1&pageSize=10")
	want := regexp.MustCompile(`^\{"error":"Internal Server Error","message":"internal error [0-9a-f-]{36}","status":500\}$`)
	if w.Code != http.StatusInternalServerError || !want.MatchString(w.Body.String()) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
