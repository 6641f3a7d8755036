package brm

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// price converts an element of ratedProductUsage, and also returns its rating time. Its errors name fields of the
// element.
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
	return p, at, w.addJSONColumns(p)
}

// addJSONColumns sets the columns that store a part of the document as JSON.
func (w *RatedProductUsage) addJSONColumns(p *db.RatedUsage) error {
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

// product returns the product and its name in the document, productRef or product.
func (w *RatedProductUsage) product() (jsontext.Value, string, error) {
	if absent(w.Product) {
		return w.ProductRef, "productRef", nil
	}
	if absent(w.ProductRef) || bytes.Equal(w.ProductRef, w.Product) {
		return w.Product, "product", nil
	}
	return nil, "", ingest.Field("product", "differs from productRef")
}

// amounts sets the two amounts, their currency and the extension of p. An amount without a unit has the currency of the
// other one.
func (w *RatedProductUsage) amounts(p *db.RatedUsage, at ingest.Instant) error {
	excluded, _, err := eitherSpelling("taxExcludedAmount", w.TaxExcludedAmount, "taxExcludedRatingAmount", w.TaxExcludedRatingAmount)
	if err != nil {
		return err
	}
	included, field, err := eitherSpelling("taxIncludedAmount", w.TaxIncludedAmount, "taxIncludedRatingAmount", w.TaxIncludedRatingAmount)
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
	p.Extension = extension{
		RatingDate: at.Text,
		BaseType:   w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation,
		TaxExcluded: excluded.unstored(p.Currency), TaxIncluded: included.unstored(p.Currency), Extra: w.Extra,
	}.encode()
	return nil
}

// currency returns the ISO 4217 code of an amount's unit; empty for another unit or none.
func (m *Money) currency() string {
	if m == nil || m.Unit == nil {
		return ""
	}
	return db.CurrencyCode(*m.Unit)
}

// Decimal returns the amount of money; nil where there is none or its unit is not a currency.
func (m *Money) Decimal() *decimal.Decimal {
	if m == nil || m.Unit != nil && m.currency() == "" {
		return nil
	}
	return m.Value.Decimal()
}

// unstored returns the members of an amount that have no column, for the extension: all except value and unit, and
// these two where the unit differs from the stored currency of the price.
func (m *Money) unstored(currency *string) jsontext.Value {
	if m == nil {
		return nil
	}
	k := extension{BaseType: m.BaseType, Type: m.Type, SchemaLocation: m.SchemaLocation, Extra: m.Extra}
	if same := m.Unit == currency || m.Unit != nil && currency != nil && *m.Unit == *currency; m.Value == nil || !same {
		k.Unit, k.Value = m.Unit, m.Value
	}
	return k.value()
}
