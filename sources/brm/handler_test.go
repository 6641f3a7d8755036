package brm_test

import (
	"context"
	"flag"
	"io"
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
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

// The paths of the two routes.
const (
	sampleRoute = "/brm/usageManagement/version/usage"
	schemaRoute = "/tmf-api/usageManagement/v4/usage"
)

func importDocument(t testing.TB, store *db.Store, document io.Reader) {
	t.Helper()
	importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(t)}, Reject: func(r ingest.Reject) { t.Error(r) }}
	if _, err := importer.Import(context.Background(), db.BRM, "test.json", document); err != nil {
		t.Fatal(err)
	}
}

func sampleText(t testing.TB) string {
	t.Helper()
	text, err := brm.Samples.ReadFile("sample/brm-usage.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newServer returns a server of the endpoint, mounted at the patterns in the comment of Handler.
func newServer(t testing.TB, store *db.Store, s brm.HandlerSettings) *httptest.Server {
	t.Helper()
	return serve(t, newHandler(store, s))
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for _, pattern := range []string{"/brm/usageManagement/{version}/usage", schemaRoute} {
		mux.Handle(pattern, h)
		mux.Handle(pattern+"/{id...}", h)
	}
	mux.Handle("/tmf-api/", h)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// response is a response with its body read.
type response struct {
	*http.Response
	body string
}

// request sends a request with the host of the page's sample.
func request(t testing.TB, server *httptest.Server, method, path string, header ...string) response {
	t.Helper()
	r, err := http.NewRequest(method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "host:port"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	raw, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Body.Close()
	body, err := io.ReadAll(raw.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{raw, string(body)}
}

func get(t testing.TB, server *httptest.Server, path string) response {
	t.Helper()
	return request(t, server, http.MethodGet, path)
}

// getBody returns the body of a request that must succeed.
func getBody(t testing.TB, server *httptest.Server, path string) string {
	t.Helper()
	a := get(t, server, path)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
	}
	if got := a.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("%s: %s", path, got)
	}
	return a.body
}

// ids returns the ids of the usages in a body.
func ids(t testing.TB, body string) []string {
	t.Helper()
	var list []struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	found := []string{}
	for _, u := range list {
		found = append(found, u.ID)
	}
	return found
}

// golden compares a body with a file in testdata.
func golden(t *testing.T, name string, body string) {
	t.Helper()
	text := jsontext.Value(body)
	if err := text.Indent(jsontext.WithIndent("  ")); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	file := filepath.Join("testdata", "answers", name+".json")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)+"\n"); diff != "" {
		t.Errorf("%s (-want +got, rewrite with -update):\n%s", file, diff)
	}
}

// TestThePagesExample sends the request of the page's cURL line. The page's response leaves out three keys of the
// second record's price that are null in the first.
func TestThePagesExample(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(sampleText(t)))
		server := newServer(t, store, brm.HandlerSettings{})
		first, second, _ := strings.Cut(sampleText(t), "326088760519524129")
		second = strings.Replace(second, `"ratingDate"`, `"@baseType": null, "@schemaLocation": null, "@type": null, "ratingDate"`, 1)
		want := jsontext.Value(first + "326088760519524129" + second)
		for _, query := range []string{"?limit=2", "", "?@type=Usage"} {
			sourcetest.SameText(t, want, jsontext.Value(getBody(t, server, sampleRoute+query)))
		}
	})
}

func TestGoldenResponses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(sampleText(t)))
		importDocument(t, store, strings.NewReader(extended))
		server := newServer(t, store, brm.HandlerSettings{})
		for name, route := range map[string]string{"sample": sampleRoute, "schema": schemaRoute} {
			for file, query := range map[string]string{
				"all": "", "base": "?@type=Usage", "oracle": "?@type=UsageOracle", "fields": "?fields=type,status",
				"fields-none": "?fields=none", "fields-described": "?fields=usageDate,description&fields=@type",
			} {
				golden(t, name+"-"+file, getBody(t, server, route+query))
			}
			golden(t, name+"-one", getBody(t, server, route+"/x%2Fy+z?fields=date,ratedProductUsage"))
			for _, kind := range []string{"Usage", "UsageOracle"} {
				golden(t, name+"-describe-"+kind, getBody(t, server, route+"/describe?@type="+kind))
			}
		}
	})
}

