package db

import (
	"database/sql/driver"
	"math/big"

	"github.com/govalues/decimal"
	"modernc.org/sqlite"
)

// computeUsage sets UsedPercent and OverageAmount. Both are nil for an unlimited bucket, and if the total or the used
// amount is not known.
func (b *Bucket) computeUsage() {
	b.UsedPercent, b.OverageAmount = nil, nil
	if b.Unlimited || b.TotalAmount == nil || b.UsedAmount == nil {
		return
	}
	b.UsedPercent, b.OverageAmount = percentOf(*b.UsedAmount, *b.TotalAmount), excess(*b.UsedAmount, *b.TotalAmount)
}

// percentOf returns part as a percentage of whole, rounded to two decimal places, half up. It returns nil if whole is
// not positive, part is negative, or the percentage has more digits than a decimal can hold.
func percentOf(part, whole decimal.Decimal) *decimal.Decimal {
	if !whole.IsPos() || part.IsNeg() {
		return nil
	}
	// part * 10^4 / whole + 1/2, as a quotient of integers
	scale := max(part.Scale(), whole.Scale())
	dividend, divisor := unitsOf(part, scale), unitsOf(whole, scale)
	dividend.Mul(dividend, big.NewInt(20_000)).Add(dividend, divisor)
	divisor.Mul(divisor, big.NewInt(2))
	hundredths := dividend.Quo(dividend, divisor)
	if !hundredths.IsInt64() || hundredths.Int64() >= maxHundredths {
		return nil
	}
	percent, err := decimal.New(hundredths.Int64(), 2)
	if err != nil {
		return nil
	}
	return &percent
}

// maxHundredths is the first number of hundredths of a percent that is not stored.
const maxHundredths = 1_000_000_000_000_000_000

// unitsOf returns a decimal in units of 10 to the power of -scale.
func unitsOf(d decimal.Decimal, scale int) *big.Int {
	units := new(big.Int).SetUint64(d.Coef())
	if d.IsNeg() {
		units.Neg(units)
	}
	return units.Mul(units, powerOfTen(scale-d.Scale()))
}

// excess returns used minus total, or zero if used is less; nil if total is negative or the difference is inexact.
func excess(used, total decimal.Decimal) *decimal.Decimal {
	if total.IsNeg() {
		return nil
	}
	if used.Cmp(total) <= 0 {
		return &decimal.Decimal{}
	}
	d, err := used.SubExact(total, max(used.Scale(), total.Scale()))
	if err != nil {
		return nil
	}
	return &d
}

// percentInPostgres and excessInPostgres are percentOf and excess as SQL for the columns of a bucket, for a migration.
const (
	percentInPostgres = `CASE WHEN total > 0 AND used >= 0 AND div(used * 20000 + total, total * 2) < 1000000000000000000
  THEN div(used * 20000 + total, total * 2) * 0.01 END`
	excessInPostgres = `CASE WHEN total >= 0 AND length(replace(abs(used - total)::text, '.', '')) <= 19 THEN greatest(used - total, 0) END`
)

// inSQLite returns a function of two stored decimals as a function of SQLite.
func inSQLite(of func(a, b decimal.Decimal) *decimal.Decimal) func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
	return func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		var values [2]decimal.Decimal
		for i, arg := range args {
			text, ok := arg.(string)
			if !ok {
				return nil, nil
			}
			var err error
			if values[i], err = ParseDecimal(text); err != nil {
				return nil, err
			}
		}
		if result := of(values[0], values[1]); result != nil {
			return result.String(), nil
		}
		return nil, nil
	}
}
