package db

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"
)

// RatedUsage holds a price of a usage record, with the reseller's cost and profit (TMF635 RatedProductUsage).
type RatedUsage struct {
	CustomerID int64 `db:"customer_id"`
	UsageID    int64 `db:"usage_id"`
	// Position is the index of the rated usage in its usage record, from 0.
	Position int32 `db:"position"`
	RatedAt  *Time `db:"rated_at"`
	// UTCOffsetMinutes is the UTC offset of RatedAt in the document.
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

	// CostHidden is true if the scope hides cost, profit and margin. It does not tell whether there are any.
	CostHidden bool `db:"-" json:"-"`

	Record Origin `db:"record"`
}

// Extensions returns the fields that have no column, in order.
func (p *RatedUsage) Extensions() ([]Characteristic, error) {
	return p.Extension.membersExcept("ratingDate") // as the document writes it
}

// Source returns the system that rated the usage.
func (p *RatedUsage) Source() Source { return p.Record.Source }

// SourceID returns the id of the usage record in that system.
func (p *RatedUsage) SourceID() string { return p.Record.SourceID }

// Owner returns the key of the usage record.
func (p *RatedUsage) Owner() Key { return Key{p.CustomerID, p.UsageID} }

// TaxExcluded returns the price without tax. Its currency is nil if the unit in the source is not a currency.
func (p *RatedUsage) TaxExcluded() (*Money, error) {
	return p.price(p.TaxExcludedAmount, "taxExcludedAmount")
}

// TaxIncluded returns the price with tax. Its currency is nil if the unit in the source is not a currency.
func (p *RatedUsage) TaxIncluded() (*Money, error) {
	return p.price(p.TaxIncludedAmount, "taxIncludedAmount")
}

// price returns a stored amount with its currency. If there is none, it returns the amount with another unit from a
// member of the extension.
func (p *RatedUsage) price(amount *decimal.Decimal, member string) (*Money, error) {
	if amount != nil || p.Extension == nil {
		return moneyOf(amount, p.Currency), nil
	}
	var extension map[string]jsontext.Value
	if err := p.Extension.into(&extension); err != nil {
		return nil, err
	}
	other, err := JSON(extension[member]).money()
	if other == nil || other.Amount == nil {
		return nil, err
	}
	return other, err
}

// money decodes an object with the members unit and value, as in brm documents; nil is nil. Currency is nil if the unit
// is not a currency.
func (j JSON) money() (*Money, error) {
	var members *struct {
		Unit  *string `json:"unit"`
		Value *number `json:"value"`
	}
	if err := j.into(&members); err != nil || members == nil {
		return nil, err
	}
	m := &Money{Amount: (*decimal.Decimal)(members.Value)}
	if members.Unit != nil {
		if code := CurrencyCode(*members.Unit); code != "" {
			m.Currency = &code
		}
	}
	return m, nil
}

// PreDiscounted returns the price before discounts.
func (p *RatedUsage) PreDiscounted() *Money { return moneyOf(p.PreDiscountedAmount, p.Currency) }

// Cost returns the purchase price. It returns a Forbidden error if the scope hides costs, as the next four methods do.
func (p *RatedUsage) Cost() (*Money, error) {
	return costValue(p.CostHidden, moneyOf(p.CostAmount, p.Currency))
}

// RatedCost returns the rated purchase price of elevate.
func (p *RatedUsage) RatedCost() (*Money, error) {
	return costValue(p.CostHidden, moneyOf(p.RatedCostAmount, p.Currency))
}

// Profit returns the price minus the purchase price.
func (p *RatedUsage) Profit() (*Money, error) {
	return costValue(p.CostHidden, moneyOf(p.ProfitAmount, p.Currency))
}

// ProfitPercent returns the profit in percent of the purchase price.
func (p *RatedUsage) ProfitPercent() (*decimal.Decimal, error) {
	return costValue(p.CostHidden, p.ProfitPercentage)
}

// MarginPercent returns the profit in percent of the price.
func (p *RatedUsage) MarginPercent() (*decimal.Decimal, error) {
	return costValue(p.CostHidden, p.MarginPercentage)
}

func costValue[T any](hidden bool, value *T) (*T, error) {
	if hidden {
		return nil, errCostHidden
	}
	return value, nil
}

// BucketValueConverted returns the amount taken from a bucket as money. Its currency is nil if the unit is not a
// currency.
func (p *RatedUsage) BucketValueConverted() (*Money, error) {
	return p.BucketValueConvertedJSON.money()
}

// ProductRef is a reference to the rated product (TMF635 ProductRef).
type ProductRef struct {
	ID    *string        `json:"id"`
	Name  *string        `json:"name"`
	Href  *string        `json:"href"`
	Extra jsontext.Value `json:",unknown"`
}

// Extensions returns the members that have no field, in order.
func (p *ProductRef) Extensions() ([]Characteristic, error) { return JSON(p.Extra).members() }

// Product returns the rated product; nil if the document has none.
func (p *RatedUsage) Product() (*ProductRef, error) {
	var ref *ProductRef
	return ref, p.ProductJSON.into(&ref)
}

var ratedUsages = newChildren[RatedUsage]("rated_usages", "usage_id", "position", TypeUsageRecord)

// RatedUsageFilter selects the rated usages that satisfy all of its conditions.
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
	if f.IsBilled != nil && f.IsBilled.Eq != nil {
		nullCondition(c, t+"is_billed", new(false)) // as in the index
	}
	compare(c, t+"tax_excluded_amount", "numeric", (*Compare[decimal.Decimal])(f.TaxExcluded))
	compare(c, t+"tax_included_amount", "numeric", (*Compare[decimal.Decimal])(f.TaxIncluded))
	textCondition(c, t+"currency", f.Currency)
	compare(c, t+"tax_rate", "numeric", (*Compare[decimal.Decimal])(f.TaxRate))
}

// indexed returns the conditions on indexed columns that all matches satisfy.
func (f *RatedUsageFilter) indexed() (conditions []indexedCondition) {
	if f.IsBilled != nil && f.IsBilled.Eq != nil {
		conditions = append(conditions, indexedCondition{"is_billed", func(c *compiler, x string) {
			booleanCondition(c, x+"is_billed", &BooleanFilter{Eq: f.IsBilled.Eq, IsNull: new(false)})
		}})
	}
	if a := f.TaxExcluded; a != nil && (a.Eq != nil || a.In != nil || a.Gt != nil || a.Gte != nil || a.Lt != nil || a.Lte != nil) {
		conditions = append(conditions, indexedCondition{"tax_excluded_amount", func(c *compiler, x string) {
			compare(c, x+"tax_excluded_amount", "numeric", &Compare[decimal.Decimal]{Eq: a.Eq, In: a.In, Gt: a.Gt, Gte: a.Gte, Lt: a.Lt, Lte: a.Lte})
		}})
	}
	for _, f := range f.And {
		if f != nil {
			conditions = append(conditions, f.indexed()...)
		}
	}
	return conditions
}

// RatedUsages returns the rated usages of usage records, those of each record in order.
func (r *Reader) RatedUsages(ctx context.Context, p *Projection, usageRecords []Key) ([]*RatedUsage, error) {
	return children(ctx, r, p, ratedUsages, usageRecords)
}
