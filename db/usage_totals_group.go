package db

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
)

// usageGroup is a group of usage records.
type usageGroup struct {
	// key holds the values of the columns of usageGroups.keys.
	key    []any
	totals *UsageTotals
}

// value reads a value of the database.
func (c column) value(src driver.Value) (v any, err error) {
	if src == nil {
		return nil, nil
	}
	switch c.kind {
	case longColumn:
		var n int64
		return n, setInt64(&n, src)
	case sumColumn, decimalColumn:
		var s DecimalSum
		err = s.Scan(src)
		return s, err
	case timeColumn:
		var t Time
		err = t.Scan(src)
		return t, err
	}
	var s string
	err = setString(&s, src)
	return s, err
}

// groupName returns a text that identifies a group by its key.
func groupName(columns []column, key []any) string {
	var b strings.Builder
	for i, v := range key {
		if text := columns[i].print(v); text != nil {
			b.WriteString("\x01" + *text)
		}
		b.WriteByte(0)
	}
	return b.String()
}

// readKey reads the first columns of a row as the key of a group.
func readKey(columns []column, row []driver.Value) ([]any, error) {
	key := make([]any, len(columns))
	for i, k := range columns {
		v, err := k.value(row[i])
		if err != nil {
			return nil, err
		}
		key[i] = v
	}
	return key, nil
}

// newUsageGroup returns a group without records. The last values of its key are those of the dimensions.
func (g *usageGroups) newUsageGroup(key []any) *usageGroup {
	t := newUsageTotals()
	setKey(g.dimensions, t.Key, key)
	return &usageGroup{key, t}
}

func newUsageTotals() *UsageTotals {
	return &UsageTotals{Key: &UsageKey{}, Data: QuantityTotals{Unit: Megabyte}, Duration: QuantityTotals{Unit: Second}, Items: QuantityTotals{Unit: Count}, Charges: []*ChargeTotals{}}
}

// read runs a statement of the groups with its aggregates, and returns the groups in the order of the rows.
func (g *usageGroups) read(ctx context.Context, r *Reader, c *compiler, sql string, aggregates []aggregateTarget) (groups []*usageGroup, err error) {
	columns := g.keys()
	return groups, r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			key, err := readKey(columns, row)
			if err != nil {
				return err
			}
			group := g.newUsageGroup(key)
			for i, a := range aggregates {
				if err := a.set(group.totals, row[len(columns)+i]); err != nil {
					return err
				}
			}
			groups = append(groups, group)
			return nil
		})
	})
}

// readCharges reads amounts of the charges of groups.
func (g *usageGroups) readCharges(ctx context.Context, r *Reader, amounts []chargeAmount, groups []*usageGroup) error {
	c := r.filterCompiler(ctx)
	sql := g.charges(c, r, amounts)
	if c.err != nil {
		return c.err
	}
	columns, byName := g.keys(), make(map[string]*usageGroup, len(groups))
	for _, group := range groups {
		byName[groupName(columns, group.key)] = group
	}
	err := r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			key, err := readKey(columns, row)
			if err != nil {
				return err
			}
			group := byName[groupName(columns, key)]
			if group == nil {
				return nil
			}
			charge, err := r.readCharge(amounts, row[len(columns):])
			group.totals.Charges = append(group.totals.Charges, charge)
			return err
		})
	})
	for _, group := range groups {
		sortCharges(group.totals.Charges)
	}
	return err
}

// readCharge reads the charges of a group in one currency.
func (r *Reader) readCharge(amounts []chargeAmount, row []driver.Value) (*ChargeTotals, error) {
	currency := ""
	if row[0] != nil {
		if err := setString(&currency, row[0]); err != nil {
			return nil, err
		}
	}
	c := r.newCharge(currency)
	if err := setInt64(&c.RatedUsages, row[1]); err != nil {
		return nil, err
	}
	for i, a := range amounts {
		if err := r.addAmount(c, a, row[2+i]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// newCharge returns charges in a currency without rated usages; an empty text is no currency.
func (r *Reader) newCharge(currency string) *ChargeTotals {
	c := &ChargeTotals{costHidden: !r.scope.cost}
	if currency != "" {
		c.Currency = &currency
	}
	return c
}

// addAmount adds a sum of the database, which may be NULL, unless the scope hides it.
func (r *Reader) addAmount(c *ChargeTotals, a chargeAmount, value any) error {
	if value == nil || c.costHidden && costColumns[a.column] {
		return nil
	}
	var sum DecimalSum
	err := sum.Scan(value)
	a.add(c, sum)
	return err
}

// sortCharges orders charges by currency; those without one are last.
func sortCharges(charges []*ChargeTotals) {
	slices.SortFunc(charges, func(a, b *ChargeTotals) int {
		return compareNullable(textOrNil(a.Currency), textOrNil(b.Currency))
	})
}

func textOrNil(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

// chargeIn returns the charges in a currency; nil if there are none.
func (t *UsageTotals) chargeIn(currency string) *ChargeTotals {
	i := slices.IndexFunc(t.Charges, func(c *ChargeTotals) bool { return c.Currency != nil && *c.Currency == currency })
	if i < 0 {
		return nil
	}
	return t.Charges[i]
}

// ordinalOf returns the ordinal of the window of a group.
func ordinalOf(columns []column, key []any) int64 {
	if i := slices.Index(columns, windowOrdinal); i >= 0 {
		return key[i].(int64)
	}
	return 0
}

// parentOrdinalOf returns the index of the parent of a group.
func parentOrdinalOf(columns []column, key []any) int64 {
	if slices.Contains(columns, parentOrdinal) {
		return key[0].(int64) - 1
	}
	return 0
}

// withEmpty adds groups without records for the windows in which a key does not occur.
func (t *totalsReader) withEmpty(list []*usageGroup, columns []column) ([]*usageGroup, error) {
	at := slices.Index(columns, windowOrdinal)
	in := func(key []any, window int) []any {
		key = slices.Clone(key)
		key[at] = int64(window)
		return key
	}
	present := map[string]bool{}
	var keys []*usageGroup // one group of each key
	add := func(g *usageGroup) {
		if name := groupName(columns, in(g.key, -1)); !present[name] {
			present[name] = true
			keys = append(keys, g)
		}
	}
	for _, g := range list {
		present[groupName(columns, g.key)] = true
		add(g)
	}
	if len(t.dimensions) == 0 {
		for i := range t.of.Keys { // the parent, if there are several, and the window
			add(&usageGroup{[]any{int64(i + 1), int64(0)}[2-len(columns):], newUsageTotals()})
		}
	}
	if len(keys)*len(t.now.windows) > t.limits.Groups {
		return nil, t.tooManyGroups()
	}
	for _, g := range keys {
		for w := range t.now.windows {
			if key := in(g.key, w); !present[groupName(columns, key)] {
				empty := &usageGroup{key, newUsageTotals()}
				empty.totals.Key = g.totals.Key
				list = append(list, empty)
			}
		}
	}
	return list, nil
}
