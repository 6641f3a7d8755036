package db

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lib/pq"

	"usagegraph/calendar"
)

// usageGroups describes the groups of usage records u that statements compute: for each parent and window, by some
// dimensions.
type usageGroups struct {
	of       Parents
	from, to time.Time
	// windows divides the time; nil does not.
	windows    []calendar.Window
	dimensions []dimension
	filter     *UsageRecordFilter
	// cuts are the parts of time to read instead, each with its window; nil for the whole time.
	cuts []cutHour
	// only are the groups whose charges are read, possibly with others; nil for all.
	only []*usageGroup
}

// Columns of the groups beside those of the dimensions.
var (
	parentOrdinal = column{name: "ord", kind: longColumn}
	windowOrdinal = column{name: "w", kind: longColumn}
)

// keys returns the columns that identify a group.
func (g *usageGroups) keys() []column {
	var keys []column
	if len(g.of.Keys) > 1 {
		keys = append(keys, parentOrdinal)
	}
	if g.windows != nil {
		keys = append(keys, windowOrdinal)
	}
	for _, d := range g.dimensions {
		keys = append(keys, d.column)
	}
	return keys
}

// statement returns a query for columns of the groups and aggregates, with further expressions to group by. Join is a
// table to join or empty.
func (g *usageGroups) statement(c *compiler, r *Reader, join string, by, aggregates []string) string {
	var columns []string
	for _, k := range g.keys() {
		expression := k.of(c.dialect, "u.")
		switch k {
		case parentOrdinal:
			expression = "k.ord"
		case windowOrdinal:
			if expression = "v.w"; g.cuts == nil {
				expression = c.dialect.window(c, "u.event_time", g.windows)
			}
		}
		columns = append(columns, expression+" AS "+k.name)
	}
	columns = append(columns, by...)
	return groupStatement(columns, aggregates, g.records(c)+join, g.condition(c, r))
}

// records returns the relation of the records u, with that of several parents.
func (g *usageGroups) records(c *compiler) string {
	switch {
	case g.cuts != nil:
		return rowsOf(c, g.cuts) + fmt.Sprintf(c.dialect.rangeJoin, "usage_records", "u.event_time >= v.start_at AND u.event_time < v.end_at")
	case len(g.of.Keys) == 1:
		return "usage_records u"
	}
	condition := "u.customer_id = k.customer_id"
	if g.of.Type == TypeSubscription {
		condition += " AND u.subscription_id = k.id"
	}
	return c.dialect.keyList(c, g.of.Keys) + " JOIN usage_records u ON " + condition
}

// condition returns the condition of the records: scope, parent, time, filter, and groups.
func (g *usageGroups) condition(c *compiler, r *Reader) string {
	return c.all(func() {
		r.scope.conditions(c, "u.")
		if len(g.of.Keys) == 1 && g.of.Type != "" {
			c.add("u.customer_id = ", c.bind(g.of.Keys[0].CustomerID))
		}
		if len(g.of.Keys) == 1 && g.of.Type == TypeSubscription {
			c.add("u.subscription_id = ", c.bind(g.of.Keys[0].ID))
		}
		if g.cuts == nil {
			c.add("u.event_time >= ", c.bind(Time{g.from}), " AND u.event_time < ", c.bind(Time{g.to}))
		}
		if g.filter != nil {
			g.filter.conditions(c, "u.")
		}
		if g.only != nil {
			keys := make([][]any, len(g.only))
			for i, group := range g.only {
				keys[i] = group.key
			}
			restrictToGroups(c, columnsOfDimensions(g.dimensions), keys)
		}
	})
}

// aggregates returns the aggregates of the groups that a selection needs.
func (s *totalsSelection) aggregates(c *compiler) []aggregateTarget {
	list := []aggregateTarget{{"COUNT(*) AS records", func(t *UsageTotals, v any) error { return setInt64(&t.Records, v) }}}
	if s.subscriptionKeys {
		list = append(list, aggregateTarget{"MIN(u.customer_id) AS subscription_customer", func(t *UsageTotals, v any) error { return t.Key.setSubscriptionCustomer(v) }})
	}
	if s.customers {
		list = append(list, aggregateTarget{"COUNT(DISTINCT NULLIF(u.customer_id, 0)) AS customers", func(t *UsageTotals, v any) error { return setInt64(&t.Customers, v) }})
	}
	if s.subscriptions {
		list = append(list, aggregateTarget{"COUNT(DISTINCT u.subscription_id) AS subscriptions", func(t *UsageTotals, v any) error { return setInt64(&t.Subscriptions, v) }})
	}
	for _, q := range quantityColumns {
		if !q.selected(s) {
			continue
		}
		list = append(list,
			aggregateTarget{"COUNT(u." + q.column + ") AS " + q.name + "_count", func(t *UsageTotals, v any) error { return setInt64(&q.of(t).Count, v) }},
			aggregateTarget{sumOf(c.dialect, "u."+q.column) + " AS " + q.name + "_sum", func(t *UsageTotals, v any) error { return q.of(t).Sum.Scan(v) }})
		if s.extremes {
			list = append(list,
				aggregateTarget{"MIN(u." + q.column + ")", func(t *UsageTotals, v any) error { return scanSum(&q.of(t).Minimum, v) }},
				aggregateTarget{"MAX(u." + q.column + ")", func(t *UsageTotals, v any) error { return scanSum(&q.of(t).Maximum, v) }})
		}
	}
	return list
}

// aggregateOf is an aggregate in SQL and the function that stores its value in a T.
type aggregateOf[T any] struct {
	sql string
	set func(t *T, value any) error
}

