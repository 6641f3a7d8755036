package db_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestSummaryTotals asks random questions about the summaries of a world, page by page, and compares the answers with
// those of a slow implementation.
func TestSummaryTotals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		w.random = rand.New(rand.NewPCG(*questionsSeed, 8))
		groups := 0
		for n := range *questions {
			q, scope := w.summaryTotalsQuery(), db.All()
			customers := convert(w.customers, func(c *db.Customer) int64 { return c.CustomerID })
			if w.random.IntN(2) == 0 {
				customers = []int64{pick(w, customers...), pick(w, customers...)}
				scope = db.Only(customers...)
			} else {
				customers = append(customers, 0)
			}
			want := w.slowSummaryTotals(q, customers)
			if got := allSummaryTotals(t, store.For(scope), q); !slices.Equal(got, want) {
				t.Fatalf("-totals.seed %d, question %d: %+v\ngot\n%s\nwant\n%s", *questionsSeed, n, q, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			groups += len(want)
		}
		if groups < 2**questions {
			t.Errorf("only %d groups in %d answers", groups, *questions)
		}
	})
}

// summaryTotalsQuery returns a random question about the summaries of the world.
func (w *world) summaryTotalsQuery() db.SummaryTotalsQuery {
	q := db.SummaryTotalsQuery{From: pick[db.YearMonth](w, "2024-12", "2025-01", "2020-01"), To: pick[db.YearMonth](w, "2025-01", "2025-02", "2030-01"), First: pick[int32](w, 1, 2, 1000)}
	all := []db.SummaryDimension{"YEAR_MONTH", "CUSTOMER", "SUBSCRIPTION", "PROVIDER_GROUP"}
	for _, i := range w.random.Perm(len(all))[:w.random.IntN(4)] {
		q.By = append(q.By, all[i])
	}
	if w.random.IntN(3) == 0 {
		var nodes []db.Node
		for _, s := range w.summaries {
			nodes = append(nodes, s)
		}
		q.Filter = w.filterOf(reflect.TypeFor[db.UsageSummaryFilter](), nodes, 2).Interface().(*db.UsageSummaryFilter)
	}
	for _, i := range w.random.Perm(4)[:w.random.IntN(3)] {
		o := &db.SummaryTotalsOrder{Field: []db.SummaryTotalsOrderField{"KEY", "SUMMARIES", "TOTAL", "TOTAL"}[i], Direction: pick(w, db.Ascending, db.Descending)}
		if i >= 2 {
			o.Currency = new([]string{"EUR", "USD"}[i-2])
		}
		q.OrderBy = append(q.OrderBy, o)
	}
	return q
}

