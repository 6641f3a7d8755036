package elevate

import (
	"math/big"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// price returns the record's price, what is missing of profit and percentages computed; nil where the record has no
// price field.
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

// difference returns a - b exactly; nil where one is unknown or the difference has more digits than a decimal can.
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

// percentPlaces is how many decimal places a computed percentage is rounded to.
const percentPlaces = 4

// percentage returns part / whole x 100, rounded once, half-even, without trailing zeros; nil where one is unknown,
// whole is 0, or the result has more digits than a decimal can.
func percentage(part, whole *decimal.Decimal) *decimal.Decimal {
	if part == nil || whole == nil || whole.IsZero() {
		return nil
	}
	numerator := scaled(part.Coef(), whole.Scale()+2+percentPlaces)
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
	d, err := decimal.New(quotient.Int64(), percentPlaces)
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
