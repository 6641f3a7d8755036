package brm

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

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
	product, field, err := w.product()
	if err != nil {
		return nil, err
	}
	p.ProductJSON, err = object[db.ProductRef](field, product)
	return p, err
}

// product returns the product by either of its names, and that name.
func (w *RatedProductUsage) product() (jsontext.Value, string, error) {
	if absent(w.Product) {
		return w.ProductRef, "productRef", nil
	}
	if absent(w.ProductRef) || bytes.Equal(w.ProductRef, w.Product) {
		return w.Product, "product", nil
	}
	return nil, "", ingest.Field("product", "differs from productRef")
}

// amounts maps the two amounts and their currency, and what is left over to the extension. An amount without a unit is in
// the currency of the other one.
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
		switch code := m.currency(); {
		case code == "":
		case p.Currency == nil:
			p.Currency = &code
		case *p.Currency != code:
			return ingest.Field(field+".unit", "want the currency of the amount without tax")
		}
	}
	p.TaxExcludedAmount, p.TaxIncludedAmount = excluded.Decimal(), included.Decimal()
	p.Extension = kept{
		BaseType: w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation,
		TaxExcluded: excluded.rest(p.Currency), TaxIncluded: included.rest(p.Currency), Extra: w.Extra,
	}.stored()
	return nil
}
