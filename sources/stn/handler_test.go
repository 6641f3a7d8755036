package stn_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/rest"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

func allCustomers(*http.Request) (db.Scope, error) { return db.All(), nil }

func importDocument(t testing.TB, store *db.Store, document io.Reader) {
	t.Helper()
	importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(t)}, Reject: func(r ingest.Reject) { t.Error(r) }}
	if _, err := importer.Import(context.Background(), db.STN, "document.json", document); err != nil {
		t.Fatal(err)
	}
}

func sample(t testing.TB) string {
	t.Helper()
	text, err := stn.Samples.ReadFile("sample/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// serve imports the sample and some records, and returns the handler.
func serve(t testing.TB, store *db.Store, records ...string) http.Handler {
	t.Helper()
	importDocument(t, store, strings.NewReader(sample(t)))
	if len(records) > 0 {
		importDocument(t, store, strings.NewReader("["+strings.Join(records, ",")+"]"))
	}
	return stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
}

func request(h http.Handler, method, query string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, stn.Pattern, nil)
	r.URL.RawQuery = query
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// envelope is the body of a response.
type envelope struct {
	Offset, Total int64
	Results       []jsontext.Value
	Meta          map[string]string
}

// get sends a query that must succeed, and returns the response.
func get(t testing.TB, h http.Handler, query string) envelope {
	t.Helper()
	w := request(h, http.MethodGet, query)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	var a envelope
	if err := json.Unmarshal(w.Body.Bytes(), &a, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	return a
}

// ids returns the first two characters of each record's id.
func ids(t testing.TB, a envelope) string {
	t.Helper()
	var list []string
	for _, record := range a.Results {
		var r struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(record, &r); err != nil {
			t.Fatal(err)
		}
		list = append(list, (r.ID + "  ")[:2])
	}
	return strings.Join(list, " ")
}

func TestTheSampleIsTheResponse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := request(serve(t, store), http.MethodGet, "")
		sourcetest.SameText(t, jsontext.Value(sample(t)), w.Body.Bytes())
	})
}

// TestGoldenResponses compares the response to each testdata/answers/*.query with the .json of the same name, which
// -update rewrites.
func TestGoldenResponses(t *testing.T) {
	queries, err := filepath.Glob(filepath.Join("testdata", "answers", "*.query"))
	if err != nil || len(queries) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, moreRecords...)
		for _, name := range queries {
			query, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			body := jsontext.Value(request(h, http.MethodGet, strings.TrimSpace(string(query))).Body.Bytes())
			if err := body.Indent(jsontext.WithIndent("  ")); err != nil {
				t.Fatal(err)
			}
			got, golden := string(body)+"\n", strings.TrimSuffix(name, ".query")+".json"
			if flag.Lookup("update").Value.String() == "true" {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got, rewrite with -update):\n%s", golden, diff)
			}
		}
	})
}

func TestHeadAndNotModified(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		server := httptest.NewServer(serve(t, store))
		defer server.Close()
		first, err := http.Head(server.URL + stn.Pattern)
		if err != nil {
			t.Fatal(err)
		}
		first.Body.Close()
		tag := first.Header.Get("ETag")
		if first.StatusCode != http.StatusOK || tag == "" {
			t.Fatalf("HEAD: %s, ETag %q", first.Status, tag)
		}
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		tag = request(h, http.MethodGet, "take=1").Header().Get("ETag")
		if w := request(h, http.MethodGet, "take=1", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("with the ETag: %d %s", w.Code, w.Body)
		}
		importDocument(t, store, strings.NewReader("["+least+"]"))
		if w := request(h, http.MethodGet, "take=1", "If-None-Match", tag); w.Code != http.StatusOK {
			t.Errorf("after an import: %d", w.Code)
		}
	})
}

func TestAPageTakesFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, stn.Demo(demo.Set{Customers: 5, Records: 10}).Reader())
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		request(h, http.MethodGet, "take=0") // the total is cached from here on
		for query, most := range map[string]int{"take=100": 3, "take=100&fields=id,amountPremium": 1, "take=0": 0} {
			r := httptest.NewRequest(http.MethodGet, stn.Pattern+"?"+query, nil)
			ctx, statements := db.CountStatements(r.Context())
			h.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
			if statements() != most {
				t.Errorf("%s takes %d statements, want %d", query, statements(), most)
			}
		}
	})
}

func TestARefusalHasServiceStacksFormat(t *testing.T) {
	h := stn.Handler(dbtest.Open(t, filepath.Join(t.TempDir(), "test.db")), stn.HandlerSettings{}, func(*http.Request) (db.Scope, error) {
		return db.Scope{}, &rest.Problem{Status: http.StatusUnauthorized, Message: "an API key is needed"}
	}, slog.New(slog.DiscardHandler))
	w := request(h, http.MethodGet, "take=no")
	want := `{"responseStatus":{"errorCode":"Unauthorized","message":"an API key is needed","errors":[]}}`
	if w.Code != http.StatusUnauthorized || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestAnInternalErrorContainsNoDetails(t *testing.T) {
	empty, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), db.Options{}) // it has no tables
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	w := request(stn.Handler(empty, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler)), http.MethodGet, "")
	want := regexp.MustCompile(`^{"responseStatus":{"errorCode":"InternalServerError","message":"internal error [0-9a-f-]{36}","errors":\[\]}}$`)
	if w.Code != http.StatusInternalServerError || !want.MatchString(w.Body.String()) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
