package db_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"usagegraph/calendar"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

var (
	questions     = flag.Int("totals.questions", 250, "the number of random questions on each database")
	questionsSeed = flag.Uint64("totals.seed", 1, "the seed of the random questions")
)

// TestUsageTotals asks random questions about the records of a world, page by page, and compares the answers with those
// of a slow implementation.
func TestUsageTotals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		w.random = rand.New(rand.NewPCG(*questionsSeed, 7))
		groups := 0
		for n := range *questions {
			q, of := w.totalsQuery(), w.totalsParents()
			slow := slowTotals{w: w, q: q, everyone: w.random.IntN(2) == 0, cost: w.random.IntN(2) == 0}
			scope := db.All().WithCost(slow.cost)
			if !slow.everyone {
				for range pick(w, 1, 3) {
					slow.customers = append(slow.customers, pick(w, w.customers...).CustomerID)
				}
				scope = db.Only(slow.customers...).WithCost(slow.cost)
			}
			if slow.forbidden() {
				_, err := store.For(scope).UsageTotals(t.Context(), db.AllColumns, of, q)
				failsAs(t, err, db.Forbidden)
				continue
			}
			if slow.tooMany(of) {
				_, err := store.For(scope).UsageTotals(t.Context(), db.AllColumns, of, q)
				failsAs(t, err, db.LimitExceeded)
				continue
			}
			for i, parent := range of.Keys {
				want := slow.answer(of.Type, parent)
				got := allTotals(t, store.For(scope), of, i, q)
				if !slices.Equal(got, want) {
					t.Fatalf("-totals.seed %d, question %d: %+v of %v\ngot\n%s\nwant\n%s", *questionsSeed, n, q, parent, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				groups += len(want)
			}
		}
		if groups < 2**questions {
			t.Errorf("only %d groups in %d answers", groups, *questions)
		}
	})
}

// totalsQuery returns a random question about the records of the world.
func (w *world) totalsQuery() db.UsageTotalsQuery {
	day := func() db.Date {
		return db.Date(pick(w, "2025-03-01", "2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01"))
	}
	first, last := day(), day()
	if last < first {
		first, last = last, first
	}
	from := w.time()
	q := db.UsageTotalsQuery{
		Period: pick(w, db.PeriodInput{Month: new(db.YearMonth("2025-03"))}, db.PeriodInput{Dates: &db.DatesInput{First: first, Last: last}},
			db.PeriodInput{Between: &db.InstantsInput{From: from, To: db.TimeOf(from.Add(pick(w, time.Hour, 25*time.Hour, time.Microsecond, 400*24*time.Hour)))}},
			db.PeriodInput{Cycle: &db.CycleInput{Of: day(), BeginsOn: pick[int32](w, 1, 30, 31)}}),
		TimeZone: pick(w, "UTC", "Europe/Amsterdam", "Asia/Kolkata", "America/Santiago"), First: pick[int32](w, 1, 3, 1000),
	}
	if w.random.IntN(2) == 0 {
		unit := pick(w, calendar.DayUnit, calendar.Week, calendar.MonthUnit, calendar.Quarter, calendar.Year)
		if q.Period.Dates != nil {
			unit = calendar.Hour
		}
		q.Window = &db.WindowInput{Unit: unit, WeekStartsOn: pick(w, db.Monday, db.Saturday), MonthStartsOn: pick[int32](w, 1, 15, 31), IncludeEmpty: w.random.IntN(3) == 0}
	}
	all := []db.UsageDimension{"SOURCE", "USAGE_TYPE", "DIRECTION", "STATUS", "CUSTOMER", "SUBSCRIPTION", "USAGE_TYPE_NAME", "CALL_CLASS", "TIME_BAND", "PRODUCT", "DESTINATION", "DESTINATION_COUNTRY", "BILL_RUN", "EVENT_TIME", "DURATION"}
	for _, i := range w.random.Perm(len(all))[:pick(w, 0, 0, 1, 1, 2, 4)] {
		q.By = append(q.By, all[i])
	}
	if w.random.IntN(3) == 0 {
		f := w.filterOf(reflect.TypeFor[db.UsageRecordFilter](), recordNodes(w), 2).Interface().(*db.UsageRecordFilter)
		withoutEventTime(f)
		q.Filter = f
	}
	if w.random.IntN(4) == 0 {
		q.Having = pick(w, &db.UsageTotalsFilter{Records: &db.LongFilter{Gt: new(int64(1))}}, &db.UsageTotalsFilter{Subscriptions: &db.LongFilter{Lte: new(int64(3))}},
			&db.UsageTotalsFilter{Data: &db.DecimalFilter{Gte: number("1.5")}, Duration: &db.DecimalFilter{Lt: number("9999999999999999999")}},
			&db.UsageTotalsFilter{Charges: &db.ChargeTotalsFilter{Currency: "EUR", TaxExcluded: &db.DecimalFilter{Gt: number("0")}}},
			&db.UsageTotalsFilter{Charges: &db.ChargeTotalsFilter{Currency: "GBP", Profit: &db.DecimalFilter{Lte: number("10")}}})
	}
	for _, i := range w.random.Perm(9)[:pick(w, 0, 0, 1, 2)] {
		o := &db.UsageTotalsOrder{Direction: pick(w, db.Ascending, db.Descending)}
		o.Field = []db.UsageTotalsOrderField{"WINDOW", "KEY", "RECORDS", "SUBSCRIPTIONS", "DATA", "DURATION", "TAX_EXCLUDED", "TAX_EXCLUDED", "PROFIT"}[i]
		if i >= 6 {
			o.Currency = new([]string{"EUR", "GBP", "USD"}[i-6])
		}
		q.OrderBy = append(q.OrderBy, o)
	}
	if w.random.IntN(4) == 0 {
		q.CompareWith = new(pick(w, db.PreviousPeriod, db.PreviousYear))
	}
	return q
}