type aggregateTarget = aggregateOf[UsageTotals]

// sqlOf returns the aggregates in SQL.
func sqlOf[T any](aggregates []aggregateOf[T]) []string {
	columns := make([]string, len(aggregates))
	for i, a := range aggregates {
		columns[i] = a.sql
	}
	return columns
}

// quantityColumns are the quantities of a usage record.
var quantityColumns = []struct {
	name, column string
	selected     func(*totalsSelection) bool
	of           func(*UsageTotals) *QuantityTotals
}{
	{"data", "data_quantity", func(s *totalsSelection) bool { return s.data }, func(t *UsageTotals) *QuantityTotals { return &t.Data }},
	{"duration", "duration_quantity", func(s *totalsSelection) bool { return s.duration }, func(t *UsageTotals) *QuantityTotals { return &t.Duration }},
	{"items", "one_off_quantity", func(s *totalsSelection) bool { return s.items }, func(t *UsageTotals) *QuantityTotals { return &t.Items }},
}

// sumOf returns the sum of decimals, 0 without any, compared by value.
func sumOf(d *dialect, expression string) string {
	return d.decimal("COALESCE(" + d.sum + "(" + expression + "), '0')")
}

// scanSum stores a value; NULL as nil.
func scanSum(to **DecimalSum, value any) error {
	if value == nil {
		*to = nil
		return nil
	}
	*to = &DecimalSum{}
	return (*to).Scan(value)
}

// chargeAmount is a sum of amounts of rated usages x, and of cells u, with its field.
type chargeAmount struct {
	column, expression, stored string
	add                        func(*ChargeTotals, DecimalSum)
}

var chargeAmounts = []chargeAmount{
	{"tax_excluded_amount", "x.tax_excluded_amount", "u.tax_excluded_amount", func(c *ChargeTotals, s DecimalSum) { c.TaxExcluded.Add(s) }},
	{"unbilled", "CASE WHEN NOT x.is_billed THEN x.tax_excluded_amount END", "CASE WHEN u.is_billed = 0 THEN u.tax_excluded_amount END",
		func(c *ChargeTotals, s DecimalSum) { c.Unbilled.Add(s) }},
	{"tax_included_amount", "x.tax_included_amount", "u.tax_included_amount", func(c *ChargeTotals, s DecimalSum) { addSum(&c.TaxIncluded, &s) }},
	{"pre_discounted_amount", "x.pre_discounted_amount", "u.pre_discounted_amount", func(c *ChargeTotals, s DecimalSum) { addSum(&c.PreDiscounted, &s) }},
	{"cost_amount", "x.cost_amount", "u.cost_amount", func(c *ChargeTotals, s DecimalSum) { addSum(&c.CostAmount, &s) }},
	{"rated_cost_amount", "x.rated_cost_amount", "u.rated_cost_amount", func(c *ChargeTotals, s DecimalSum) { addSum(&c.RatedCostAmount, &s) }},
	{"profit_amount", "x.profit_amount", "u.profit_amount", func(c *ChargeTotals, s DecimalSum) { addSum(&c.ProfitAmount, &s) }},
}

// addSum adds a sum to another one; nil is the sum of no values.
func addSum(to **DecimalSum, s *DecimalSum) {
	if s == nil {
		return
	}
	if *to == nil {
		*to = &DecimalSum{}
	}
	(*to).Add(*s)
}

// add adds the charges of other rated usages in the same currency.
func (c *ChargeTotals) add(other *ChargeTotals) {
	c.RatedUsages += other.RatedUsages
	c.TaxExcluded.Add(other.TaxExcluded)
	c.Unbilled.Add(other.Unbilled)
	addSum(&c.TaxIncluded, other.TaxIncluded)
	addSum(&c.PreDiscounted, other.PreDiscounted)
	addSum(&c.CostAmount, other.CostAmount)
	addSum(&c.RatedCostAmount, other.RatedCostAmount)
	addSum(&c.ProfitAmount, other.ProfitAmount)
}

// joinRated joins the rated usages x to the records u.
const joinRated = " JOIN rated_usages x ON x.customer_id = u.customer_id AND x.usage_id = u.id"

// charges returns a query for amounts of the groups by currency.
func (g *usageGroups) charges(c *compiler, r *Reader, amounts []chargeAmount) string {
	aggregates := []string{"COUNT(*)"}
	for _, a := range amounts {
		aggregates = append(aggregates, c.dialect.sum+"("+a.expression+")")
	}
	return g.statement(c, r, joinRated, []string{"x.currency"}, aggregates)
}

// windowTree returns an expression for the index of the window that contains a time, as nested comparisons of the time
// with the beginnings of the windows.
func windowTree(c *compiler, at string, windows []calendar.Window, first int) string {
	if len(windows) == 1 {
		return strconv.Itoa(first)
	}
	half := len(windows) / 2
	return "CASE WHEN " + at + " < " + c.bind(Time{windows[half].Start}) + " THEN " + windowTree(c, at, windows[:half], first) +
		" ELSE " + windowTree(c, at, windows[half:], first+half) + " END"
}

// windowBucket is windowTree for PostgreSQL, which searches in an array.
func windowBucket(c *compiler, at string, windows []calendar.Window) string {
	starts := make([]string, len(windows))
	for i, w := range windows {
		starts[i] = Time{w.Start}.text()
	}
	return "width_bucket(" + at + ", " + c.bind(pq.StringArray(starts)) + "::timestamptz[])::bigint - 1"
}