// extended is a document with all members that the page's sample does not have.
const extended = `[{"@baseType": "Usage", "@schemaLocation": "https://example.org/usage.json", "@type": "UsageOracle", "id": "x/y+z",
	"href": "http://gone", "date": "2020-08-14T12:00:00.25+05:30", "description": "10% off <b>&amp; \"more\"</b>_\\", "type": null, "status": "billed",
	"usageSpecification": {"id": "S1", "version": 2.50}, "usageCharacteristic": [{"name": "n", "value": {"b": 1.0, "a": "\u003c"}}, {}],
	"relatedParty": [{"id": "C1", "role": "customer"}],
	"ratedProductUsage": [
		{"@type": "Rated", "ratingDate": null, "isBilled": true, "taxExcludedAmount": {"unit": "EUR", "value": 0.1234567890123456789, "@type": "Money", "note": "x"},
			"taxIncludedAmount": {"unit": "EUR", "value": null}, "taxRate": 21.00, "isTaxExempt": false, "productRef": {"id": "P1"}, "zone": [1.0]},
		{"ratingDate": "2020-08-14T12:00:01Z", "taxIncludedAmount": {"unit": null, "value": -5}}],
	"oracleAttribute": {"b": 2.0, "a": null}, "unit": null},
	{"id": "..", "date": "2021-01-01T00:00:00Z", "description": ""}]`

// nullMember matches a member that is null, with its comma.
var nullMember = regexp.MustCompile(`"[^"]*":null,|,"[^"]*":null`)

// TestDemoRecordsRoundTrip reads demo data page by page, in both spellings.
func TestDemoRecordsRoundTrip(t *testing.T) {
	var document strings.Builder
	if _, err := io.Copy(&document, brm.Demo(demo.Set{Customers: 5, Records: 200}).Reader()); err != nil {
		t.Fatal(err)
	}
	want := rows(t, strings.ReplaceAll(document.String(), "http://brm.example/", "http://host:port/"))
	respell := strings.NewReplacer(`"date":`, `"usageDate":`, `"type":`, `"usageType":`, `"taxExcludedAmount"`, `"taxExcludedRatingAmount"`,
		`"taxIncludedAmount"`, `"taxIncludedRatingAmount"`, `"status":"Rated"`, `"status":"rated"`, `"status":"Billed"`, `"status":"billed"`,
		"/brm/usageManagement/v4/usage/", schemaRoute+"/")
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document.String()))
		server := newServer(t, store, brm.HandlerSettings{})
		var got, spelled []string
		for path := "/brm/usageManagement/v4/usage?limit=7"; path != ""; {
			a := get(t, server, path)
			got = append(got, rows(t, a.body)...)
			spelled = append(spelled, rows(t, getBody(t, server, schemaRoute+"?"+a.Request.URL.RawQuery))...)
			path = strings.TrimPrefix(link(a.Header, "next"), "http://host:port")
		}
		if len(want) == 0 || len(got) != len(want) || len(spelled) != len(want) {
			t.Fatalf("%d and %d records of %d", len(got), len(spelled), len(want))
		}
		for i := range want {
			if got[i] != want[i] || spelled[i] != nullMember.ReplaceAllString(respell.Replace(want[i]), "") {
				t.Fatalf("record %d:\n%s\n%s\n%s", i, want[i], got[i], spelled[i])
			}
		}
	})
}

// rows returns the elements of a JSON array, compacted.
func rows(t testing.TB, array string) []string {
	t.Helper()
	var list []jsontext.Value
	if err := json.Unmarshal([]byte(array), &list); err != nil {
		t.Fatalf("%v in %.300s", err, array)
	}
	texts := make([]string, len(list))
	for i, v := range list {
		if err := v.Compact(); err != nil {
			t.Fatal(err)
		}
		texts[i] = string(v)
	}
	return texts
}
