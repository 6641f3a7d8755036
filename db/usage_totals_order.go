package db

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/govalues/decimal"
)

// totalsColumns are the columns of the order fields that are not amounts of money.
var totalsColumns = map[UsageTotalsOrderField]column{
	"RECORDS":       {name: "records", kind: longColumn},
	"SUBSCRIPTIONS": {name: "subscriptions", kind: longColumn},
	"DATA":          {name: "data_sum", kind: sumColumn},
	"DURATION":      {name: "duration_sum", kind: sumColumn},
}

// chargeColumn is a sum of amounts in one currency as a column of the groups.
type chargeColumn struct {
	column
	amount, currency string
	of               func(*ChargeTotals) *DecimalSum
}

func taxExcludedIn(currency string) chargeColumn {
	return chargeColumn{column{name: "tax_excluded_" + strings.ToLower(currency), kind: sumColumn}, "tax_excluded_amount", currency,
		func(c *ChargeTotals) *DecimalSum { return &c.TaxExcluded }}
}

func profitIn(currency string) chargeColumn {
	return chargeColumn{column{name: "profit_" + strings.ToLower(currency), kind: sumColumn}, "profit_amount", currency,
		func(c *ChargeTotals) *DecimalSum { return c.ProfitAmount }}
}

// value returns the sum of a group, 0 without one.
func (c chargeColumn) value(t *UsageTotals) DecimalSum {
	if charges := t.chargeIn(c.currency); charges != nil && c.of(charges) != nil {
		return *c.of(charges)
	}
	return DecimalSum{}
}

// sql returns the column as an aggregate of the records u.
func (c chargeColumn) sql(to *compiler) string {
	// The sums of single records are added, so that the prices do not multiply the records.
	each := to.dialect.sum + "(x." + c.amount + ")"
	return sumOf(to.dialect, "(SELECT "+each+" FROM rated_usages x WHERE x.customer_id = u.customer_id AND x.usage_id = u.id AND x.currency = "+to.bind(c.currency)+")") + " AS " + c.name
}

// totalsOrder is the order of groups.
type totalsOrder struct {
	keys    []sortKey
	charges []chargeColumn
}

// add adds a sort key. A key that is there already is left out.
func (o *totalsOrder) add(descending bool, columns ...column) {
	for _, c := range columns {
		c.expression = "" // groups have the value in a column
		if !slices.ContainsFunc(o.keys, func(k sortKey) bool { return k.name == c.name }) {
			o.keys = append(o.keys, sortKey{c, descending})
		}
	}
}

// newTotalsOrder returns the order of the groups of a query: its keys, then window and dimensions. It returns BadInput
// and Forbidden errors.
func newTotalsOrder(s Scope, orderBy []*UsageTotalsOrder, windows bool, dimensions []dimension) (o totalsOrder, err error) {
	var window []column
	key := columnsOfDimensions(dimensions)
	if windows {
		window = []column{windowOrdinal}
	}
	seen := map[string]bool{}
	for _, by := range orderBy {
		descending := by.Direction == Descending
		column, plain := totalsColumns[by.Field]
		money := by.Field == "TAX_EXCLUDED" || by.Field == "PROFIT"
		if err := checkTotalsOrder(seen, string(by.Field), by.Currency, money); err != nil {
			return o, err
		}
		switch {
		case by.Field == "PROFIT" && !s.cost:
			return o, errCostHidden
		case money:
			charge := taxExcludedIn(*by.Currency)
			if by.Field == "PROFIT" {
				charge = profitIn(*by.Currency)
			}
			o.charges = append(o.charges, charge)
			o.add(descending, charge.column)
		case by.Field == "WINDOW":
			o.add(descending, window...)
		case by.Field == "KEY":
			o.add(descending, key...)
		case plain:
			o.add(descending, column)
		default:
			return o, Errorf(BadInput, "orderBy: unknown field %s", by.Field)
		}
	}
	o.add(false, window...)
	o.add(false, key...)
	return o, nil
}

// values returns the values of a group in the sort keys.
func (o *totalsOrder) values(columns []column, g *usageGroup) []any {
	values := make([]any, len(o.keys))
	for i, k := range o.keys {
		values[i] = o.value(columns, g, k)
	}
	return values
}

