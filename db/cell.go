package db

import (
	"time"

	"github.com/govalues/decimal"
)

// cellKey identifies a cell.
type cellKey struct {
	// at is a number of hours or days since 1970.
	at        int64
	source    Source
	usageType UsageType
	// direction, status and currency are empty for records and rated usages without one.
	direction UsageDirection
	status    UsageStatus
	// currency and billed are those of rated usages: billed is 1, 0, or -1 for null.
	currency string
	billed   int64
}

// cell holds totals, or a change of totals. sums are those of the columns of a cellKind.
type cell struct {
	count int64
	sums  [6]cellSum
}

// cellSum is a sum with its number of terms.
type cellSum struct {
	count int64
	sum   DecimalSum
}

func (s *cellSum) isZero() bool { return s.count == 0 && s.sum.isZero() }

// amount returns the stored form of the sum: nil for no terms.
func (s *cellSum) amount() any {
	if s.isZero() {
		return nil
	}
	return s.sum.String()
}

// add adds a term, or removes it if sign is -1.
func (s *cellSum) add(d *decimal.Decimal, sign int64) {
	if d != nil {
		s.count += sign
		s.sum.addUnits(d.Coef(), d.IsNeg() != (sign < 0), d.Scale())
	}
}

// add adds the totals of another cell.
func (c *cell) add(other *cell) {
	c.count += other.count
	for i := range c.sums {
		c.sums[i].count += other.sums[i].count
		c.sums[i].sum.Add(other.sums[i].sum)
	}
}

func (c *cell) isZero() bool {
	for i := range c.sums {
		if !c.sums[i].isZero() {
			return false
		}
	}
	return c.count == 0
}

// cells holds cells by their keys.
type cells map[cellKey]*cell

// at returns the cell with a key. It adds one if there is none.
func (c cells) at(key cellKey) *cell {
	found := c[key]
	if found == nil {
		found = &cell{}
		c[key] = found
	}
	return found
}

// add adds the totals of other cells.
func (c cells) add(other cells) {
	for key, cell := range other {
		c.at(key).add(cell)
	}
}

// days returns the cells of the days of cells of hours.
func (c cells) days() cells {
	days := cells{}
	for key, cell := range c {
		key.at = floorDiv(key.at, hoursPerDay)
		days.at(key).add(cell)
	}
	return days
}

// hourCells holds the cells of some hours.
type hourCells struct{ usage, charges cells }

func newHourCells() *hourCells { return &hourCells{cells{}, cells{}} }

// add adds a usage record with its rated usages, or removes it if sign is -1.
func (h *hourCells) add(u *UsageRecord, sign int64) {
	key := cellKey{at: hourOf(u.EventTime.Time), source: u.Source, usageType: u.UsageType, direction: valueOf(u.Direction), status: valueOf(u.Status)}
	usage := h.usage.at(key)
	usage.count += sign
	for i, quantity := range [...]*decimal.Decimal{u.DataMB, u.DurationSeconds, u.OneOffs} {
		usage.sums[i].add(quantity, sign)
	}
	for _, p := range u.Rated {
		key.currency, key.billed = valueOf(p.Currency), -1
		switch {
		case p.IsBilled != nil && *p.IsBilled:
			key.billed = 1
		case p.IsBilled != nil:
			key.billed = 0
		}
		charge := h.charges.at(key)
		charge.count += sign
		for i, amount := range [...]*decimal.Decimal{p.TaxExcludedAmount, p.TaxIncludedAmount, p.PreDiscountedAmount, p.CostAmount, p.RatedCostAmount, p.ProfitAmount} {
			charge.sums[i].add(amount, sign)
		}
	}
}

func valueOf[T ~string](v *T) T {
	if v == nil {
		return ""
	}
	return *v
}

const (
	hoursPerDay    = 24
	secondsPerHour = 60 * 60
)

// hourOf returns the number of whole hours since 1970 at an instant.
func hourOf(t time.Time) int64 { return floorDiv(t.Unix(), secondsPerHour) }

// hourStart returns the beginning of an hour.
func hourStart(hour int64) Time { return Time{time.Unix(hour*secondsPerHour, 0).UTC()} }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
