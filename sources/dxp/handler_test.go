package dxp_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

// newHandler returns the handler for the markets Puerto Rico and Jamaica, for clients with a scope.
func newHandler(t testing.TB, store *db.Store, scope db.Scope) http.Handler {
	return dxp.Handler(store, dxp.HandlerSettings{Zone: func(string) *time.Location { return zone(t, "America/Puerto_Rico") }, Markets: []string{"PR", "JM"}},
		func(*http.Request) (db.Scope, error) { return scope, nil }, slog.New(slog.DiscardHandler))
}

// sources returns dxp, and two systems that have customers with numbers of Puerto Rico.
func sources(t testing.TB) []ingest.Source {
	t.Helper()
	summaries, err := stn.Source(stn.Settings{Currency: "EUR", Region: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	calls, err := elevate.Source(elevate.Settings{Currency: "USD"})
	if err != nil {
		t.Fatal(err)
	}
	return []ingest.Source{source(t), summaries, calls}
}

// importDocument imports a document of one of the sources.
func importDocument(t testing.TB, store *db.Store, name db.Source, document string) {
	t.Helper()
	importer := ingest.Importer{Store: store, Sources: sources(t), Reject: func(r ingest.Reject) { t.Error(r) }}
	if _, err := importer.Import(context.Background(), name, "test.json", strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
}

// importReports imports reports as one document.
func importReports(t testing.TB, store *db.Store, source ingest.Source, reports ...string) ingest.Report {
	t.Helper()
	importer := ingest.Importer{Store: store, Sources: []ingest.Source{source}, Reject: func(r ingest.Reject) { t.Error(r) }}
	report, err := importer.Import(t.Context(), db.DXP, "test.json", strings.NewReader(strings.Join(reports, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := fs.ReadFile(dxp.Samples, "sample/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// target returns the path and query of the endpoint.
func target(kind, identifier string) string {
	return "/dxp-ux/v1/PR/usageConsumptionReport?" + url.Values{"product.publicIdentifier": {identifier}, "product.publicIdentifierType": {kind}}.Encode()
}

// request returns a valid request with some headers replaced; an empty one is removed.
func request(method, target string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	for _, h := range append([]string{"client_id: app", "client_secret: s", "X-Correlation-ID: c-1", "channelId: APP", "targetSystem: Matrixx"}, headers...) {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// getReport requests a report that must exist, and returns the body.
func getReport(t testing.TB, h http.Handler, kind, identifier string) jsontext.Value {
	t.Helper()
	w := serve(h, request("GET", target(kind, identifier)))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("X-Correlation-ID") != "c-1" {
		t.Fatalf("%s %s: %d %v %s", kind, identifier, w.Code, w.Header(), w.Body)
	}
	return w.Body.Bytes()
}

func TestTheSamplesRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		prepaid, postpaid := sample(t, "usage-consumption-prepaid.json"), sample(t, "usage-consumption-postpaid.json")
		importDocument(t, store, db.DXP, prepaid)
		importDocument(t, store, db.DXP, postpaid)
		h := newHandler(t, store, db.All())
		for _, kind := range []string{"SubscriptionId", "subscriptionId", "SUBSCRIPTIONID"} {
			sourcetest.SameText(t, jsontext.Value(prepaid), getReport(t, h, kind, "S-1001"))
		}
		for _, kind := range []string{"MSISDN", "msisdn"} {
			sourcetest.SameText(t, jsontext.Value(postpaid), getReport(t, h, kind, "8201"))
		}
	})
}

func TestDemoReportsRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		text, err := io.ReadAll(dxp.Demo(demo.Set{Customers: 40, Records: 400}).Reader())
		if err != nil {
			t.Fatal(err)
		}
		importDocument(t, store, db.DXP, string(text))
		h := newHandler(t, store, db.All())
		var records []jsontext.Value
		if err := json.Unmarshal(text, &records); err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			r := sourcetest.Decode(t, source(t), record)
			sourcetest.SameText(t, jsontext.Value("["+string(record)+"]"), getReport(t, h, "MSISDN", *r.Subscription.PhoneNumber))
		}
		if len(records) < 10 {
			t.Errorf("only %d records", len(records))
		}
	})
}

func TestUnusualReportsRoundTrip(t *testing.T) {
	const least = `{"description": "Usage Consumption Report for MSISDN 8201", "effectiveDate": "2022-11-08T11:52:48", "@type": "UsageConsumptionReport", "bucket": []}`
	const odd = `{"description": "Usage Consumption Report for MSISDN 8202", "effectiveDate": "2022-11-08T11:52:48.25", "@type": "Other", "characteristic": [{"name": "<a&b>", "value": "\u00e9\u2028", "more": 1.50}, {"value": 1e400, "name": "x"}],
			"bucket": [{"id": "1", "@type": "X", "characteristic": [], "product": [{"x": null}],
			"bucketBalance": [{}, {"remainingValueName": "<&>", "remainingValue": {"amount": "infinity", "units": "none", "unit": "MB"}, "validFor": {"startDateTime": "2023-02-10T00:00:00Z", "endDateTime": "9999-12-31T23:59:59", "x": 1}, "characteristic": [{"value": "true", "name": "IsCurrentPeriod"}], "value": {"amount": 1}, "@type": "Y"},
				{"remainingValue": {"amount": 202.20}, "validFor": {"startDateTime": "2023-02-10T00:00:00.5"}}, {"remainingValue": {"units": "parsecs"}, "validFor": {"endDateTime": ""}}],
			"bucketCounter": [{"counterType": "a", "level": "b", "value": {"amount": 0.1234567890123456789, "units": "minutes"}, "valueName": "c"}, {"value": {"amount": -1}}, {"value": {"amount": "Infinity"}}, {"value": {"y": "x"}, "validFor": {"b": 1, "a": 2}}], "remainingValue": 3},
			{"id": "1", "name": "again", "usageType": "Voice", "isShared": true, "@type": "BucketBalance"}], "value": {"z": {"b": 1.0, "a": []}}, "validFor": null}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, db.All())
		for number, report := range map[string]string{"8201": least, "8202": odd} {
			importDocument(t, store, db.DXP, report)
			sourcetest.SameText(t, jsontext.Value("["+report+"]"), getReport(t, h, "MSISDN", number))
		}
		if got := string(getReport(t, h, "MSISDN", "8202")); !strings.Contains(got, "<a&b>") || !strings.Contains(got, `"<&>"`) {
			t.Errorf("HTML is escaped: %s", got)
		}
	})
}

func TestManyBucketsKeepTheirOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var report strings.Builder
		report.WriteString(`{"description": "Usage Consumption Report for MSISDN 8201", "effectiveDate": "2022-11-08T11:52:48", "@type": "UsageConsumptionReport", "bucket": [`)
		for i := range 250 {
			if i > 0 {
				report.WriteString(",")
			}
			report.WriteString(`{"id": "` + strings.Repeat("x", 1+i*7%50) + `", "@type": "BucketBalance", "bucketCounter": [{"valueName": "a"}, {"valueName": "b"}]}`)
		}
		report.WriteString("]}")
		importDocument(t, store, db.DXP, report.String())
		sourcetest.SameText(t, jsontext.Value("["+report.String()+"]"), getReport(t, newHandler(t, store, db.All()), "MSISDN", "8201"))
	})
}

func TestAReportTakesFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.DXP, sample(t, "usage-consumption-prepaid.json"))
		ctx, count := db.CountStatements(context.Background())
		if w := serve(newHandler(t, store, db.All()), request("GET", target("SubscriptionId", "S-1001")).WithContext(ctx)); w.Code != http.StatusOK || count() != 4 {
			t.Errorf("%d by %d statements", w.Code, count())
		}
	})
}

func TestHeadAndNotModified(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.DXP, sample(t, "usage-consumption-postpaid.json"))
		server := httptest.NewServer(newHandler(t, store, db.All()))
		defer server.Close()
		ask := func(method, tag string) (*http.Response, string) {
			r := request(method, server.URL+target("MSISDN", "8201"), "If-None-Match: "+tag)
			r.RequestURI = ""
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			return response, string(body)
		}
		got, body := ask("GET", "")
		head, none := ask("HEAD", "")
		if head.StatusCode != http.StatusOK || none != "" || body == "" || head.Header.Get("ETag") != got.Header.Get("ETag") || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") {
			t.Errorf("HEAD: %v %q", head.Header, none)
		}
		same, none := ask("GET", got.Header.Get("ETag"))
		if same.StatusCode != http.StatusNotModified || none != "" || same.Header.Get("X-Correlation-ID") != "c-1" {
			t.Errorf("with the ETag: %d %q", same.StatusCode, none)
		}
		importDocument(t, store, db.DXP, least)
		if again, _ := ask("GET", got.Header.Get("ETag")); again.StatusCode != http.StatusOK {
			t.Errorf("after a change: %d", again.StatusCode)
		}
	})
}

func TestTheCorrelationID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, db.All())
		for _, tt := range []struct {
			sent, want string
			status     int
		}{
			{"", "", 404}, {"c-2", "c-2", 404}, {strings.Repeat("x", 128), strings.Repeat("x", 128), 404}, {"é", "é", 404},
			{strings.Repeat("x", 129), "", 400}, {"a\tb", "", 400}, {"a\x00b", "", 400}, {"a\u0085b", "", 400}, {"a\x7f", "", 400}, {"\xff", "", 400},
		} {
			w := serve(h, request("GET", target("MSISDN", "8201"), "X-Correlation-ID: "+tt.sent))
			got := w.Header().Get("X-Correlation-ID")
			if w.Code != tt.status || got != tt.want && tt.want != "" || tt.want == "" && len(got) != 36 {
				t.Errorf("%q: %d %q", tt.sent, w.Code, got)
			}
		}
		r := request("GET", target("MSISDN", "8201"))
		r.Header.Add("X-Correlation-ID", "c-2")
		if w := serve(h, r); w.Code != 400 || len(w.Header().Get("X-Correlation-ID")) != 36 {
			t.Errorf("two headers: %d %v", w.Code, w.Header())
		}
	})
}
