package graphqlhttp_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestInternalErrorsHideDetails(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, err := db.Open(t.Context(), url, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		h := newHandler(t, store, nil)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		details := regexp.MustCompile(`(?i)sql|closed|goroutine|\.go:|pq:|select|` + regexp.QuoteMeta(filepath.Base(url)))
		if got := postQuery(t, h, "{customers{totalCount nodes{name}}}", nil); got.code() == "" || details.MatchString(got.body) {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}

// FuzzRequest checks that no body leads to an internal error or to a response without limits.
func FuzzRequest(f *testing.F) {
	for _, test := range requests {
		f.Add([]byte(test.body))
	}
	for _, test := range hostile {
		if body := test.body(); len(body) < 4<<10 {
			f.Add([]byte(body))
		}
	}
	store := dbtest.Open(f, filepath.Join(f.TempDir(), "test.db"))
	f.Fuzz(func(t *testing.T, body []byte) {
		h := newHandler(t, store, nil)
		got := post(t, h, strings.NewReader(string(body)))
		if got.status >= 500 || len(got.Errors) > 20 || got.status >= 400 && got.code() == "" || got.code() == "INTERNAL_SERVER_ERROR" {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}
