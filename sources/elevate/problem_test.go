package elevate_test

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/elevate"
)

func TestOnlyReadingIsAllowed(t *testing.T) {
	eachWorld(t, func(t *testing.T, h http.Handler) {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
			header := refused(t, h, method, "page=1&pageSize=10", http.StatusMethodNotAllowed,
				`{"error":"Method Not Allowed","message":"only GET and HEAD are answered here","status":405}`)
			if got := header.Get("Allow"); got != "GET, HEAD" {
				t.Errorf("%s: Allow is %q", method, got)
			}
		}
	})
}

func TestAScopeRefusesInElevatesShape(t *testing.T) {
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	with := func(problem error) http.Handler {
		return elevate.Handler(store, func(*http.Request) (db.Scope, error) { return db.Scope{}, problem }, slog.New(slog.DiscardHandler))
	}
	header := refused(t, with(elevate.Unauthorized()), http.MethodGet, "", http.StatusUnauthorized,
		`{"error":"Unauthorized","message":"a valid bearer token is required","status":401}`)
	if got := header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate is %q", got)
	}
	refused(t, with(elevate.Forbidden()), http.MethodGet, "", http.StatusForbidden,
		`{"error":"Forbidden","message":"this client may not see this usage data","status":403}`)
}

func TestAScopeOfNobodySeesNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, h http.Handler) {
		if got := len(elements(t, get(t, h, "page=1&pageSize=10"))); got != 6 {
			t.Fatalf("everyone: %d records", got)
		}
	})
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	document, err := elevate.Samples.Open("sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, store, document)
	h := elevate.Handler(store, func(*http.Request) (db.Scope, error) { return db.Scope{}, nil }, slog.New(slog.DiscardHandler))
	if got := string(get(t, h, "page=1&pageSize=10")); got != "[]\n" {
		t.Errorf("nobody: %s", got)
	}
}

func TestAFailureTellsNothing(t *testing.T) {
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	h := elevate.Handler(store, everyone, slog.New(slog.DiscardHandler))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	w := ask(h, http.MethodGet, "page=1&pageSize=10")
	want := regexp.MustCompile(`^\{"error":"Internal Server Error","message":"internal error [0-9a-f-]{36}","status":500\}$`)
	if w.Code != http.StatusInternalServerError || !want.MatchString(w.Body.String()) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
