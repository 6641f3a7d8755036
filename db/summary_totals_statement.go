package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"
)

// summaryGroup is a group of usage summaries.
type summaryGroup struct {
	// values holds the values of the columns of summaryTotalsReader.columns.
	values []any
	totals *SummaryTotals
}

// summaryCount is the number of the summaries of a group as a column.
var summaryCount = column{name: "summaries", kind: longColumn}

// columns returns the columns of groups by dimensions that are ordered by charges: the dimensions, the number of
// summaries, and the charges.
func (t *summaryTotalsReader) columns(dimensions []dimensionOf[SummaryKey], charged []chargedIn) []column {
	columns := append(columnsOfDimensions(dimensions), summaryCount)
	for _, c := range charged {
		columns = append(columns, c.column)
	}
	return columns
}

// cursorValues returns the values of a group in the order.
func (t *summaryTotalsReader) cursorValues(g *summaryGroup) []*string {
	columns := t.columns(t.dimensions, t.charged)
	texts := make([]*string, len(t.order.keys))
	for i, k := range t.order.keys {
		at := slices.IndexFunc(columns, func(c column) bool { return c.name == k.name })
		texts[i] = k.print(g.values[at])
	}
	return texts
}

// aggregates returns the aggregates of groups beside their columns.
func (t *summaryTotalsReader) aggregates() (list []aggregateOf[SummaryTotals]) {
	list = append(list, aggregateOf[SummaryTotals]{"MIN(u.customer_id) AS subscription_customer", func(s *SummaryTotals, v any) error { return s.Key.setSubscriptionCustomer(v) }})
	if t.customers {
		list = append(list, aggregateOf[SummaryTotals]{"COUNT(DISTINCT NULLIF(u.customer_id, 0)) AS customers", func(s *SummaryTotals, v any) error { return setInt64(&s.Customers, v) }})
	}
	if t.subscriptions {
		list = append(list, aggregateOf[SummaryTotals]{"COUNT(DISTINCT u.subscription_id) AS subscriptions", func(s *SummaryTotals, v any) error { return setInt64(&s.Subscriptions, v) }})
	}
	return list
}

// conditions adds the conditions on the summaries u: scope, months and filter.
func (t *summaryTotalsReader) conditions(c *compiler) {
	t.monthConditions(c)
	t.query.Filter.conditions(c, "u.")
}

// monthConditions adds the conditions on the summaries u without the filter.
func (t *summaryTotalsReader) monthConditions(c *compiler) {
	t.r.scope.conditions(c, "u.")
	c.add("u.year_month >= ", c.bind(string(t.query.From)), " AND u.year_month <= ", c.bind(string(t.query.To)))
}

// statement returns the query for groups by dimensions.
func (t *summaryTotalsReader) statement(c *compiler, dimensions []dimensionOf[SummaryKey], charged []chargedIn) string {
	aggregates := []string{"COUNT(*) AS " + summaryCount.name}
	for _, in := range charged {
		aggregates = append(aggregates, sumOf(c.dialect, "CASE WHEN u.currency = "+c.bind(in.currency)+" THEN u.total_amount END")+" AS "+in.name)
	}
	return groupStatement(groupColumns(c, dimensions), append(aggregates, sqlOf(t.aggregates())...), "usage_summaries u", c.all(func() { t.conditions(c) }))
}

// read runs a query for groups by dimensions.
func (t *summaryTotalsReader) read(ctx context.Context, c *compiler, sql string, dimensions []dimensionOf[SummaryKey], charged []chargedIn) (groups []*summaryGroup, err error) {
	if c.err != nil {
		return nil, c.err
	}
	columns, aggregates := t.columns(dimensions, charged), t.aggregates()
	return groups, t.r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			values, err := readKey(columns, row)
			if err != nil {
				return err
			}
			s := &SummaryTotals{Key: &SummaryKey{}, Summaries: values[len(dimensions)].(int64), Charges: []*SummaryCharges{}, Volumes: []*QuantityTotals{}}
			setKey(dimensions, s.Key, values[:len(dimensions)])
			for i, a := range aggregates {
				if err := a.set(s, row[len(columns)+i]); err != nil {
					return err
				}
			}
			groups = append(groups, &summaryGroup{values, s})
			return nil
		})
	})
}