func (o *totalsOrder) value(columns []column, g *usageGroup, k sortKey) any {
	switch k.name {
	case "records":
		return g.totals.Records
	case "subscriptions":
		return g.totals.Subscriptions
	case "data_sum":
		return g.totals.Data.Sum
	case "duration_sum":
		return g.totals.Duration.Sum
	}
	if i := slices.IndexFunc(columns, func(c column) bool { return c.name == k.name }); i >= 0 {
		return g.key[i]
	}
	i := slices.IndexFunc(o.charges, func(c chargeColumn) bool { return c.name == k.name })
	return o.charges[i].value(g.totals)
}

// compare compares the values of two groups in the order.
func (o *totalsOrder) compare(a, b []any) int {
	for i, k := range o.keys {
		n := compareNullable(a[i], b[i])
		if k.descending && a[i] != nil && b[i] != nil {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// compareNullable compares two values of one column; nil is last.
func compareNullable(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(nullRank(a), nullRank(b))
	}
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case Time:
		return a.Compare(b.(Time).Time)
	case DecimalSum:
		return a.Cmp(b.(DecimalSum))
	}
	panic(fmt.Sprintf("db: values of %T have no order", a))
}

func nullRank(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// charges returns the columns of the amounts of a filter.
func (f *UsageTotalsFilter) charges() (columns []chargeColumn) {
	if f == nil || f.Charges == nil {
		return nil
	}
	if f.Charges.TaxExcluded != nil {
		columns = append(columns, taxExcludedIn(f.Charges.Currency))
	}
	if f.Charges.Profit != nil {
		columns = append(columns, profitIn(f.Charges.Currency))
	}
	return columns
}

// check returns a BadInput error for an invalid currency, and a Forbidden error for an amount that the scope hides.
func (f *UsageTotalsFilter) check(s Scope) error {
	if f == nil || f.Charges == nil {
		return nil
	}
	if f.Charges.Profit != nil && !s.cost {
		return errCostHidden
	}
	return checkCurrency("having.charges", f.Charges.Currency)
}

// conditions adds the conditions on groups in SQL.
func (f *UsageTotalsFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	compare(c, t+"records", "bigint", (*Compare[int64])(f.Records))
	compare(c, t+"subscriptions", "bigint", (*Compare[int64])(f.Subscriptions))
	compare(c, t+"data_sum", "numeric", (*Compare[decimal.Decimal])(f.Data))
	compare(c, t+"duration_sum", "numeric", (*Compare[decimal.Decimal])(f.Duration))
	if f.Charges != nil {
		compare(c, t+taxExcludedIn(f.Charges.Currency).name, "numeric", (*Compare[decimal.Decimal])(f.Charges.TaxExcluded))
		compare(c, t+profitIn(f.Charges.Currency).name, "numeric", (*Compare[decimal.Decimal])(f.Charges.Profit))
	}
}

// matches reports whether a group satisfies the conditions.
func (f *UsageTotalsFilter) matches(t *UsageTotals) bool {
	if f == nil {
		return true
	}
	sum := func(f *DecimalFilter, v DecimalSum) bool {
		return matches((*Compare[decimal.Decimal])(f), func(d decimal.Decimal) int { return v.Cmp(SumDecimals(d)) })
	}
	long := func(f *LongFilter, v int64) bool {
		return matches((*Compare[int64])(f), func(n int64) int { return cmp.Compare(v, n) })
	}
	if !long(f.Records, t.Records) || !long(f.Subscriptions, t.Subscriptions) || !sum(f.Data, t.Data.Sum) || !sum(f.Duration, t.Duration.Sum) {
		return false
	}
	return f.Charges == nil || sum(f.Charges.TaxExcluded, taxExcludedIn(f.Charges.Currency).value(t)) && sum(f.Charges.Profit, profitIn(f.Charges.Currency).value(t))
}

// matches reports whether a value that is not NULL satisfies the conditions of a filter; against compares it.
func matches[T any](f *Compare[T], against func(T) int) bool {
	if f == nil {
		return true
	}
	is := func(v *T, holds func(int) bool) bool { return v == nil || holds(against(*v)) }
	return is(f.Eq, func(n int) bool { return n == 0 }) && is(f.Ne, func(n int) bool { return n != 0 }) &&
		is(f.Gt, func(n int) bool { return n > 0 }) && is(f.Gte, func(n int) bool { return n >= 0 }) &&
		is(f.Lt, func(n int) bool { return n < 0 }) && is(f.Lte, func(n int) bool { return n <= 0 }) &&
		(f.In == nil || slices.ContainsFunc(f.In, func(v T) bool { return against(v) == 0 })) &&
		(f.IsNull == nil || !*f.IsNull)
}