// withoutEventTime removes the conditions on the event time, which totals do not allow.
func withoutEventTime(f *db.UsageRecordFilter) {
	if f == nil {
		return
	}
	f.EventTime = nil
	withoutEventTime(f.Not)
	for _, list := range [][]*db.UsageRecordFilter{f.And, f.Or} {
		for _, f := range list {
			withoutEventTime(f)
		}
	}
}

func recordNodes(w *world) (nodes []db.Node) {
	for _, u := range w.records {
		nodes = append(nodes, u)
	}
	return nodes
}

// totalsParents returns the parents of a random question: none, or one or several customers or subscriptions.
func (w *world) totalsParents() db.Parents {
	of := pick(w, "", db.TypeCustomer, db.TypeSubscription)
	if of == "" {
		return db.NoParent
	}
	keys := w.parents(of)
	w.random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return db.Parents{Type: of, Keys: keys[:pick(w, 1, 1, 3)]}
}

// allTotals reads the pages of one parent and returns their groups as lines, with the total and the count first.
func allTotals(t *testing.T, r *db.Reader, of db.Parents, parent int, q db.UsageTotalsQuery) (lines []string) {
	t.Helper()
	for page := 0; ; page++ {
		pages, err := r.UsageTotals(t.Context(), db.AllColumns, of, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		c := pages[parent]
		if page == 0 {
			lines = append(lines, fmt.Sprint("count ", c.TotalCount), "total "+totalsLine(c.Total, q.By))
		}
		edges := c.Edges()
		for _, e := range edges {
			lines = append(lines, totalsLine(e.Node, q.By))
		}
		if !c.HasNextPage {
			return lines
		}
		if len(edges) != int(q.First) {
			t.Fatalf("%+v: a page of %d groups is not the last", q, len(edges))
		}
		q.After = &edges[len(edges)-1].Cursor
		if len(of.Keys) > 1 { // the cursor is that of one parent
			of, parent = db.Parents{Type: of.Type, Keys: of.Keys[parent : parent+1]}, 0
		}
	}
}

// totalsLine returns all values of a group as a text.
func totalsLine(t *db.UsageTotals, by []db.UsageDimension) string {
	if t == nil {
		return "none"
	}
	k := t.Key
	values := []any{k.Source, k.UsageType, k.Direction, k.Status, k.UsageTypeName, k.CallClass, k.TimeBand, k.Product, k.Destination, k.DestinationCountry, k.BillRunID, k.EventTime, k.Duration}
	line := t.Window.Start.Format(time.RFC3339Nano) + " " + t.Window.End.Format(time.RFC3339Nano)
	for _, v := range values {
		if text := optional(v); text != "-" {
			line += " " + text
		}
	}
	if k.Customer != nil {
		line += fmt.Sprint(" customer ", k.Customer.CustomerID)
	}
	if k.Subscription != nil {
		line += fmt.Sprint(" subscription ", k.Subscription.CustomerID, "/", k.Subscription.ID)
	}
	line += fmt.Sprintf(": %d %d %d", t.Records, t.Customers, t.Subscriptions)
	for _, q := range []db.QuantityTotals{t.Data, t.Duration, t.Items} {
		line += fmt.Sprintf(" %s %d %s %s %s %s", q.Unit, q.Count, q.Sum, optional(q.Average()), optional(q.Minimum), optional(q.Maximum))
	}
	for _, c := range t.Charges {
		line += fmt.Sprintf(" [%s %d %s %s %s %s", optional(c.Currency), c.RatedUsages, c.TaxExcluded, c.Unbilled, optional(c.TaxIncluded), optional(c.PreDiscounted))
		for _, hidden := range []func() (*db.DecimalSum, error){c.Cost, c.RatedCost, c.Profit} {
			if v, err := hidden(); err != nil {
				line += " hidden"
			} else {
				line += " " + optional(v)
			}
		}
		line += "]"
	}
	if t.Previous != nil {
		line += " before " + totalsLine(t.Previous, by)
	}
	return line
}

// optional returns the text of a value, "-" for nil.
func optional(v any) string {
	v = plainValue(v)
	if v == nil {
		return "-"
	}
	return fmt.Sprint(v)
}
