package brm_test

import (
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

// TestUnitsRoundTrip imports amounts of money with and without a unit, and amounts that are not money.
func TestUnitsRoundTrip(t *testing.T) {
	const document = `[{"id": "a", "date": "2025-01-01T00:00:00Z", "ratedProductUsage": [{"taxExcludedAmount": {"unit": null, "value": 10}, "taxIncludedAmount": {"unit": "USD", "value": 12}},
			{"taxExcludedAmount": {"unit": "usd", "value": 1.0}, "taxIncludedAmount": {"unit": null, "value": 2}}]},
		{"id": "b", "date": "2025-01-01T00:00:00Z", "ratedProductUsage": [{"taxExcludedAmount": {"unit": "MIN", "value": 300}, "taxIncludedAmount": {"unit": "MIN", "value": 300.0}}]}]`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		server := newServer(t, store, brm.HandlerSettings{})
		for path, want := range map[string]string{
			"/a/0/taxExcludedAmount": `{"unit": null, "value": 10}`, "/a/0/taxIncludedAmount": `{"unit": "USD", "value": 12}`,
			"/a/1/taxExcludedAmount": `{"unit": "usd", "value": 1.0}`, "/a/1/taxIncludedAmount": `{"unit": null, "value": 2}`,
			"/b/0/taxExcludedAmount": `{"unit": "MIN", "value": 300}`, "/b/0/taxIncludedAmount": `{"unit": "MIN", "value": 300.0}`,
		} {
			sourcetest.SameText(t, []byte(want), at(t, getBody(t, server, sampleRoute+path[:2]), "/ratedProductUsage"+path[2:]))
		}
	})
}

func TestAnAmountThatIsNotMoneyHasNoCurrencyAndMatchesNoFilter(t *testing.T) {
	const document = `[{"id": "money", "date": "2025-01-01T00:00:00Z", "ratedProductUsage": [{"taxExcludedAmount": {"unit": "USD", "value": 200}}]},
		{"id": "minutes", "date": "2025-01-02T00:00:00Z", "ratedProductUsage": [{"taxExcludedAmount": {"unit": "MIN", "value": 300}, "taxIncludedAmount": {"unit": "MIN", "value": 310},
			"bucketValueConvertedInAmount": {"unit": "MIN", "value": 5}}]}]`
	hundred := decimal.MustNew(100, 0)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		reader := store.For(db.All())
		find := func(filter *db.UsageRecordFilter) []*db.UsageRecord {
			pages, err := reader.UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 10}})
			if err != nil {
				t.Fatal(err)
			}
			return pages[0].Nodes
		}
		over := find(&db.UsageRecordFilter{Rated: &db.RatedUsageFilter{TaxExcluded: &db.DecimalFilter{Gt: &hundred}}})
		if len(over) != 1 || over[0].SourceID != "money" {
			t.Errorf("found %s", sourcetest.Text(t, over))
		}
		for _, u := range find(nil) {
			if u.SourceID != "minutes" {
				continue
			}
			prices, err := reader.RatedUsages(t.Context(), db.AllColumns, []db.Key{u.Key})
			if err != nil || len(prices) != 1 {
				t.Fatal(prices, err)
			}
			for want, read := range map[string]func() (*db.Money, error){"300": prices[0].TaxExcluded, "310": prices[0].TaxIncluded, "5": prices[0].BucketValueConverted} {
				if m, err := read(); err != nil || m == nil || m.Amount == nil || m.Amount.String() != want || m.Currency != nil {
					t.Errorf("want %s without a currency, not %+v, %v", want, m, err)
				}
			}
		}
	})
}
