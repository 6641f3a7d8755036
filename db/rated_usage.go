package db

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"
)

// RatedUsage is one price of a usage record (TMF635 RatedProductUsage).
type RatedUsage struct {
	CustomerID int64 `db:"customer_id"`
	UsageID    int64 `db:"usage_id"`
	// Position is which of the record's prices it is, from 0.
	Position int32 `db:"position"`
	RatedAt  *Time `db:"rated_at"`
	// UTCOffsetMinutes is the offset that RatedAt came with.
	UTCOffsetMinutes *int32  `db:"utc_offset_minutes"`
	Tag              *string `db:"tag"`
	IsBilled         *bool   `db:"is_billed"`
	IsTaxExempt      *bool   `db:"is_tax_exempt"`
	RatingAmountType *string `db:"rating_amount_type"`
	// The amounts are in Currency; TaxRate and the percentages are in percent.
	TaxExcludedAmount        *decimal.Decimal `db:"tax_excluded_amount"`
	TaxIncludedAmount        *decimal.Decimal `db:"tax_included_amount"`
	Currency                 *string          `db:"currency"`
	TaxRate                  *decimal.Decimal `db:"tax_rate"`
	OfferTariffType          *string          `db:"offer_tariff_type"`
	BucketValueConvertedJSON JSON             `db:"bucket_value_converted"`
	ProductJSON              JSON             `db:"product"`
	PreDiscountedAmount      *decimal.Decimal `db:"pre_discounted_amount"`
	CostAmount               *decimal.Decimal `db:"cost_amount"`
	RatedCostAmount          *decimal.Decimal `db:"rated_cost_amount"`
	ProfitAmount             *decimal.Decimal `db:"profit_amount"`
	ProfitPercentage         *decimal.Decimal `db:"profit_percentage"`
	MarginPercentage         *decimal.Decimal `db:"margin_percentage"`
	Extension                JSON             `db:"extension"`

	// CostHidden says that the reader may not see cost, profit and margin, and so whether there are any.
	CostHidden bool `db:"-" json:"-"`

	Record Origin `db:"record"`
}

// Source returns the system that priced it.
func (p *RatedUsage) Source() Source { return p.Record.Source }

// SourceID returns the id of the usage record in that system.
func (p *RatedUsage) SourceID() string { return p.Record.SourceID }

// Owner returns the key of the usage record.
func (p *RatedUsage) Owner() Key { return Key{p.CustomerID, p.UsageID} }

// TaxExcluded returns what the customer pays without tax; without a currency where that is no amount of money.
func (p *RatedUsage) TaxExcluded() (*Money, error) {
	return p.paid(p.TaxExcludedAmount, "taxExcludedAmount")
}

// TaxIncluded returns what the customer pays with tax; without a currency where that is no amount of money.
func (p *RatedUsage) TaxIncluded() (*Money, error) {
	return p.paid(p.TaxIncludedAmount, "taxIncludedAmount")
}

// paid returns a stored amount of money, or else the amount of another unit that a member of the extension has.
func (p *RatedUsage) paid(amount *decimal.Decimal, member string) (*Money, error) {
	if amount != nil || p.Extension == nil {
		return moneyOf(amount, p.Currency), nil
	}
	var extension map[string]jsontext.Value
	if err := p.Extension.into(&extension); err != nil {
		return nil, err
	}
	kept, err := JSON(extension[member]).money()
	if kept == nil || kept.Amount == nil {
		return nil, err
	}
	return kept, err
}

// money reads an object with a unit and a value, as brm writes money; nil where there is none. The unit is left out where it
// is no currency.
func (j JSON) money() (*Money, error) {
	var wire *struct {
		Unit  *string `json:"unit"`
		Value *number `json:"value"`
	}
	if err := j.into(&wire); err != nil || wire == nil {
		return nil, err
	}
	m := &Money{Amount: (*decimal.Decimal)(wire.Value)}
	if wire.Unit != nil {
		if code := CurrencyCode(*wire.Unit); code != "" {
			m.Currency = &code
		}
	}
	return m, nil
}

// PreDiscounted returns the sell price before any discount.
func (p *RatedUsage) PreDiscounted() *Money { return moneyOf(p.PreDiscountedAmount, p.Currency) }

// Cost returns what the reseller pays. It returns a Forbidden error to a reader who may not see it, as do the next four.
func (p *RatedUsage) Cost() (*Money, error) {
	return unhidden(p, moneyOf(p.CostAmount, p.Currency))
}

// RatedCost returns what the reseller pays as rated here.
func (p *RatedUsage) RatedCost() (*Money, error) {
	return unhidden(p, moneyOf(p.RatedCostAmount, p.Currency))
}

// Profit returns sell price less buy price.
func (p *RatedUsage) Profit() (*Money, error) {
	return unhidden(p, moneyOf(p.ProfitAmount, p.Currency))
}

// ProfitPercent returns profit in percent of the buy price.
func (p *RatedUsage) ProfitPercent() (*decimal.Decimal, error) {
	return unhidden(p, p.ProfitPercentage)
}

// MarginPercent returns profit in percent of the sell price.
func (p *RatedUsage) MarginPercent() (*decimal.Decimal, error) {
	return unhidden(p, p.MarginPercentage)
}

func unhidden[T any](p *RatedUsage, value *T) (*T, error) {
	if p.CostHidden {
		return nil, errCostHidden
	}
	return value, nil
}

// BucketValueConverted returns what was taken from a bucket, as money; without a currency where it is none.
func (p *RatedUsage) BucketValueConverted() (*Money, error) {
	return p.BucketValueConvertedJSON.money()
}

// ProductRef is a product that was rated (TMF635 ProductRef).
type ProductRef struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
	Href *string `json:"href"`
}

// Product returns the product that was rated; nil where the record does not say.
func (p *RatedUsage) Product() (*ProductRef, error) {
	var ref *ProductRef
	return ref, p.ProductJSON.into(&ref)
}

var ratedUsages = newChildren[RatedUsage]("rated_usages", "usage_id", "position", TypeUsageRecord)

// RatedUsageFilter is which prices: all of its conditions.
type RatedUsageFilter struct {
	And         []*RatedUsageFilter
	Or          []*RatedUsageFilter
	Not         *RatedUsageFilter
	RatedAt     *DateTimeFilter
	Tag         *StringFilter
	IsBilled    *BooleanFilter
	TaxExcluded *DecimalFilter
	TaxIncluded *DecimalFilter
	Currency    *StringFilter
	TaxRate     *DecimalFilter
}

func (f *RatedUsageFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	compare(c, t+"rated_at", "timestamptz", (*Compare[Time])(f.RatedAt))
	textCondition(c, t+"tag", f.Tag)
	booleanCondition(c, t+"is_billed", f.IsBilled)
	compare(c, t+"tax_excluded_amount", "numeric", (*Compare[decimal.Decimal])(f.TaxExcluded))
	compare(c, t+"tax_included_amount", "numeric", (*Compare[decimal.Decimal])(f.TaxIncluded))
	textCondition(c, t+"currency", f.Currency)
	compare(c, t+"tax_rate", "numeric", (*Compare[decimal.Decimal])(f.TaxRate))
}

// RatedUsages returns the prices of usage records, those of each in order.
func (r *Reader) RatedUsages(ctx context.Context, usageRecords []Key) ([]*RatedUsage, error) {
	return children(ctx, r, ratedUsages, usageRecords)
}
