package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// priced stores one usage record with an extension and one rated usage, all of whose amounts are set.
func priced(t *testing.T, store *db.Store, extension, characteristics string) (customer int64, record db.Key) {
	t.Helper()
	amount := func(text string) *decimal.Decimal { d := decimal.MustParse(text); return &d }
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		c := &db.Customer{CustomerID: tx.NextID(), Source: db.Elevate}
		c.SourceID = fmt.Sprint(c.CustomerID)
		if err := tx.AddCustomers(ctx, []*db.Customer{c}); err != nil {
			return err
		}
		u := &db.UsageRecord{
			Key: db.Key{CustomerID: c.CustomerID}, Source: db.Elevate, SourceID: c.SourceID, EventTime: db.TimeOf(dbtest.Clock()), UsageType: db.Voice,
			Extension: db.JSON(extension), CharacteristicsJSON: db.JSON(characteristics),
			Rated: []*db.RatedUsage{{
				TaxExcludedAmount: amount("10"), CostAmount: amount("4"), RatedCostAmount: amount("5"), ProfitAmount: amount("6"),
				ProfitPercentage: amount("150"), MarginPercentage: amount("60"), Extension: db.JSON(extension),
			}},
		}
		_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil))
		customer, record = c.CustomerID, u.Key
		return err
	})
	return customer, record
}

func TestCostIsHiddenFromScopesWithoutCost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		customer, record := priced(t, store, `{"a":1,"netCost":2}`, "[]")
		for name, test := range map[string]struct {
			scope db.Scope
			sees  bool
		}{
			"the operator":                        {db.All(), true},
			"every customer without cost":         {db.All().WithCost(false), false},
			"a customer":                          {db.Only(customer), false},
			"a customer with cost":                {db.Only(customer).WithCost(true), true},
			"a customer whose cost was withdrawn": {db.Only(customer).WithCost(true).WithCost(false), false},
		} {
			rated, err := store.For(test.scope).RatedUsages(t.Context(), db.AllColumns, []db.Key{record})
			if err != nil || len(rated) != 1 {
				t.Fatalf("%s: %d rated usages, %v", name, len(rated), err)
			}
			p := rated[0]
			if p.TaxExcludedAmount == nil || p.CostHidden == test.sees {
				t.Errorf("%s: %+v", name, p)
			}
			for field, value := range map[string]*decimal.Decimal{"cost": p.CostAmount, "rated cost": p.RatedCostAmount, "profit": p.ProfitAmount,
				"profit percentage": p.ProfitPercentage, "margin percentage": p.MarginPercentage} {
				if (value != nil) != test.sees {
					t.Errorf("%s: %s is %v", name, field, value)
				}
			}
			_, err1 := p.Cost()
			_, err2 := p.RatedCost()
			_, err3 := p.Profit()
			_, err4 := p.ProfitPercent()
			_, err5 := p.MarginPercent()
			for _, err := range []error{err1, err2, err3, err4, err5} {
				if (err == nil) != test.sees || err != nil && code(err) != db.Forbidden {
					t.Errorf("%s: %v", name, err)
				}
			}
			want := `{"a":1}`
			if test.sees {
				want = `{"a":1,"netCost":2}`
			}
			if string(p.Extension) != want {
				t.Errorf("%s: %s", name, p.Extension)
			}
		}
	})
}

func TestOrderingByHiddenCostIsForbidden(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		customer, _ := priced(t, store, "{}", "[]")
		for _, field := range []db.UsageRecordOrderField{"COST", "RATED_COST", "PROFIT", "PROFIT_PERCENTAGE", "MARGIN_PERCENTAGE"} {
			q := db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "EVENT_TIME"}, {Field: field}}, Page: db.Page{Limit: 1}}
			if _, err := store.For(db.Only(customer)).UsageRecords(t.Context(), db.AllColumns, db.NoParent, q); code(err) != db.Forbidden {
				t.Errorf("%s: %v", field, err)
			}
			if _, err := store.For(db.Only(customer).WithCost(true)).UsageRecords(t.Context(), db.AllColumns, db.NoParent, q); err != nil {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestCostsWithoutAColumnAreHiddenByName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		const characteristics = `[{"name":"UNIT_COST","value":4},{"name":"brand","value":"Costello"},{"NAME":"c\u006fst","value":1},{"name":"nested","value":{"profit":1,"b":2}}]`
		for extension, want := range map[string]string{
			`{"plan":"Cost saver","name":"Costello"}`: `{"plan":"Cost saver","name":"Costello"}`,
			`{"BuyRate":1}`: `{}`,
			`{"a":{"b":[{"marginPct":1,"c":"\u00e9"},[{"x":1}]]}}`: `{"a":{"b":[{"c":"\u00e9"},[{"x":1}]]}}`,
			`{"c\u006fst":1,"z":1.50}`:                             `{"z":1.50}`,
			`{"wholesalePrice":1,"markup":2,"purchase_price":3}`:   `{}`,
			`{"charge":{"name":"cost","value":4},"list":[1,null]}`: `{"charge":null,"list":[1,null]}`,
		} {
			customer, record := priced(t, store, extension, characteristics)
			records, err := store.For(db.Only(customer)).UsageRecordsByKey(t.Context(), db.AllColumns, []db.Key{record})
			if err != nil || len(records) != 1 {
				t.Fatal(len(records), err)
			}
			if got := string(records[0].Extension); got != want {
				t.Errorf("%s: %s, want %s", extension, got, want)
			}
			const visible = `[{"name":"brand","value":"Costello"},{"name":"nested","value":{"b":2}}]`
			if got := string(records[0].CharacteristicsJSON); got != visible {
				t.Errorf("%s", got)
			}
		}
	})
}