// readParts reads the selected charges and volumes of groups by dimensions.
func (t *summaryTotalsReader) readParts(ctx context.Context, dimensions []dimensionOf[SummaryKey], groups []*summaryGroup) error {
	if t.charges {
		p := summaryParts{by: "u.currency", condition: "COALESCE(u.total_amount, u.premium_amount, u.international_amount) IS NOT NULL", add: addSummaryCharges}
		for _, amount := range []string{"total", "premium", "international"} {
			p.aggregates = append(p.aggregates, t.r.store.dialect.sum+"(u."+amount+"_amount)")
		}
		if err := t.readPart(ctx, p, dimensions, groups); err != nil {
			return err
		}
	}
	if !t.volumes {
		return nil
	}
	p := summaryParts{join: " JOIN usage_summary_lines x ON x.customer_id = u.customer_id AND x.summary_id = u.id", by: "x.volume_unit",
		condition: "x.volume IS NOT NULL AND x.volume_unit IS NOT NULL", aggregates: []string{"COUNT(*)", t.r.store.dialect.sum + "(x.volume)"}, add: addSummaryVolumes}
	if t.extremes {
		p.aggregates = append(p.aggregates, "MIN(x.volume)", "MAX(x.volume)")
	}
	return t.readPart(ctx, p, dimensions, groups)
}

// summaryParts describes amounts of groups that are grouped further, by a currency or unit.
type summaryParts struct {
	join, by, condition string
	aggregates          []string
	// add adds a row to a group: the value of by, and the aggregates.
	add func(*SummaryTotals, []driver.Value) error
}

func (t *summaryTotalsReader) readPart(ctx context.Context, p summaryParts, dimensions []dimensionOf[SummaryKey], groups []*summaryGroup) error {
	c := t.r.filterCompiler(ctx)
	columns := columnsOfDimensions(dimensions)
	byName := make(map[string]*summaryGroup, len(groups))
	var keys [][]any
	for _, g := range groups {
		key := g.values[:len(columns)]
		keys = append(keys, key)
		byName[groupName(columns, key)] = g
	}
	where := c.all(func() {
		t.conditions(c)
		c.add(p.condition)
		if len(groups) > 0 {
			restrictToGroups(c, columns, keys)
		}
	})
	sql := groupStatement(append(groupColumns(c, dimensions), p.by), p.aggregates, "usage_summaries u"+p.join, where) + " ORDER BY " + p.by + " IS NULL, " + p.by
	if c.err != nil || len(groups) == 0 {
		return c.err
	}
	return t.r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			key, err := readKey(columns, row)
			if err != nil {
				return err
			}
			if g := byName[groupName(columns, key)]; g != nil {
				return p.add(g.totals, row[len(columns):])
			}
			return nil
		})
	})
}

func addSummaryCharges(s *SummaryTotals, row []driver.Value) error {
	charges := &SummaryCharges{}
	if row[0] != nil {
		charges.Currency = new(string)
		if err := setString(charges.Currency, row[0]); err != nil {
			return err
		}
	}
	for i, sum := range []*DecimalSum{&charges.Total, &charges.Premium, &charges.International} {
		if err := sum.Scan(row[1+i]); err != nil {
			return err
		}
	}
	s.Charges = append(s.Charges, charges)
	return nil
}

func addSummaryVolumes(s *SummaryTotals, row []driver.Value) error {
	v := &QuantityTotals{}
	if err := errors.Join(setString((*string)(&v.Unit), row[0]), setInt64(&v.Count, row[1]), v.Sum.Scan(row[2])); err != nil {
		return err
	}
	if len(row) > 3 {
		if err := errors.Join(scanSum(&v.Minimum, row[3]), scanSum(&v.Maximum, row[4])); err != nil {
			return err
		}
	}
	s.Volumes = append(s.Volumes, v)
	return nil
}
