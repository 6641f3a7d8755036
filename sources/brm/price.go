package brm

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// price maps one element of ratedProductUsage, and returns its time, too; its errors name fields within that.
func (w *RatedProductUsage) price() (*db.RatedUsage, ingest.Instant, error) {
	if w == nil {
		return nil, ingest.Instant{}, ingest.Field("", "want an object, not null")
	}
	p := &db.RatedUsage{
		Tag:              w.UsageRatingTag,
		IsBilled:         w.IsBilled,
		IsTaxExempt:      w.IsTaxExempt,
		RatingAmountType: w.RatingAmountType,
		TaxRate:          w.TaxRate.Decimal(),
		OfferTariffType:  w.OfferTariffType,
	}
	var at ingest.Instant
	var err error
	if w.RatingDate != nil {
		if at, err = ingest.ReadInstant("ratingDate", *w.RatingDate); err != nil {
			return nil, at, err
		}
		p.RatedAt, p.UTCOffsetMinutes = &at.At, &at.OffsetMinutes
	}
	if err := w.amounts(p, at); err != nil {
		return nil, at, err
	}
	return p, at, w.open(p)
}

// open maps the parts that are stored as they came.
func (w *RatedProductUsage) open(p *db.RatedUsage) error {
	product, field, err := w.product()
	if err != nil {
		return err
	}
	if p.ProductJSON, err = object[db.ProductRef](field, product); err != nil {
		return err
	}
	p.BucketValueConvertedJSON, err = object[Money]("bucketValueConvertedInAmount", w.BucketValueConvertedInAmount)
	return err
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
func (w *RatedProductUsage) amounts(p *db.RatedUsage, at ingest.Instant) error {
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
		RatingDate: at.Text,
		BaseType:   w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation,
		TaxExcluded: excluded.rest(p.Currency), TaxIncluded: included.rest(p.Currency), Extra: w.Extra,
	}.stored()
	return nil
}
