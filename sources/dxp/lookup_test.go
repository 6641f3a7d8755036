package dxp_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
)

// summary is a document of another system, which names a customer and his number.
func summary(customer, number string) string {
	return `{"Customer": "` + customer + `", "Number": "` + number + `"}`
}

// report is a document of dxp about a number, at a time of a day.
func report(kind, identifier, at string) string {
	return `{"description": "Usage Consumption Report for ` + kind + ` ` + identifier + `", "effectiveDate": "2022-11-08T` + at + `"}`
}

// shown is whose report is answered: its time, or what is wrong.
func shown(t *testing.T, h http.Handler, kind, identifier string) string {
	t.Helper()
	w := answer(h, request("GET", target(kind, identifier)))
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

func notFound(identifier string) string {
	return `{"errors":[{"code":404,"message":"MATRIXX:QUERY_USAGE_ERROR","description":"Subscriber not found (ExternalId=` + identifier + `)"}]}`
}

func TestTheLatestReportIsAnswered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := shim(t, store, db.All())
		for _, at := range []string{"11:00:00", "12:00:00.5", "10:00:00"} {
			put(t, store, db.DXP, report("MSISDN", "+1 787 555 0100", at))
			put(t, store, db.DXP, report("SubscriptionId", "17875550100", "09:00:00"))
		}
		for _, number := range []string{"+1 787 555 0100", "17875550100", "+1 (787) 555-0100", "0017875550100"} {
			if got := shown(t, h, "MSISDN", number); got != "12:00:00.5" {
				t.Errorf("%s: %s", number, got)
			}
		}
		if got := shown(t, h, "SubscriptionId", "17875550100"); got != "09:00:00" {
			t.Errorf("the id that looks like a number: %s", got)
		}
		for _, id := range []string{"+1 787 555 0100", "17875550100 ", "S"} {
			if got := shown(t, h, "SubscriptionId", id); got != notFound(id) {
				t.Errorf("%s: %s", id, got)
			}
		}
	})
}

func TestAPlusThatArrivesAsASpaceIsTurnedBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store, db.DXP, report("MSISDN", "+17875550100", "11:00:00"))
		w := answer(shim(t, store, db.All()), request("GET", "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifierType=MSISDN&product.publicIdentifier=+17875550100"))
		if !strings.Contains(w.Body.String(), `"Usage Consumption Report for MSISDN +17875550100"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestALineWithoutReportIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store, db.STN, summary("A", "0612345678"))
		h := shim(t, store, db.All())
		if got := shown(t, h, "MSISDN", "0612345678"); got != notFound("0612345678") {
			t.Error(got)
		}
		if got := shown(t, h, "SubscriptionId", "A"); got != notFound("A") {
			t.Errorf("by another system's id: %s", got)
		}
		put(t, store, db.DXP, report("MSISDN", "0612345678", "11:00:00"))
		if got := shown(t, h, "MSISDN", "0612345678"); got != "11:00:00" {
			t.Error(got)
		}
	})
}

func TestANumberOfTwoCustomersIsNeithers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		const number = "0612345678"
		all := shim(t, store, db.All())
		put(t, store, db.STN, summary("A", number))
		put(t, store, db.DXP, report("MSISDN", number, "11:00:00"))
		put(t, store, db.STN, summary("B", "06-12345678"))
		if got := shown(t, all, "MSISDN", number); got != notFound(number) {
			t.Errorf("A's report is answered: %s", got)
		}
		a := shim(t, store, db.Only(customer(t, store, "A")))
		if got := shown(t, a, "MSISDN", number); got != "11:00:00" {
			t.Errorf("to A himself: %s", got)
		}
		put(t, store, db.DXP, report("MSISDN", number, "10:00:00"))
		if got := shown(t, all, "MSISDN", number); got != "10:00:00" {
			t.Errorf("nobody's report: %s", got)
		}
		if got := shown(t, a, "MSISDN", number); got != "11:00:00" {
			t.Errorf("to A, who may not see nobody's: %s", got)
		}
		b := shim(t, store, db.Only(customer(t, store, "B")))
		if got := shown(t, b, "MSISDN", number); got != notFound(number) {
			t.Errorf("to B: %s", got)
		}
	})
}

func TestANumberThatWasNobodysGoesWithItsCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		const number = "0612345678"
		put(t, store, db.DXP, report("MSISDN", number, "11:00:00"))
		put(t, store, db.STN, summary("A", number))
		h := shim(t, store, db.All())
		if got := shown(t, h, "MSISDN", number); got != "11:00:00" {
			t.Error(got)
		}
		put(t, store, db.DXP, report("MSISDN", number, "12:00:00"))
		if got := shown(t, h, "MSISDN", number); got != "12:00:00" {
			t.Error(got)
		}
	})
}

func TestALineBelongsToItsMarket(t *testing.T) {
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
			w := answer(shim(t, store, db.All()), request("GET", strings.Replace(target("MSISDN", "8201"), "PR", market, 1)))
			if w.Code != status {
				t.Errorf("%s: %d %s", market, w.Code, w.Body)
			}
		}
	})
}

// customer returns the id of stn's customer.
func customer(t *testing.T, store *db.Store, id string) int64 {
	t.Helper()
	c, err := store.For(db.All()).Subscription(context.Background(), db.SubscriptionBy{SourceID: &db.SourceID{Source: db.STN, Value: id}})
	if err != nil {
		t.Fatal(err)
	}
	return c.CustomerID
}
