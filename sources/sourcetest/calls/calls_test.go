package calls_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
	"usagegraph/sources/rest"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/sourcetest/calls"
)

// importText imports a document and returns the report, the rejects and the importer's error.
func importText(t *testing.T, store *db.Store, document io.Reader) (report ingest.Report, rejects []string, err error) {
	t.Helper()
	source, err := calls.System().Source(legacy.Values{{Name: "calls-region"}: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	importer := ingest.Importer{Store: store, Sources: []ingest.Source{source}, Reject: func(r ingest.Reject) { rejects = append(rejects, r.String()) }}
	report, err = importer.Import(context.Background(), calls.Name, "calls.csv", document)
	return report, rejects, err
}

func TestTheSampleIsDecoded(t *testing.T) {
	t.Parallel()
	source, err := calls.Source("GB")
	if err != nil {
		t.Fatal(err)
	}
	records := sourcetest.Records(t, source, calls.System().Samples)["calls.csv"]
	if len(records) != 3 || *sourcetest.Decode(t, source, records[2]).Usage.ServiceID != "anonymous" {
		t.Errorf("decoded %s", records)
	}
}

func sample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("sample/calls.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// get returns the status and body of a response of the endpoint.
func get(t *testing.T, store *db.Store, scope db.Scope, query string) (int, string) {
	t.Helper()
	handlers := calls.System().Endpoint(legacy.Endpoint{
		Store: store, Scope: func(*http.Request) (db.Scope, error) { return scope, nil }, Unknown: rest.Documented, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	w := httptest.NewRecorder()
	handlers[calls.Pattern].ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/calls.csv"+query, nil))
	return w.Code, w.Body.String()
}

func TestADocumentReadsBackThroughTheEndpoint(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		report, rejects, err := importText(t, store, strings.NewReader(sample(t)))
		if err != nil || report.New != 3 || rejects != nil {
			t.Fatalf("%v, %v: %v", report, rejects, err)
		}
		lines := strings.Split(strings.TrimSpace(sample(t)), "\n")
		latestFirst := strings.Join([]string{lines[0], lines[3], lines[2], lines[1]}, "\n") + "\n"
		if status, got := get(t, store, db.All(), ""); status != http.StatusOK || got != latestFirst {
			t.Errorf("%d: %s", status, cmp.Diff(latestFirst, got))
		}
		if report, _, err := importText(t, store, strings.NewReader(sample(t))); err != nil || report.Unchanged != 3 {
			t.Errorf("the second import: %v, %v", report, err)
		}
	})
}

func TestOneSubscriptionHasBothSpellingsOfItsNumber(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		if _, _, err := importText(t, store, strings.NewReader(sample(t))); err != nil {
			t.Fatal(err)
		}
		reader := store.For(db.All())
		found, err := reader.Subscription(t.Context(), db.AllColumns, db.SubscriptionBy{PhoneNumber: new("+442079460124")})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := reader.UsageRecords(t.Context(), db.AllColumns, db.Parents{Type: db.TypeSubscription, Keys: []db.Key{found.Key}}, db.UsageRecordQuery{Page: db.Page{Limit: 10}})
		if err != nil || len(pages[0].Nodes) != 2 {
			t.Errorf("want the calls C-1 and C-2: %v", err)
		}
	})
}

func TestAClientSeesTheCallsOfItsCustomersAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		if _, _, err := importText(t, store, strings.NewReader(sample(t))); err != nil {
			t.Fatal(err)
		}
		customer, err := store.For(db.All()).Customer(t.Context(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: calls.Name, Value: "18"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, got := get(t, store, db.Only(customer.CustomerID), ""); !strings.Contains(got, "C-3") || strings.Contains(got, "C-1") {
			t.Errorf("the scope of account 18: %s", got)
		}
		if status, got := get(t, store, db.All(), "?caller=1"); status != http.StatusBadRequest {
			t.Errorf("an unknown parameter: %d %s", status, got)
		}
	})
}

func TestBadDocuments(t *testing.T) {
	t.Parallel()
	const heading = "call_id,account,started_at,seconds\n"
	for name, tt := range map[string]struct{ document, reject, err string }{
		"a missing id":       {heading + ",17,2025-03-01T10:00:00Z,1\n", "call_id: missing", ""},
		"a bad time":         {heading + "C-1,17,yesterday,1\n", "started_at: want a date and time", ""},
		"a bad number":       {heading + "C-1,17,2025-03-01T10:00:00Z,long\n", "seconds: want a decimal number", ""},
		"a row that is long": {heading + "C-1,17,2025-03-01T10:00:00Z,1\nC-2,17,2025-03-01T10:00:00Z,1,x\n", "", "record on line 3: wrong number of fields"},
		"an empty document":  {"", "", "an empty document: want CSV with a heading"},
		"JSON":               {"[{\"id\": 1}]\n", "", "want CSV with a heading that has call_id and started_at"},
		"a byte order mark":  {"\ufeff" + heading + ",17,2025-03-01T10:00:00Z,1\n", "call_id: missing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				_, rejects, err := importText(t, store, strings.NewReader(tt.document))
				if tt.reject != "" && (err != nil || len(rejects) != 1 || !strings.Contains(rejects[0], tt.reject)) {
					t.Errorf("want one reject with %q: %v, %v", tt.reject, rejects, err)
				}
				if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
					t.Errorf("want an error with %q: %v", tt.err, err)
				}
			})
		})
	}
}
