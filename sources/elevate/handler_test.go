package elevate_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

const path = "/customer-usage-data"

func allCustomers(*http.Request) (db.Scope, error) { return db.All(), nil }

// serve imports a document and returns the handler of the endpoint.
func serve(t *testing.T, store *db.Store, document io.Reader) http.Handler {
	t.Helper()
	importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(t)}, Reject: func(r ingest.Reject) { t.Error(r) }}
	if _, err := importer.Import(context.Background(), db.Elevate, "test", document); err != nil {
		t.Fatal(err)
	}
	return elevate.Handler(store, elevate.HandlerSettings{}, allCustomers, slog.New(slog.NewTextHandler(t.Output(), nil)))
}

// eachDatabase runs a test on both databases, with the records of testdata/records.json imported.
func eachDatabase(t *testing.T, test func(t *testing.T, h http.Handler)) {
	t.Helper()
	t.Parallel()
	records, err := os.ReadFile("testdata/records.json")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) { test(t, serve(t, store, strings.NewReader(string(records)))) })
}

func request(h http.Handler, method, query string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.URL.RawQuery = query
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// get returns the body of a response that must succeed.
func get(t *testing.T, h http.Handler, query string) jsontext.Value {
	t.Helper()
	w := request(h, http.MethodGet, query)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("%s: %d %s: %s", query, w.Code, w.Header(), w.Body)
	}
	return w.Body.Bytes()
}

// elements splits a JSON array.
func elements(t *testing.T, array []byte) []jsontext.Value {
	t.Helper()
	var list []jsontext.Value
	if err := json.Unmarshal(array, &list); err != nil {
		t.Fatalf("%v in %s", err, array)
	}
	return list
}

func TestTheSampleRoundTrips(t *testing.T) {
	t.Parallel()
	document, err := elevate.Samples.ReadFile("sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, strings.NewReader(string(document)))
		for _, query := range []string{
			"page=1&pageSize=100", // the example requests of the page
			"page=1&pageSize=100&sort=id",
			"page=1&pageSize=100&customerId=0",
			"page=1&pageSize=100&siteId=0",
			"page=1&pageSize=100&billRunId=0",
			"page=1&pageSize=100&serviceId=like:tri&destination=in:x,string&productReference=0",
			"page=1&pageSize=100&eventDateFrom=2019-08-24T14:15:22Z&eventDateTo=2019-08-24T14:15:22Z&excludeZeroValueRecords=false",
		} {
			sourcetest.SameText(t, document, get(t, h, query))
		}
		if got := string(get(t, h, "page=1&pageSize=100&excludeZeroValueRecords=true")); got != "[]\n" {
			t.Errorf("zero-value records are excluded, but got %s", got)
		}
	})
}

func TestDemoRecordsRoundTrip(t *testing.T) {
	t.Parallel()
	document, err := io.ReadAll(elevate.Demo(demo.Set{Customers: 5, Records: 800}).Reader())
	if err != nil {
		t.Fatal(err)
	}
	want := elements(t, document)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, strings.NewReader(string(document)))
		var got []jsontext.Value
		for query := "page=1&pageSize=300"; query != ""; {
			w := request(h, http.MethodGet, query)
			got = append(got, elements(t, w.Body.Bytes())...)
			query = linked(w, "next")
		}
		if len(got) != len(want) {
			t.Fatalf("got %d records of %d", len(got), len(want))
		}
		for i := range want {
			sourcetest.SameText(t, want[i], got[i])
		}
	})
}

// linked returns the query string of a link in the Link headers; empty where there is none.
func linked(w *httptest.ResponseRecorder, rel string) string {
	for _, link := range w.Header().Values("Link") {
		if target, ok := strings.CutSuffix(link, `>; rel="`+rel+`"`); ok {
			return strings.TrimPrefix(target, "<?")
		}
	}
	return ""
}