// allSummaryTotals reads all pages and returns their groups as lines, with the count and the total first.
func allSummaryTotals(t *testing.T, r *db.Reader, q db.SummaryTotalsQuery) (lines []string) {
	t.Helper()
	for page := 0; ; page++ {
		c, err := r.SummaryTotals(t.Context(), db.AllColumns, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if page == 0 {
			lines = append(lines, fmt.Sprint("count ", c.TotalCount), "total "+summaryLine(c.Total))
		}
		if c.HasPreviousPage != (page > 0) {
			t.Fatalf("%+v: page %d has a previous page: %v", q, page, c.HasPreviousPage)
		}
		edges := c.Edges()
		for _, e := range edges {
			lines = append(lines, summaryLine(e.Node))
		}
		if !c.HasNextPage {
			return lines
		}
		if len(edges) != int(q.First) {
			t.Fatalf("%+v: a page of %d groups is not the last", q, len(edges))
		}
		q.After = &edges[len(edges)-1].Cursor
	}
}

// summaryLine returns all values of a group as a text.
func summaryLine(s *db.SummaryTotals) string {
	line := fmt.Sprint(optional(s.Key.YearMonth), " ", optional(s.Key.ProviderGroup))
	if s.Key.Customer != nil {
		line += fmt.Sprint(" customer ", s.Key.Customer.CustomerID)
	}
	if s.Key.Subscription != nil {
		line += fmt.Sprint(" subscription ", s.Key.Subscription.CustomerID, "/", s.Key.Subscription.ID)
	}
	line += fmt.Sprintf(": %d %d %d", s.Summaries, s.Customers, s.Subscriptions)
	for _, c := range s.Charges {
		line += fmt.Sprintf(" [%s %s %s %s]", optional(c.Currency), optional(c.Total), optional(c.Premium), optional(c.International))
	}
	for _, v := range s.Volumes {
		line += fmt.Sprintf(" %s %d %s %s %s %s", v.Unit, v.Count, optional(v.Sum), optional(v.Average()), optional(v.Minimum), optional(v.Maximum))
	}
	return line
}

// slowSummaries are the summaries of a group with the values of its dimensions.
type slowSummaries struct {
	key       []any
	summaries []*db.UsageSummary
}

// slowSummaryTotals answers a question as allSummaryTotals does, by adding up rational numbers.
func (w *world) slowSummaryTotals(q db.SummaryTotalsQuery, customers []int64) []string {
	total, groups := &slowSummaries{}, []*slowSummaries{}
	for _, s := range w.summaries {
		if !slices.Contains(customers, s.CustomerID) || s.YearMonth < q.From || s.YearMonth > q.To || q.Filter != nil && !w.matches(q.Filter, s) {
			continue
		}
		total.summaries = append(total.summaries, s)
		key := slowSummaryKey(q.By, s)
		i := slices.IndexFunc(groups, func(g *slowSummaries) bool { return sameKey(g.key, key) })
		if i < 0 {
			groups, i = append(groups, &slowSummaries{key: key}), len(groups)
		}
		groups[i].summaries = append(groups[i].summaries, s)
	}
	slices.SortFunc(groups, func(a, b *slowSummaries) int {
		for _, o := range append(slices.Clone(q.OrderBy), &db.SummaryTotalsOrder{Field: "KEY"}) {
			x, y := a.values(o), b.values(o)
			for i := range x {
				n := 0
				switch {
				case x[i] == nil && y[i] == nil:
				case x[i] == nil:
					n = 1
				case y[i] == nil:
					n = -1
				case o.Direction == db.Descending:
					n = compareValues(y[i], x[i])
				default:
					n = compareValues(x[i], y[i])
				}
				if n != 0 {
					return n
				}
			}
		}
		return 0
	})
	lines := []string{fmt.Sprint("count ", len(groups)), "total " + total.line(w, nil)}
	for _, g := range groups {
		lines = append(lines, g.line(w, q.By))
	}
	return lines
}

func slowSummaryKey(by []db.SummaryDimension, s *db.UsageSummary) (key []any) {
	for _, d := range by {
		var v any
		switch d {
		case "YEAR_MONTH":
			v = s.YearMonth
		case "CUSTOMER":
			if s.CustomerID != 0 {
				v = s.CustomerID
			}
		case "SUBSCRIPTION":
			v = s.SubscriptionID
		case "PROVIDER_GROUP":
			v = s.ProviderGroup
		}
		key = append(key, plainValue(v))
	}
	return key
}

// values returns the values of a group in a sort key.
func (g *slowSummaries) values(o *db.SummaryTotalsOrder) []any {
	switch o.Field {
	case "KEY":
		return g.key
	case "SUMMARIES":
		return []any{int64(len(g.summaries))}
	}
	return []any{g.charge(o.Currency, func(s *db.UsageSummary) *decimal.Decimal { return s.TotalAmount })}
}

// charge returns the sum of an amount in a currency.
func (g *slowSummaries) charge(currency *string, amount func(*db.UsageSummary) *decimal.Decimal) rational {
	sum := new(big.Rat)
	for _, s := range g.summaries {
		if d := amount(s); d != nil && optional(s.Currency) == optional(currency) {
			sum.Add(sum, ratOfText(d.String()).Rat)
		}
	}
	return rational{sum}
}

// line returns all values of a group as summaryLine does.
func (g *slowSummaries) line(w *world, by []db.SummaryDimension) string {
	values := map[db.SummaryDimension]any{}
	for i, d := range by {
		values[d] = g.key[i]
	}
	line := fmt.Sprint(optional(values["YEAR_MONTH"]), " ", optional(values["PROVIDER_GROUP"]))
	if v := values["CUSTOMER"]; v != nil {
		line += fmt.Sprint(" customer ", v)
	}
	if v := values["SUBSCRIPTION"]; v != nil {
		i := slices.IndexFunc(w.subscriptions, func(s *db.ServiceSubscription) bool { return s.ID == v.(int64) })
		line += fmt.Sprint(" subscription ", w.subscriptions[i].CustomerID, "/", v)
	}
	customers, subscriptions, currencies := map[int64]bool{}, map[int64]bool{}, map[string]*string{}
	volumes := map[db.Unit][]rational{}
	for _, s := range g.summaries {
		if s.CustomerID != 0 {
			customers[s.CustomerID] = true
		}
		if s.SubscriptionID != nil {
			subscriptions[*s.SubscriptionID] = true
		}
		if s.TotalAmount != nil || s.PremiumAmount != nil || s.InternationalAmount != nil {
			currencies[optional(s.Currency)] = s.Currency
		}
		for _, l := range s.Lines {
			if l.Volume != nil && l.VolumeUnit != nil {
				volumes[*l.VolumeUnit] = append(volumes[*l.VolumeUnit], ratOfText(l.Volume.String()))
			}
		}
	}
	line += fmt.Sprintf(": %d %d %d", len(g.summaries), len(customers), len(subscriptions))
	for _, name := range []string{"EUR", "GBP", "-"} {
		if currency, ok := currencies[name]; ok {
			line += fmt.Sprintf(" [%s %s %s %s]", name, g.charge(currency, func(s *db.UsageSummary) *decimal.Decimal { return s.TotalAmount }),
				g.charge(currency, func(s *db.UsageSummary) *decimal.Decimal { return s.PremiumAmount }), g.charge(currency, func(s *db.UsageSummary) *decimal.Decimal { return s.InternationalAmount }))
		}
	}
	for _, unit := range []db.Unit{db.Kilobyte, db.Second} {
		list := volumes[unit]
		if len(list) == 0 {
			continue
		}
		sum := rational{new(big.Rat)}
		for _, v := range list {
			sum.Add(sum.Rat, v.Rat)
		}
		least := slices.MinFunc(list, func(a, b rational) int { return a.Cmp(b.Rat) })
		most := slices.MaxFunc(list, func(a, b rational) int { return a.Cmp(b.Rat) })
		line += fmt.Sprintf(" %s %d %s %s %s %s", unit, len(list), sum, optional(average(sum, int64(len(list)))), least, most)
	}
	return line
}

func TestSummaryTotalsOfInvalidQuestions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		year := db.SummaryTotalsQuery{From: "2025-01", To: "2025-12", First: 10}
		for name, tt := range map[string]struct {
			change func(*db.SummaryTotalsQuery)
			code   db.Code
		}{
			"months that end before they begin": {func(q *db.SummaryTotalsQuery) { q.To = "2024-12" }, db.BadInput},
			"a repeated dimension":              {func(q *db.SummaryTotalsQuery) { q.By = []db.SummaryDimension{"CUSTOMER", "CUSTOMER"} }, db.BadInput},
			"four dimensions": {func(q *db.SummaryTotalsQuery) {
				q.By = []db.SummaryDimension{"CUSTOMER", "SUBSCRIPTION", "YEAR_MONTH", "PROVIDER_GROUP"}
			}, db.BadInput},
			"an order without a currency": {func(q *db.SummaryTotalsQuery) { q.OrderBy = []*db.SummaryTotalsOrder{{Field: "TOTAL"}} }, db.BadInput},
			"an order with a currency": {func(q *db.SummaryTotalsQuery) {
				q.OrderBy = []*db.SummaryTotalsOrder{{Field: "KEY", Currency: new("EUR")}}
			}, db.BadInput},
			"an order in no currency": {func(q *db.SummaryTotalsQuery) {
				q.OrderBy = []*db.SummaryTotalsOrder{{Field: "TOTAL", Currency: new("euro")}}
			}, db.BadInput},
			"a repeated order": {func(q *db.SummaryTotalsQuery) {
				q.OrderBy = []*db.SummaryTotalsOrder{{Field: "SUMMARIES"}, {Field: "SUMMARIES"}}
			}, db.BadInput},
			"no groups on a page":        {func(q *db.SummaryTotalsQuery) { q.First = 0 }, db.BadInput},
			"the cursor of another list": {func(q *db.SummaryTotalsQuery) { q.After = new("WyJ4Il0") }, db.BadCursor},
			"the cursor of another question": {func(q *db.SummaryTotalsQuery) {
				page := must(store.For(db.All()).SummaryTotals(t.Context(), db.AllColumns, db.SummaryTotalsQuery{From: "2024-01", To: "2025-12", First: 1}))
				q.After = &page.Edges()[0].Cursor
			}, db.BadCursor},
		} {
			q := year
			tt.change(&q)
			_, err := store.For(db.All()).SummaryTotals(t.Context(), db.AllColumns, q)
			t.Run(name, func(t *testing.T) { failsAs(t, err, tt.code) })
		}
		limited := store.For(db.All()).LimitTotals(db.TotalsLimits{Records: 1, Groups: 1})
		_, err := limited.SummaryTotals(t.Context(), db.AllColumns, year)
		failsAs(t, err, db.LimitExceeded)
		// The only group of a question without dimensions has nothing after it.
		page := must(store.For(db.All()).SummaryTotals(t.Context(), db.AllColumns, year))
		year.After = &page.Edges()[0].Cursor
		if page = must(store.For(db.All()).SummaryTotals(t.Context(), db.AllColumns, year)); len(page.Nodes) > 0 {
			t.Errorf("%d groups after the only one", len(page.Nodes))
		}
	})
}
