package db

import (
	"context"
	"database/sql/driver"
	"sort"

	"usagegraph/calendar"
)

// storedFold adds up stored cells by window and dimensions.
type storedFold struct {
	*usageGroups
	// firstHours holds the first whole hour of each window; window is that of the last cell.
	firstHours []int64
	window     int
	groups     map[foldKey]*usageGroup
	list       []*usageGroup
	charges    map[chargeKey]*ChargeTotals
	// limit is the maximum number of groups, 0 for any.
	limit int
	// texts holds the values of dimensions and currencies.
	texts map[string]string
}

// foldKey identifies a group by its window and the values of its dimensions; an empty text is NULL.
type foldKey struct {
	window int64
	values [maxDimensions]string
}

// chargeKey identifies the charges of a group in one currency.
type chargeKey struct {
	group    *usageGroup
	currency string
}

// storedGroups is allGroups for totals that are stored.
func (t *totalsReader) storedGroups(ctx context.Context, p *totalsPeriod, windows []calendar.Window, dimensions []dimension) ([]*usageGroup, []column, error) {
	f := &storedFold{usageGroups: t.groups(p, windows, dimensions), groups: map[foldKey]*usageGroup{}, charges: map[chargeKey]*ChargeTotals{}, texts: map[string]string{}}
	if windows != nil || t.before != nil {
		f.limit = t.limits.Groups
	}
	if windows == nil {
		windows = []calendar.Window{p.Whole()}
	}
	for _, w := range windows {
		f.firstHours = append(f.firstHours, hourFrom(w.Start))
	}
	parts := storedPartsOf(windows)
	steps := []func(context.Context, *totalsReader, *storedParts) error{f.readUsage}
	if t.selected.charges || len(t.amounts) > 0 {
		steps = append(steps, f.readCharges)
	}
	for _, step := range append(steps, f.readCuts) {
		if err := step(ctx, t, parts); err != nil {
			return nil, nil, err
		}
	}
	if f.limit > 0 && len(f.list) > f.limit {
		return nil, nil, t.tooManyGroups()
	}
	for _, g := range f.list {
		sortCharges(g.totals.Charges)
	}
	return f.list, f.keys(), nil
}

// readUsage adds up the numbers of records and the quantities.
func (f *storedFold) readUsage(ctx context.Context, t *totalsReader, parts *storedParts) error {
	values := []string{"u.records"}
	var quantities []func(*UsageTotals) *QuantityTotals
	for i, q := range quantityColumns {
		if q.selected(t.selected) {
			quantities = append(quantities, q.of)
			values = append(values, "u."+usageCells.sums[i].count, "u."+usageCells.sums[i].amount)
		}
	}
	c := t.r.filterCompiler(ctx)
	sql := parts.query(c, usageDays, usageHours, f.dimensions, f.filter, values)
	return f.rows(ctx, t.r, c, sql, func(row *cellReader) error {
		var records, count int64
		g := f.groupOf(row)
		row.number(&records)
		g.totals.Records += records
		for _, of := range quantities {
			var sum DecimalSum
			row.number(&count)
			row.scan(sum.Scan)
			q := of(g.totals)
			q.Count += count
			q.Sum.Add(sum)
		}
		if f.limit > 0 && len(f.list) > f.limit {
			return t.tooManyGroups()
		}
		return row.err
	})
}

// readCharges adds up the charges.
func (f *storedFold) readCharges(ctx context.Context, t *totalsReader, parts *storedParts) error {
	values := []string{"u.currency", "u.rated_usages"}
	for _, a := range t.amounts {
		values = append(values, a.stored)
	}
	c := t.r.filterCompiler(ctx)
	sql := parts.query(c, chargeDays, chargeHours, f.dimensions, f.filter, values)
	return f.rows(ctx, t.r, c, sql, func(row *cellReader) error {
		key := chargeKey{f.groupOf(row), row.text(f.texts)}
		charge := f.charges[key]
		if charge == nil {
			charge = t.r.newCharge(key.currency)
			f.charges[key] = charge
			key.group.totals.Charges = append(key.group.totals.Charges, charge)
		}
		var rated int64
		row.number(&rated)
		charge.RatedUsages += rated
		for _, a := range t.amounts {
			row.scan(func(v any) error { return t.r.addAmount(charge, a, v) })
		}
		return row.err
	})
}

// readCuts adds the records of the parts of hours.
func (f *storedFold) readCuts(ctx context.Context, t *totalsReader, parts *storedParts) error {
	if len(parts.cuts) == 0 {
		return nil
	}
	f.cuts = parts.cuts
	list, columns, err := t.readGroups(ctx, f.usageGroups, 0)
	if err != nil {
		return err
	}
	for _, cut := range list {
		key := foldKey{window: ordinalOf(columns, cut.key)}
		for i, v := range cut.key[len(cut.key)-len(f.dimensions):] {
			if v != nil {
				key.values[i] = v.(string)
			}
		}
		g := f.group(key)
		g.totals.Records += cut.totals.Records
		for _, q := range quantityColumns {
			sum, of := q.of(g.totals), q.of(cut.totals)
			sum.Count += of.Count
			sum.Sum.Add(of.Sum)
		}
		for _, from := range cut.totals.Charges {
			key := chargeKey{g, valueOf(from.Currency)}
			if charge := f.charges[key]; charge != nil {
				charge.add(from)
				continue
			}
			f.charges[key] = from
			g.totals.Charges = append(g.totals.Charges, from)
		}
	}
	return nil
}

// rows runs a query of cells, unless it is empty.
func (f *storedFold) rows(ctx context.Context, r *Reader, c *compiler, sql string, read func(*cellReader) error) error {
	if sql == "" {
		return nil
	}
	return r.rows(ctx, c, sql, func(row []driver.Value) error { return read(&cellReader{row: row}) })
}

// groupOf returns the group of a cell by its first hour and the values of its dimensions.
func (f *storedFold) groupOf(row *cellReader) *usageGroup {
	var hour int64
	row.number(&hour)
	var key foldKey
	if f.windows != nil {
		if hour < f.firstHours[f.window] || f.window+1 < len(f.firstHours) && hour >= f.firstHours[f.window+1] {
			f.window = sort.Search(len(f.firstHours), func(i int) bool { return f.firstHours[i] > hour }) - 1
		}
		key.window = int64(f.window)
	}
	for i := range f.dimensions {
		key.values[i] = row.text(f.texts)
	}
	return f.group(key)
}

// group returns the group with a key. It adds one if there is none.
func (f *storedFold) group(key foldKey) *usageGroup {
	if g := f.groups[key]; g != nil {
		return g
	}
	var values []any
	if f.windows != nil {
		values = append(values, key.window)
	}
	for _, v := range key.values[:len(f.dimensions)] {
		if v == "" {
			values = append(values, nil)
		} else {
			values = append(values, v)
		}
	}
	g := f.newUsageGroup(values)
	f.groups[key] = g
	f.list = append(f.list, g)
	return g
}
