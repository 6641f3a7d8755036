package db

import (
	"cmp"
	"strings"
)

// cellKind describes the columns of cells.
type cellKind struct {
	// keys are the columns of the key after the first, count is the number of records or rated usages.
	keys  []typedColumn
	count string
	sums  []cellColumns
}

// cellColumns are the columns of a cellSum.
type cellColumns struct{ count, amount string }

var (
	usageCellKeys = []typedColumn{{"source", "text"}, {"usage_type", "text"}, {"direction", "text"}, {"status", "text"}}

	usageCells = cellKind{usageCellKeys, "records",
		[]cellColumns{{"data_count", "data_quantity"}, {"duration_count", "duration_quantity"}, {"one_off_count", "one_off_quantity"}}}
	chargeCells = cellKind{append(usageCellKeys[:4:4], typedColumn{"currency", "text"}, typedColumn{"is_billed", "long"}), "rated_usages",
		[]cellColumns{{"tax_excluded_count", "tax_excluded_amount"}, {"tax_included_count", "tax_included_amount"}, {"pre_discounted_count", "pre_discounted_amount"},
			{"cost_count", "cost_amount"}, {"rated_cost_count", "rated_cost_amount"}, {"profit_count", "profit_amount"}}}
)

// cellTable is a table of cells.
type cellTable struct {
	cellKind
	// name is the name of the table, at the first column of its key: a number of periods of some hours since 1970.
	name, at string
	hours    int64
}

var (
	usageHours  = cellTable{usageCells, "usage_hours", "hour", 1}
	usageDays   = cellTable{usageCells, "usage_days", "day", hoursPerDay}
	chargeHours = cellTable{chargeCells, "charge_hours", "hour", 1}
	chargeDays  = cellTable{chargeCells, "charge_days", "day", hoursPerDay}

	cellTables = []cellTable{usageHours, usageDays, chargeHours, chargeDays}
)

// of returns the cells of the table for some hours.
func (t *cellTable) of(h *hourCells) cells {
	list := h.usage
	if t.count == chargeCells.count {
		list = h.charges
	}
	if t.hours > 1 {
		return list.days()
	}
	return list
}

// columns returns all columns of the table.
func (t *cellTable) columns() []typedColumn {
	columns := append([]typedColumn{{t.at, "long"}}, t.keys...)
	columns = append(columns, typedColumn{t.count, "long"})
	for _, s := range t.sums {
		columns = append(columns, typedColumn{s.count, "long"}, typedColumn{s.amount, "decimal"})
	}
	return columns
}

// row returns the values of a cell in the columns.
func (t *cellTable) row(k cellKey, c *cell) []any {
	row := append(make([]any, 0, 20), k.at, string(k.source), string(k.usageType), string(k.direction), string(k.status))
	if len(t.keys) > len(usageCellKeys) {
		row = append(row, k.currency, k.billed)
	}
	row = append(row, c.count)
	for i := range t.sums {
		row = append(row, c.sums[i].count, c.sums[i].amount())
	}
	return row
}

func compareCellKeys(a, b cellKey) int {
	return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(string(a.source), string(b.source)), strings.Compare(string(a.usageType), string(b.usageType)),
		strings.Compare(string(a.direction), string(b.direction)), strings.Compare(string(a.status), string(b.status)),
		strings.Compare(a.currency, b.currency), cmp.Compare(a.billed, b.billed))
}
