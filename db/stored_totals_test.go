package db_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// storedColumns are fields of usage totals that the stored totals hold. A random question selects some of them.
var storedColumns = []db.Columns{
	db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Records} }), db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Data} }),
	db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Duration} }), db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Items} }),
	db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Charges} }), db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Previous} }),
	db.ColumnsOf(func(c *db.ChargeTotals) []any { return []any{&c.TaxExcluded, &c.Unbilled, &c.CostAmount} }),
	db.ColumnsOf(func(c *db.ChargeTotals) []any {
		return []any{&c.TaxIncluded, &c.PreDiscounted, &c.RatedCostAmount, &c.ProfitAmount}
	}),
}

// answerColumns are the fields of a page.
var answerColumns = db.ColumnsOf(func(c *db.UsageTotalsConnection) []any { return []any{&c.Nodes, &c.TotalCount, &c.Total} })

// storedQuestion is a question that the stored totals answer.
type storedQuestion struct {
	db.UsageTotalsQuery
	columns *db.Projection
	scope   db.Scope
}

func (w *world) storedQuestion() storedQuestion {
	q := storedQuestion{w.totalsQuery(), nil, db.All().WithCost(w.random.IntN(2) == 0)}
	q.TimeZone = pick(w, "UTC", "Europe/Amsterdam", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu")
	columns := []db.Columns{answerColumns}
	for _, i := range w.random.Perm(len(storedColumns))[:w.random.IntN(len(storedColumns)+1)] {
		columns = append(columns, storedColumns[i])
	}
	q.columns = db.Project(columns...)
	all := []db.UsageDimension{"SOURCE", "USAGE_TYPE", "DIRECTION", "STATUS"}
	q.By, q.Filter, q.First = nil, nil, pick[int32](w, 40, 1000)
	for _, i := range w.random.Perm(len(all))[:w.random.IntN(len(all)+1)] {
		q.By = append(q.By, all[i])
	}
	if w.random.IntN(2) == 0 {
		q.Filter = w.storedFilter(2)
	}
	if q.Having != nil && q.Having.Subscriptions != nil {
		q.Having = nil
	}
	q.OrderBy = slices.DeleteFunc(q.OrderBy, func(o *db.UsageTotalsOrder) bool { return o.Field == "SUBSCRIPTIONS" })
	return q
}

// storedFilter returns a random filter on columns of the stored totals.
func (w *world) storedFilter(depth int) *db.UsageRecordFilter {
	f := &db.UsageRecordFilter{}
	switch w.random.IntN(4) {
	case 0:
		f.UsageType = &db.UsageTypeFilter{In: []db.UsageType{db.Voice, pick(w, db.Data, db.SMS)}}
	case 1:
		f.Status = pick(w, &db.UsageStatusFilter{IsNull: new(true)}, &db.UsageStatusFilter{Ne: new(db.Billed)})
	case 2:
		f.Direction = pick(w, &db.UsageDirectionFilter{Eq: new(db.Inbound)}, &db.UsageDirectionFilter{IsNull: new(false)})
	case 3:
		f.Source = &db.SourceFilter{Eq: new(pick(w, db.Elevate, db.BRM))}
	}
	if depth > 0 {
		switch w.random.IntN(4) {
		case 0:
			f.Not = w.storedFilter(depth - 1)
		case 1:
			f.Or = []*db.UsageRecordFilter{w.storedFilter(depth - 1), w.storedFilter(depth - 1)}
		case 2:
			f.And = []*db.UsageRecordFilter{w.storedFilter(depth - 1)}
		}
	}
	return f
}

// ask returns the pages of the answer as lines, or its error.
func (q storedQuestion) ask(t *testing.T, store *db.Store) (lines []string) {
	t.Helper()
	r := store.For(q.scope)
	for query := q.UsageTotalsQuery; ; {
		pages, err := r.UsageTotals(t.Context(), q.columns, db.NoParent, query)
		if err != nil {
			return append(lines, err.Error())
		}
		c := pages[0]
		lines = append(lines, fmt.Sprint("count ", c.TotalCount, " total ", totalsLine(c.Total, q.By)))
		for _, e := range c.Edges() {
			lines = append(lines, totalsLine(e.Node, q.By))
			query.After = &e.Cursor
		}
		if !c.HasNextPage {
			return lines
		}
	}
}

// setTotals sets the state of the stored totals.
func setTotals(t *testing.T, url, state string) {
	t.Helper()
	if _, err := connect(t, url).Exec("UPDATE totals_state SET state = '" + state + "'"); err != nil {
		t.Fatal(err)
	}
}

// TestStoredTotalsAnswerAsRecords asks random questions while the stored totals are ready, and again while they are not.
func TestStoredTotalsAnswerAsRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		w.random = rand.New(rand.NewPCG(*questionsSeed, 11))
		asked := make([]storedQuestion, *questions)
		answers := make([][]string, len(asked))
		for i := range asked {
			asked[i] = w.storedQuestion()
			answers[i] = asked[i].ask(t, store)
		}
		setTotals(t, url, "BUILDING")
		records := dbtest.Open(t, url) // without remembered answers
		groups := 0
		for i, q := range asked {
			want := q.ask(t, records)
			if diff := cmp.Diff(want, answers[i]); diff != "" {
				t.Fatalf("-totals.seed %d, question %d: %+v: from records, then stored\n%s", *questionsSeed, i, q.UsageTotalsQuery, diff)
			}
			groups += len(want)
		}
		if groups < 2**questions {
			t.Errorf("only %d groups in %d answers", groups, *questions)
		}
	})
}

