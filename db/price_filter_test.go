package db_test

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

var (
	priceFilters = flag.Int("filter.count", 40, "the number of random filters on prices for each database")
	priceSeed    = flag.Uint64("filter.seed", 0, "the seed of the first of these filters; each has the next seed")
)

// TestFiltersOnPrices compares the records and counts of random filters on prices with those that match in Go: nested in
// and, or and not, in the list of all records, of a customer, of a subscription and of several customers, for several
// scopes, and with few and many matches.
func TestFiltersOnPrices(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		e := entityNamed(db.TypeUsageRecord)
		customers := convert(w.customers, func(c *db.Customer) int64 { return c.CustomerID })
		partial := 0
		for i := range *priceFilters {
			seed := *priceSeed + uint64(i)
			w.random = rand.New(rand.NewPCG(seed, 0))
			filter := w.priceFilter(2)
			limit := pick(w, 0, 3, 10, 1000)
			visible := pick(w, nil, customers[:1], customers[:3])
			scope := db.All()
			if visible != nil {
				scope = db.Only(visible...)
			}
			of := pick(w, db.NoParent, parents(w.customers[:1]), parents(w.customers), parents(w.subscriptions[1:2]), parents(w.subscriptions))
			q := query{Page: db.Page{Limit: db.MaxPage}, filter: filter}
			pages, err := e.list(t.Context(), store.WithFewMatches(limit).For(scope), of, q)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for p, key := range of.Keys {
				var want []db.Node
				for _, u := range w.records {
					if (visible == nil || slices.Contains(visible, u.CustomerID)) && belongs(u, of.Type, key) && w.matches(filter, u) {
						want = append(want, u)
					}
				}
				if len(want) > 0 && len(want) < len(w.records)/2 {
					partial++
				}
				total, err := pages[p].total(t.Context())
				if diff := cmp.Diff(idsOf(e.sorted(want, nil)), pages[p].ids()); diff != "" || err != nil || total != int64(len(want)) {
					t.Errorf("-filter.seed=%d, page %d of %s, total %d of %d, %v: %s: %s", seed, p, of.Type, total, len(want), err, printed(filter), diff)
				}
			}
		}
		if partial < *priceFilters/4 {
			t.Errorf("only %d pages have some records and not all", partial)
		}
	})
}

// priceFilter returns a random filter of conditions on prices, and few others, nested to a maximum depth.
func (w *world) priceFilter(depth int) *db.UsageRecordFilter {
	f := &db.UsageRecordFilter{}
	switch w.random.IntN(6) {
	case 0:
		f.UsageType = &db.UsageTypeFilter{Eq: new(db.Voice)}
	case 1:
		f.Source = &db.SourceFilter{Eq: new(db.Elevate)}
	default:
		f.Rated = w.filterOf(reflect.TypeFor[db.RatedUsageFilter](), ratedOf(convert(w.records, func(u *db.UsageRecord) db.Node { return u })), 1).
			Interface().(*db.RatedUsageFilter)
		switch w.random.IntN(4) {
		case 0:
			f.Rated.IsBilled = &db.BooleanFilter{Eq: new(w.random.IntN(2) == 0)}
		case 1:
			f.Rated.TaxExcluded = &db.DecimalFilter{Gt: number("1")}
		}
	}
	if depth == 0 {
		return f
	}
	nested := func() *db.UsageRecordFilter { return w.priceFilter(depth - 1) }
	switch w.random.IntN(5) {
	case 0:
		f.And = []*db.UsageRecordFilter{nested(), nested()}
	case 1:
		f.Or = []*db.UsageRecordFilter{nested(), nested()}
	case 2:
		f.Not = nested()
	}
	return f
}

// parents returns the parents with the keys of some rows.
func parents[T db.Node](rows []T) db.Parents {
	return db.Parents{Type: rows[0].NodeType(), Keys: convert(rows, T.NodeKey)}
}

// belongs reports whether a record is in the list of a parent.
func belongs(u *db.UsageRecord, of db.NodeType, key db.Key) bool {
	subscription, ok := u.SubscriptionKey()
	return of == "" || of == db.TypeCustomer && u.CustomerID == key.CustomerID || of == db.TypeSubscription && ok && subscription == key
}
