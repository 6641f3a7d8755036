package db_test

import (
	"context"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestRecordsWithoutRatedUsagesAreCounted compares the lengths of lists of the records without some rated usages, of all
// customers, of some and of one, with the matching rows.
func TestRecordsWithoutRatedUsagesAreCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		e := entityNamed(db.TypeUsageRecord)
		customer := w.customers[1].CustomerID
		for range 20 {
			rated := w.filterOf(e.filter, e.rows(w), 0).Interface().(*db.UsageRecordFilter).Rated
			if rated == nil {
				rated = &db.RatedUsageFilter{IsBilled: &db.BooleanFilter{Eq: new(w.random.IntN(2) == 0)}}
			}
			filter := &db.UsageRecordFilter{Not: &db.UsageRecordFilter{Rated: rated}}
			for name, in := range map[string]struct {
				scope db.Scope
				of    db.Parents
				sees  func(int64) bool
			}{
				"all":            {db.All(), db.NoParent, func(int64) bool { return true }},
				"a client's":     {db.Only(customer, w.customers[2].CustomerID).WithCost(true), db.NoParent, func(id int64) bool { return id == customer || id == w.customers[2].CustomerID }},
				"a customer's":   {db.All(), db.Parents{Type: db.TypeCustomer, Keys: []db.Key{db.CustomerKey(customer)}}, func(id int64) bool { return id == customer }},
				"another client": {db.Only(w.customers[3].CustomerID).WithCost(true), db.Parents{Type: db.TypeCustomer, Keys: []db.Key{db.CustomerKey(customer)}}, func(int64) bool { return false }},
			} {
				var want int64
				for _, row := range e.rows(w) {
					if in.sees(row.NodeKey().CustomerID) && w.matches(filter, row) {
						want++
					}
				}
				p := e.one(t, store.For(in.scope), in.of, query{Page: db.Page{Limit: 1, CountOnly: true}, filter: filter})
				if got, err := p.total(context.Background()); err != nil || got != want {
					t.Errorf("%s: %d, %v; want %d", name, got, err, want)
				}
			}
		}
	})
}
