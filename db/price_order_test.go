package db_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestRecordsInTheOrderOfTheirPrice reads lists page by page in the order of the first price: with an index, for all
// customers and without other conditions, and by sorting.
func TestRecordsInTheOrderOfTheirPrice(t *testing.T) {
	t.Parallel()
	type filter = db.UsageRecordFilter
	filters := map[string]*filter{
		"all": nil,
		"a source with prices": {Source: &db.SourceFilter{Eq: new(db.Elevate)}, And: []*filter{{EventTime: nil}},
			Rated: &db.RatedUsageFilter{TaxExcluded: &db.DecimalFilter{Ne: number("0"), IsNull: new(false)}}},
		"few matches":  {Rated: &db.RatedUsageFilter{IsBilled: &db.BooleanFilter{Eq: new(true)}}},
		"a usage type": {UsageType: &db.UsageTypeFilter{Eq: new(db.Voice)}},
		"none":         {Source: &db.SourceFilter{Eq: new(db.DXP)}},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		customers := convert(w.customers[:3], func(c *db.Customer) int64 { return c.CustomerID })
		for name, f := range filters {
			for _, visible := range [][]int64{nil, customers[:1], customers} {
				scope := db.All()
				if visible != nil {
					scope = db.Only(visible...).WithCost(true)
				}
				for i, direction := range []db.OrderDirection{db.Ascending, db.Descending, db.Ascending, db.Descending} {
					field, price := db.UsageRecordOrderField("SELL"), func(p *db.RatedUsage) *decimal.Decimal { return p.TaxExcludedAmount }
					if i > 1 {
						field, price = "COST", func(p *db.RatedUsage) *decimal.Decimal { return p.CostAmount }
					}
					want := byPrice(w.records, price, direction, func(u *db.UsageRecord) bool {
						return (visible == nil || slices.Contains(visible, u.CustomerID)) && (f == nil || w.matches(f, u))
					})
					got := inPages(t, store.For(scope), f, []*db.UsageRecordOrder{{Field: field, Direction: direction}}, len(want))
					if !slices.Equal(got, want) {
						t.Errorf("%s, customers %v, %s %s: %v, want %v", name, visible, field, direction, got, want)
					}
				}
			}
		}
	})
}

// byPrice returns the ids of some records in the order of their first price: without a price last, ties by id.
func byPrice(records []*db.UsageRecord, amount func(*db.RatedUsage) *decimal.Decimal, direction db.OrderDirection, listed func(*db.UsageRecord) bool) []int64 {
	price := func(u *db.UsageRecord) *decimal.Decimal {
		if len(u.Rated) == 0 {
			return nil
		}
		return amount(u.Rated[0])
	}
	sign := map[db.OrderDirection]int{db.Ascending: 1, db.Descending: -1}[direction]
	var found []*db.UsageRecord
	for _, u := range records {
		if listed(u) {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b *db.UsageRecord) int {
		x, y := price(a), price(b)
		switch {
		case x == nil && y != nil:
			return 1
		case x != nil && y == nil:
			return -1
		case x != nil && x.Cmp(*y) != 0:
			return sign * x.Cmp(*y)
		}
		return sign * cmp.Compare(a.ID, b.ID)
	})
	return convert(found, func(u *db.UsageRecord) int64 { return u.ID })
}

// inPages reads a list in pages of seven by offset, and one page after its end.
func inPages(t *testing.T, r *db.Reader, f *db.UsageRecordFilter, by []*db.UsageRecordOrder, length int) (ids []int64) {
	t.Helper()
	const size = 7
	for offset := 0; offset <= length; offset += size {
		pages, err := r.UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: f, OrderBy: by, Page: db.Page{Limit: size, Offset: int64(offset)}})
		if err != nil {
			t.Fatal(err)
		}
		if more := offset+size < length; pages[0].HasNextPage != more {
			t.Errorf("offset %d of %d: next page %v", offset, length, pages[0].HasNextPage)
		}
		for _, u := range pages[0].Nodes {
			ids = append(ids, u.ID)
		}
	}
	return ids
}
