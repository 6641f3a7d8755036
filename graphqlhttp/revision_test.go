package graphqlhttp_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestRequestNamesTheLeastRevision(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		if err := store.Write(t.Context(), func(tx *db.Tx) error { return tx.Revise(t.Context()) }); err != nil {
			t.Fatal(err)
		}
		revision, err := store.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		latest, next := strconv.FormatInt(revision, 10), strconv.FormatInt(revision+1, 10)
		handler := newHandler(t, store, nil)
		for _, test := range []struct {
			query, revision string
			status          int
			want, header    string
		}{
			{"{customers{totalCount}}", "", 200, `{"data":{"customers":{"totalCount":0}}}`, ""},
			{"{customers{totalCount}}", "0", 200, `{"data":{"customers":{"totalCount":0}}}`, latest},
			{"{a:customers{totalCount} b:usageRecords{nodes{id}}}", latest, 200, `"nodes":[]`, latest},
			{"{customers{totalCount}}", next, 400, "Usagegraph-Revision: want at most " + latest + ", the latest revision", ""},
			{"{__typename}", "0", 200, `{"data":{"__typename":"Query"}}`, ""},
			{"{customers{totalCount}}", "-1", 400, "Usagegraph-Revision: want one revision, such as 42", ""},
			{"{customers{totalCount}}", "9223372036854775808", 400, "want one revision", ""},
			{"{customers{totalCount}}", "latest", 400, "want one revision", ""},
		} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(`{"query":"`+test.query+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/graphql-response+json")
			if test.revision != "" {
				r.Header.Set(db.RevisionHeader, test.revision)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if body := w.Body.String(); w.Code != test.status || !strings.Contains(body, test.want) || w.Header().Get(db.RevisionHeader) != test.header {
				t.Errorf("%s, revision %q: %d %q %s", test.query, test.revision, w.Code, w.Header().Get(db.RevisionHeader), body)
			}
		}
	})
}
