package rest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestETagChangesWithEverythingTheResponseDependsOn(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, other := dbtest.Open(t, url), dbtest.Open(t, dbtest.Another(t, url))
		settings := "a"
		send := func(store *db.Store, scope db.Scope, change func(*http.Request), tag string) *httptest.ResponseRecorder {
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
		tag := send(store, db.All(), same, "").Header().Get("ETag")
		if again := send(store, db.All(), same, tag); again.Code != http.StatusNotModified {
			t.Errorf("the same request: %d", again.Code)
		}
		for name, changed := range map[string]*httptest.ResponseRecorder{
			"another data set of the same revision": send(other, db.All(), same, tag),
			"another scope":                         send(store, db.Only(1), same, tag),
			"without cost":                          send(store, db.All().WithCost(false), same, tag),
			"by TLS":                                send(store, db.All(), func(r *http.Request) { r.URL.Scheme = "https" }, tag),
			"another host":                          send(store, db.All(), func(r *http.Request) { r.Host = "example.org" }, tag),
			"another media type":                    send(store, db.All(), func(r *http.Request) { r.Header.Set("Accept", "text/csv") }, tag),
		} {
			if changed.Code != http.StatusOK || changed.Header().Get("ETag") == tag {
				t.Errorf("%s: %d", name, changed.Code)
			}
		}
		settings = "b"
		if changed := send(store, db.All(), same, tag); changed.Code != http.StatusOK {
			t.Errorf("other settings: %d", changed.Code)
		}
	})
}

// TestETagDiffersBetweenDatabasesOfTheSameRevision writes the same number of revisions into two databases.
func TestETagDiffersBetweenDatabasesOfTheSameRevision(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		tags := map[string]bool{}
		for range 2 {
			store := dbtest.Open(t, dbtest.Another(t, url))
			for range 3 {
				tags[get(handler(store, hello)).Header().Get("ETag")] = true
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
