package dxp_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
)

// summary returns a document of sTN: a customer, whose subscription has the same id, has a number in a month.
func summary(customer, number, month string) string {
	return `{"results": [{"id": "` + customer + number + month + `", "customerId": "` + customer + `", "subscriptionId": "` + customer + `", "phoneNumber": "` + number + `", "yearMonth": "` + month +
		`", "providerGroup": "KPN"}]}`
}

// report returns a document of dxp for an identifier, with a time of one day.
func report(kind, identifier, at string) string {
	return `{"description": "Usage Consumption Report for ` + kind + ` ` + identifier + `", "effectiveDate": "2022-11-08T` + at + `"}`
}

// latestTime requests the report of an identifier, and returns its time or the body of the error.
func latestTime(t *testing.T, h http.Handler, kind, identifier string) string {
	t.Helper()
	w := serve(h, request("GET", target(kind, identifier)))
	if w.Code != http.StatusOK {
		return w.Body.String()
	}
	var reports []struct {
		Description   string
		EffectiveDate string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &reports, json.MatchCaseInsensitiveNames(true)); err != nil || len(reports) != 1 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if want := "Usage Consumption Report for " + kind + " " + identifier; reports[0].Description != want {
		t.Errorf("got %s, want %s", reports[0].Description, want)
	}
	return strings.TrimPrefix(reports[0].EffectiveDate, "2022-11-08T")
}

// notFound returns the body of the 404 for an identifier.
func notFound(identifier string) string {
	return `{"errors":[{"code":404,"message":"MATRIXX:QUERY_USAGE_ERROR","description":"Subscriber not found (ExternalId=` + identifier + `)"}]}`
}

func TestTheResponseIsTheLatestReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, db.All())
		for _, at := range []string{"11:00:00", "12:00:00.5", "10:00:00"} {
			importDocument(t, store, db.DXP, report("MSISDN", "+1 787 555 0100", at))
			importDocument(t, store, db.DXP, report("SubscriptionId", "17875550100", "09:00:00"))
		}
		for _, number := range []string{"+1 787 555 0100", "17875550100", "+1 (787) 555-0100", "0017875550100", "787-555-0100", "(787) 5550100"} {
			if got := latestTime(t, h, "MSISDN", number); got != "12:00:00.5" {
				t.Errorf("%s: %s", number, got)
			}
		}
		if got := latestTime(t, h, "SubscriptionId", "17875550100"); got != "09:00:00" {
			t.Errorf("an id that looks like a number: %s", got)
		}
		if got := latestTime(t, h, "SubscriptionId", "+1 787 555 0100"); got != "12:00:00.5" {
			t.Errorf("an id that is a number: %s", got)
		}
		for _, id := range []string{"17875550100 ", "S", "n/a", "06-****7640"} {
			if got := latestTime(t, h, "SubscriptionId", id); got != notFound(id) {
				t.Errorf("%s: %s", id, got)
			}
		}
	})
}

