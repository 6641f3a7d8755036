package brm

import (
	"usagegraph/db"
	"usagegraph/ingest"
)

// price maps one element of ratedProductUsage; its errors name fields within that.
func (w *RatedProductUsage) price() (*db.RatedUsage, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	p := &db.RatedUsage{
		Tag:              w.UsageRatingTag,
		IsBilled:         w.IsBilled,
		IsTaxExempt:      w.IsTaxExempt,
		RatingAmountType: w.RatingAmountType,
		TaxRate:          w.TaxRate.Decimal(),
		OfferTariffType:  w.OfferTariffType,
	}
	if err := w.amounts(p); err != nil {
		return nil, err
	}
	if w.RatingDate != nil {
		at, offset, err := ingest.Instant("ratingDate", *w.RatingDate)
		if err != nil {
			return nil, err
		}
		p.RatedAt, p.UTCOffsetMinutes = &at, &offset
	}
	var err error
	if p.BucketValueConvertedJSON, err = object[Money]("bucketValueConvertedInAmount", w.BucketValueConvertedInAmount); err != nil {
		return nil, err
	}
	p.ProductJSON, err = object[db.ProductRef]("productRef", w.ProductRef)
	return p, err
}

// amounts maps the two amounts and their currency, and what is left over to the extension.
func (w *RatedProductUsage) amounts(p *db.RatedUsage) error {
	excluded, _, err := either("taxExcludedAmount", w.TaxExcludedAmount, "taxExcludedRatingAmount", w.TaxExcludedRatingAmount)
	if err != nil {
		return err
	}
	included, field, err := either("taxIncludedAmount", w.TaxIncludedAmount, "taxIncludedRatingAmount", w.TaxIncludedRatingAmount)
	if err != nil {
		return err
	}
	for _, m := range []*Money{excluded, included} {
		switch {
		case m == nil || m.Unit == nil:
		case p.Currency == nil:
			p.Currency = m.Unit
		case *p.Currency != *m.Unit:
			return ingest.Field(field+".unit", "want the currency of the amount without tax")
		}
	}
	p.TaxExcludedAmount, p.TaxIncludedAmount = excluded.Decimal(), included.Decimal()
	p.Extension = kept{
		BaseType: w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation,
		TaxExcluded: excluded.rest(), TaxIncluded: included.rest(), Extra: w.Extra,
	}.stored()
	return nil
}