// TestOnlyEveryoneReadsStoredTotals changes the stored totals, so that an answer shows whether it was read from them.
func TestOnlyEveryoneReadsStoredTotals(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		for _, table := range []string{"usage_hours", "usage_days"} {
			if _, err := connect(t, url).Exec("UPDATE " + table + " SET records = records + 1000"); err != nil {
				t.Fatal(err)
			}
		}
		q := db.UsageTotalsQuery{Period: db.PeriodInput{Month: new(db.YearMonth("2025-03"))}, TimeZone: "UTC", First: 1000}
		answered := db.Project(answerColumns, storedColumns[0])
		customers := make([]int64, len(w.customers))
		for i, c := range w.customers {
			customers[i] = c.CustomerID
		}
		with := func(change func(*db.UsageTotalsQuery)) db.UsageTotalsQuery {
			q := q
			change(&q)
			return q
		}
		distinct := db.Project(answerColumns, db.ColumnsOf(func(t *db.UsageTotals) []any { return []any{&t.Subscriptions} }))
		extremes := db.Project(answerColumns, storedColumns[1], db.ColumnsOf(func(q *db.QuantityTotals) []any { return []any{&q.Minimum} }))
		for name, tt := range map[string]struct {
			scope   db.Scope
			columns *db.Projection
			of      db.Parents
			q       db.UsageTotalsQuery
			stored  bool
		}{
			"everyone":                     {db.All(), answered, db.NoParent, q, true},
			"everyone without cost":        {db.All().WithCost(false), answered, db.NoParent, q, true},
			"everyone, by a stored column": {db.All(), answered, db.NoParent, with(func(q *db.UsageTotalsQuery) { q.By = []db.UsageDimension{"SOURCE"} }), true},
			"all customers":                {db.Only(customers...), answered, db.NoParent, q, false},
			"one customer":                 {db.Only(customers[0]), answered, db.NoParent, q, false},
			"a customer, for everyone":     {db.All(), answered, db.Parents{Type: db.TypeCustomer, Keys: []db.Key{db.CustomerKey(customers[0])}}, q, false},
			"everyone, by customer":        {db.All(), answered, db.NoParent, with(func(q *db.UsageTotalsQuery) { q.By = []db.UsageDimension{"CUSTOMER"} }), false},
			"everyone, filtered": {db.All(), answered, db.NoParent, with(func(q *db.UsageTotalsQuery) {
				q.Filter = &db.UsageRecordFilter{CallClass: &db.StringFilter{IsNull: new(false)}}
			}), false},
			"everyone, filtered by a price": {db.All(), answered, db.NoParent, with(func(q *db.UsageTotalsQuery) {
				q.Filter = &db.UsageRecordFilter{Or: []*db.UsageRecordFilter{{Rated: &db.RatedUsageFilter{}}}}
			}), false},
			"distinct subscriptions": {db.All(), distinct, db.NoParent, q, false},
			"the minimum":            {db.All(), extremes, db.NoParent, q, false},
			"ordered by subscriptions": {db.All(), answered, db.NoParent, with(func(q *db.UsageTotalsQuery) {
				q.OrderBy = []*db.UsageTotalsOrder{{Field: "SUBSCRIPTIONS", Direction: db.Ascending}}
			}), false},
		} {
			pages, err := store.For(tt.scope).UsageTotals(t.Context(), tt.columns, tt.of, tt.q)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if stored := pages[0].Total.Records >= 1000; stored != tt.stored {
				t.Errorf("%s: %d records", name, pages[0].Total.Records)
			}
		}
		countOf := func(scope db.Scope, f *db.UsageRecordFilter) int64 {
			list := only(store.For(scope).UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: f, Page: db.Page{Limit: 1}}))
			return must(list.TotalCount(t.Context()))
		}
		if n := countOf(db.All(), nil); n < 1000 {
			t.Errorf("%d records of everyone", n)
		}
		if n := countOf(db.Only(customers...), nil); n >= 1000 {
			t.Errorf("%d records of customers", n)
		}
		if n := countOf(db.All(), &db.UsageRecordFilter{CallClass: &db.StringFilter{IsNull: new(false)}}); n >= 1000 {
			t.Errorf("%d records with a call class", n)
		}
	})
}