func TestAnUnescapedPlusIsRestored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.DXP, report("MSISDN", "+17875550100", "11:00:00"))
		w := serve(newHandler(t, store, db.All()), request("GET", "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifierType=MSISDN&product.publicIdentifier=+17875550100"))
		if !strings.Contains(w.Body.String(), `"Usage Consumption Report for MSISDN +17875550100"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestANumberWithoutAReportIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.STN, summary("A", "7875550100", "2022_11"))
		h := newHandler(t, store, db.All())
		if got := latestTime(t, h, "MSISDN", "7875550100"); got != notFound("7875550100") {
			t.Error(got)
		}
		if got := latestTime(t, h, "SubscriptionId", "A"); got != notFound("A") {
			t.Errorf("by an id of another system: %s", got)
		}
		importDocument(t, store, db.DXP, report("MSISDN", "7875550100", "11:00:00"))
		if got := latestTime(t, h, "MSISDN", "7875550100"); got != "11:00:00" {
			t.Error(got)
		}
	})
}

func TestANumberBelongsToItsLatestHolder(t *testing.T) {
	const number = "7875550100"
	for _, tt := range []struct {
		name      string
		summaries []string
		// all, a and b are the responses to unrestricted clients and to those of customer A and B.
		all, a, b string
	}{
		{"without a holder", nil, "11:00:00", notFound(number), notFound(number)},
		{"of one customer", []string{summary("A", number, "2022_11")}, "11:00:00", "11:00:00", notFound(number)},
		{"of the customer that has it next", []string{summary("A", number, "2022_10"), summary("B", number, "2022_11")}, "11:00:00", notFound(number), "11:00:00"},
		{"of the customer that has it later, without a report", []string{summary("A", number, "2022_11"), summary("B", number, "2022_12")},
			notFound(number), notFound(number), notFound(number)},
		{"disputed in its month", []string{summary("A", number, "2022_11"), summary("B", number, "2022_11")}, "11:00:00", notFound(number), notFound(number)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				// Both customers must exist to have a scope.
				importDocument(t, store, db.STN, summary("A", "7875550101", "2022_01"))
				importDocument(t, store, db.STN, summary("B", "7875550102", "2022_01"))
				importDocument(t, store, db.DXP, report("MSISDN", number, "11:00:00"))
				for _, s := range tt.summaries {
					importDocument(t, store, db.STN, s)
				}
				for want, scope := range map[string]db.Scope{"all " + tt.all: db.All(), "a " + tt.a: db.Only(customerID(t, store, "A")), "b " + tt.b: db.Only(customerID(t, store, "B"))} {
					client, report, _ := strings.Cut(want, " ")
					if got := latestTime(t, newHandler(t, store, scope), "MSISDN", number); got != report {
						t.Errorf("%s: got %s, want %s", client, got, report)
					}
				}
			})
		})
	}
}

func TestAReportBelongsToItsMarket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		jamaica, err := dxp.Source(dxp.Settings{Location: zone(t, "America/Puerto_Rico"), BusinessID: "JM"})
		if err != nil {
			t.Fatal(err)
		}
		importer := ingest.Importer{Store: store, Sources: []ingest.Source{jamaica}}
		if _, err := importer.Import(context.Background(), db.DXP, "jm.json", strings.NewReader(report("MSISDN", "8201", "11:00:00"))); err != nil {
			t.Fatal(err)
		}
		for market, status := range map[string]int{"JM": http.StatusOK, "jm": http.StatusOK, "PR": http.StatusNotFound} {
			w := serve(newHandler(t, store, db.All()), request("GET", strings.Replace(target("MSISDN", "8201"), "PR", market, 1)))
			if w.Code != status {
				t.Errorf("%s: %d %s", market, w.Code, w.Body)
			}
		}
	})
}

// availableAmount requests a report and returns the available amount of its only bucket; empty where there is no
// report.
func availableAmount(t *testing.T, h http.Handler, number string) string {
	t.Helper()
	w := serve(h, request("GET", target("MSISDN", number)))
	if w.Code == http.StatusNotFound {
		return ""
	}
	var reports []struct {
		Bucket []struct{ Characteristic []struct{ Value string } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &reports, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return reports[0].Bucket[0].Characteristic[0].Value
}

func TestTheReportOfAnotherNumberOrHolderIsNeverReturned(t *testing.T) {
	for _, tt := range []struct {
		folder, files string
		// all holds the amounts for unrestricted clients by number, only those for a client of the customer.
		all  map[string]string
		of   db.SourceID
		only map[string]string
	}{
		{"number-that-a-stranger-has-now", "1-summaries 2-report 3-report", map[string]string{"7875550002": "22", "7875550001": "999"},
			db.SourceID{Source: db.STN, Value: "A"}, map[string]string{"7875550002": "22", "7875550001": ""}},
		{"placeholder-sim-joins-all-subscriptions", "1 2", map[string]string{"7875550001": "11", "7875550002": "22"},
			db.SourceID{Source: db.STN, Value: "A"}, map[string]string{"7875550001": "", "7875550002": ""}},
		{"report-before-the-new-owners-first-record", "1-calls 2-report 3-calls", map[string]string{"17875550001": "222"},
			db.SourceID{Source: db.Elevate, Value: "1"}, map[string]string{"17875550001": ""}},
		{"report-before-the-new-owners-first-record", "3-calls 2-report 1-calls", map[string]string{"17875550001": "222"},
			db.SourceID{Source: db.Elevate, Value: "2"}, map[string]string{"17875550001": "222"}},
	} {
		t.Run(tt.folder, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, file := range strings.Fields(tt.files) {
					text, err := os.ReadFile(filepath.Join("../../app/testdata/identity", tt.folder, file+".json"))
					if err != nil {
						t.Fatal(err)
					}
					importDocument(t, store, map[bool]db.Source{true: db.DXP, false: tt.of.Source}[strings.Contains(string(text), "Consumption")], string(text))
				}
				c, err := store.For(db.All()).Customer(context.Background(), db.AllColumns, db.CustomerBy{SourceID: &tt.of})
				if err != nil {
					t.Fatal(err)
				}
				for scope, balances := range map[*db.Scope]map[string]string{new(db.All()): tt.all, new(db.Only(c.CustomerID)): tt.only} {
					for number, want := range balances {
						if got := availableAmount(t, newHandler(t, store, *scope), number); got != want {
							t.Errorf("%v, %s: got %q, want %q", *scope, number, got, want)
						}
					}
				}
			})
		})
	}
}

// customerID returns the key of a customer of sTN.
func customerID(t *testing.T, store *db.Store, id string) int64 {
	t.Helper()
	c, err := store.For(db.All()).Customer(context.Background(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.STN, Value: id}})
	if err != nil {
		t.Fatal(err)
	}
	return c.CustomerID
}