func TestPagesAreLinkedAndComplete(t *testing.T) {
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		for _, order := range []string{"", "&sort=eventDate", "&sort=siteId:desc", "&sort=isdn,profit:desc"} {
			whole := get(t, h, "page=1&pageSize=6"+order)
			var list []jsontext.Value
			for query := "page=1&pageSize=1&productReference=like:%25" + order; query != ""; {
				w := request(h, http.MethodGet, query)
				list = append(list, elements(t, w.Body.Bytes())...)
				query = linked(w, "next")
			}
			if len(list) != 5 {
				t.Errorf("%s: %d records by links", order, len(list))
			}
			var pages []jsontext.Value
			for _, page := range []string{"1", "2", "3", "4"} {
				pages = append(pages, elements(t, get(t, h, "page="+page+"&pageSize=2"+order))...)
			}
			if diff := cmp.Diff(text(elements(t, whole)), text(pages)); diff != "" {
				t.Errorf("%s: %s", order, diff)
			}
		}
		tests := []struct{ query, next, prev string }{
			{"pageSize=6&page=1", "", ""},
			{"pageSize=5&page=1", "page=2&pageSize=5", ""},
			{"page=2&pageSize=2&customerId=017&sort=id:desc,%20siteId&fields=siteId,id,id&eventDateFrom=gt:2025-03-01T10:00:00+01:00&eventDateTo=2025-03-04T00:00:00Z&excludeZeroValueRecords=false",
				"", "customerId=17&eventDateFrom=gt%3A2025-03-01T09%3A00%3A00Z&eventDateTo=2025-03-04T00%3A00%3A00Z&fields=id%2CsiteId&page=1&pageSize=2&sort=id%3Adesc%2CsiteId"},
			{"page=9&pageSize=2&serviceId=%26page%3D7%22%3E&excludeZeroValueRecords=true", "", "excludeZeroValueRecords=true&page=8&pageSize=2&serviceId=%26page%3D7%22%3E"},
			{"page=2147483647&pageSize=1000", "", "page=2147483646&pageSize=1000"},
		}
		for _, tt := range tests {
			w := request(h, http.MethodGet, tt.query)
			if next, prev := linked(w, "next"), linked(w, "prev"); w.Code != http.StatusOK || next != tt.next || prev != tt.prev {
				t.Errorf("%s: %d, next %q, prev %q", tt.query, w.Code, next, prev)
			}
		}
	})
}

func text(values []jsontext.Value) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

func TestHeadAndNotModified(t *testing.T) {
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		server := httptest.NewServer(h)
		defer server.Close()
		head, err := http.Head(server.URL + path + "?page=1&pageSize=2")
		if err != nil {
			t.Fatal(err)
		}
		defer head.Body.Close()
		tag := head.Header.Get("ETag")
		if body, err := io.ReadAll(head.Body); head.StatusCode != http.StatusOK || len(body) > 0 || err != nil || tag == "" || head.Header.Get("Link") == "" {
			t.Errorf("HEAD: %d %v, %q, %v", head.StatusCode, head.Header, body, err)
		}
		r, err := http.NewRequest(http.MethodGet, server.URL+path+"?page=1&pageSize=2", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusNotModified {
			t.Errorf("with the ETag of HEAD: %d, want 304", response.StatusCode)
		}
	})
}

func TestAResponseTakesAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var records strings.Builder
		for i := range 600 {
			fmt.Fprintf(&records, `{"id":%d,"customerId":1,"eventDate":"2021-01-01T00:00:00Z","sellPrice":1}`+"\n", i+1)
		}
		h := serve(t, store, strings.NewReader(records.String()))
		for query, want := range map[string]int{"page=1&pageSize=1": 2, "page=1&pageSize=600": 2, "page=7&pageSize=600": 1} {
			ctx, count := db.CountStatements(context.Background())
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, path+"?"+query, nil)
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got := count(); got != want {
				t.Errorf("%s: %d statements, want %d", query, got, want)
			}
		}
	})
}