// TestStoredTotalsHideCosts asks for costs without the right to see them.
func TestStoredTotalsHideCosts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		q := db.UsageTotalsQuery{Period: db.PeriodInput{Month: new(db.YearMonth("2025-03"))}, TimeZone: "Asia/Kolkata", First: 1000}
		columns := db.Project(append([]db.Columns{answerColumns}, storedColumns...)...)
		for _, shown := range []bool{true, false} {
			pages := must(store.For(db.All().WithCost(shown)).UsageTotals(t.Context(), columns, db.NoParent, q))
			for _, c := range append(pages[0].Nodes[0].Charges, pages[0].Total.Charges...) {
				for _, cost := range []func() (*db.DecimalSum, error){c.Cost, c.RatedCost, c.Profit} {
					if sum, err := cost(); shown && (err != nil || sum == nil) || !shown && err == nil {
						t.Errorf("costs shown %v: %v, %v", shown, sum, err)
					}
				}
				if !shown && (c.CostAmount != nil || c.RatedCostAmount != nil || c.ProfitAmount != nil) {
					t.Error("the hidden costs were read")
				}
			}
		}
	})
}

// TestCountsFromStoredTotals compares lengths of lists while the stored totals are ready with those from records.
func TestCountsFromStoredTotals(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		w.random = rand.New(rand.NewPCG(*questionsSeed, 13))
		filters := make([]*db.UsageRecordFilter, 100)
		counts := func() (list []int64) {
			for _, f := range filters {
				q := db.UsageRecordQuery{Filter: f, Page: db.Page{Limit: 1, CountOnly: true}}
				list = append(list, must(only(store.For(db.All()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, q)).TotalCount(t.Context())))
			}
			return list
		}
		for i := range filters {
			f := w.storedFilter(2)
			bound := func() *db.Time { return pick(w, nil, new(w.time())) }
			f.EventTime = pick(w, nil, &db.DateTimeFilter{Gte: bound(), Lt: bound()}, &db.DateTimeFilter{Gt: bound(), Lte: bound()}, &db.DateTimeFilter{Eq: bound()})
			if w.random.IntN(3) == 0 {
				f.And = append(f.And, &db.UsageRecordFilter{EventTime: &db.DateTimeFilter{Gte: bound()}})
			}
			if w.random.IntN(5) == 0 {
				f.Or = append(f.Or, &db.UsageRecordFilter{EventTime: &db.DateTimeFilter{Lt: bound()}})
			}
			filters[i] = pick(w, f, f, f, nil)
		}
		stored := counts()
		setTotals(t, url, "BUILDING")
		if diff := cmp.Diff(counts(), stored); diff != "" {
			t.Errorf("-totals.seed %d: from records, then stored: %s", *questionsSeed, diff)
		}
	})
}
