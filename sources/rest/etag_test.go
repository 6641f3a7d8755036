package rest_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestAnAnswerIsSentAgainWhenAnythingChangesThatItDependsOn(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, other := dbtest.Open(t, url), dbtest.Open(t, dbtest.Another(t, url))
		settings := "a"
		ask := func(store *db.Store, scope db.Scope, change func(*http.Request), tag string) *httptest.ResponseRecorder {
			h := handler(store, hello)
			h.Settings = func() string { return settings }
			h.Scope = func(*http.Request) (db.Scope, error) { return scope, nil }
			r := httptest.NewRequest(http.MethodGet, "/x?a=1", nil)
			r.Header.Set("If-None-Match", tag)
			change(r)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		same := func(*http.Request) {}
		tag := ask(store, db.All(), same, "").Header().Get("ETag")
		if again := ask(store, db.All(), same, tag); again.Code != http.StatusNotModified {
			t.Errorf("the same request: %d", again.Code)
		}
		for name, changed := range map[string]*httptest.ResponseRecorder{
			"another data set of the same revision": ask(other, db.All(), same, tag),
			"another scope":                         ask(store, db.Only(1), same, tag),
			"without cost":                          ask(store, db.All().WithCost(false), same, tag),
			"by TLS":                                ask(store, db.All(), func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, tag),
			"another host":                          ask(store, db.All(), func(r *http.Request) { r.Host = "example.org" }, tag),
			"another form":                          ask(store, db.All(), func(r *http.Request) { r.Header.Set("Accept", "text/csv") }, tag),
		} {
			if changed.Code != http.StatusOK || changed.Header().Get("ETag") == tag {
				t.Errorf("%s: %d", name, changed.Code)
			}
		}
		settings = "b"
		if changed := ask(store, db.All(), same, tag); changed.Code != http.StatusOK {
			t.Errorf("other settings: %d", changed.Code)
		}
	})
}

// TestRevisionsOfTheSameNumberHaveTagsOfTheirOwn writes as many revisions into two databases.
func TestRevisionsOfTheSameNumberHaveTagsOfTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		tags := map[string]bool{}
		for range 2 {
			store := dbtest.Open(t, dbtest.Another(t, url))
			for range 3 {
				tags[ask(handler(store, hello)).Header().Get("ETag")] = true
				if err := store.Write(t.Context(), func(tx *db.Tx) error { return tx.Revise(t.Context()) }); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(tags) != 6 {
			t.Errorf("%d tags of 6 revisions", len(tags))
		}
	})
}
