package elevate

import (
	"math/big"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// price returns the record's price and computes a missing profit and missing percentages. It returns nil where all
// price fields are null.
func (r *Record) price(currency string) *db.RatedUsage {
	p := &db.RatedUsage{
		TaxExcludedAmount:   r.SellPrice.Decimal(),
		PreDiscountedAmount: r.PreDiscountedSellPrice.Decimal(),
		CostAmount:          r.BuyPrice.Decimal(),
		RatedCostAmount:     r.RatedBuyPrice.Decimal(),
		ProfitAmount:        r.Profit.Decimal(),
		ProfitPercentage:    r.ProfitPercentage.Decimal(),
		MarginPercentage:    r.MarginPercentage.Decimal(),
		Currency:            &currency,
	}
	if p.TaxExcludedAmount == nil && p.PreDiscountedAmount == nil && p.CostAmount == nil && p.RatedCostAmount == nil &&
		p.ProfitAmount == nil && p.ProfitPercentage == nil && p.MarginPercentage == nil {
		return nil
	}
	if p.ProfitAmount == nil {
		p.ProfitAmount = difference(p.TaxExcludedAmount, p.CostAmount)
	}
	if p.ProfitPercentage == nil {
		p.ProfitPercentage = percentage(p.ProfitAmount, p.CostAmount)
	}
	if p.MarginPercentage == nil {
		p.MarginPercentage = percentage(p.ProfitAmount, p.TaxExcludedAmount)
	}
	return p
}

// difference returns a - b exactly; nil where one is nil or the difference has more digits than a decimal can hold.
func difference(a, b *decimal.Decimal) *decimal.Decimal {
	if a == nil || b == nil {
		return nil
	}
	d, err := a.SubExact(*b, max(a.Scale(), b.Scale()))
	if err != nil {
		return nil
	}
	return &d
}

// percentageScale is the number of decimal places of a computed percentage.
const percentageScale = 4

// percentage returns part / whole x 100, rounded half-even to percentageScale places, without trailing zeros. It
// returns nil where one is nil, whole is 0, or the result has more digits than a decimal can hold.
func percentage(part, whole *decimal.Decimal) *decimal.Decimal {
	if part == nil || whole == nil || whole.IsZero() {
		return nil
	}
	numerator := scaled(part.Coef(), whole.Scale()+2+percentageScale)
	denominator := scaled(whole.Coef(), part.Scale())
	quotient, rest := new(big.Int).QuoRem(numerator, denominator, new(big.Int))
	half := rest.Lsh(rest, 1).Cmp(denominator)
	if half > 0 || half == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	if part.Sign()*whole.Sign() < 0 {
		quotient.Neg(quotient)
	}
	if !quotient.IsInt64() {
		return nil
	}
	d, err := decimal.New(quotient.Int64(), percentageScale)
	if err != nil {
		return nil
	}
	d = d.Trim(0)
	return &d
}

// scaled returns n x 10^zeros.
func scaled(n uint64, zeros int) *big.Int {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(zeros)), nil)
	return power.Mul(power, new(big.Int).SetUint64(n))
}
