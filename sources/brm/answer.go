package brm

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// usageOf is the reverse of decode, in the sample's spelling. href is where the record can be asked for.
func usageOf(u *db.UsageRecord, prices []*db.RatedUsage, href string) (*Usage, error) {
	w := &Usage{}
	if err := readKept(u.Extension, w); err != nil {
		return nil, err
	}
	w.ID, w.Href = &u.SourceID, &href
	if w.Date == nil {
		w.Date = new(ingest.FormatInstant(u.EventTime, u.UTCOffsetMinutes))
	}
	w.Description, w.EventClass, w.Status = u.Description, u.UsageTypeName, statusWord(u.Status)
	w.UsageSpecification = jsontext.Value(u.SpecificationJSON)
	w.UsageCharacteristic = jsontext.Value(u.CharacteristicsJSON)
	w.RelatedParty = jsontext.Value(u.RelatedPartiesJSON)
	for _, p := range prices {
		price, err := priceOf(p)
		if err != nil {
			return nil, err
		}
		w.RatedProductUsage = append(w.RatedProductUsage, price)
	}
	return w, nil
}

// priceOf is the reverse of price.
func priceOf(p *db.RatedUsage) (*RatedProductUsage, error) {
	w := &RatedProductUsage{}
	if err := readKept(p.Extension, w); err != nil {
		return nil, err
	}
	w.UsageRatingTag, w.IsBilled, w.RatingAmountType = p.Tag, p.IsBilled, p.RatingAmountType
	w.TaxExcludedAmount = w.TaxExcludedAmount.with(p.TaxExcludedAmount, p.Currency)
	w.TaxIncludedAmount = w.TaxIncludedAmount.with(p.TaxIncludedAmount, p.Currency)
	w.TaxRate, w.IsTaxExempt, w.OfferTariffType = (*ingest.Number)(p.TaxRate), p.IsTaxExempt, p.OfferTariffType
	w.BucketValueConvertedInAmount = jsontext.Value(p.BucketValueConvertedJSON)
	w.ProductRef = jsontext.Value(p.ProductJSON)
	if w.RatingDate == nil && p.RatedAt != nil && p.UTCOffsetMinutes != nil {
		w.RatingDate = new(ingest.FormatInstant(*p.RatedAt, *p.UTCOffsetMinutes))
	}
	return w, nil
}

// readKept is the reverse of kept: its members have names that nothing else in w has.
func readKept(extension db.JSON, w any) error {
	if extension == nil {
		return nil
	}
	if err := json.Unmarshal(extension, w); err != nil {
		return fmt.Errorf("brm: read an extension: %w", err)
	}
	return nil
}

// with is the reverse of Decimal and rest: what was kept of an amount, with its value and its unit unless they were kept.
func (m *Money) with(value *decimal.Decimal, unit *string) *Money {
	if value == nil || m != nil && m.Value != nil {
		return m
	}
	if m == nil {
		m = &Money{}
	}
	m.Value, m.Unit = (*ingest.Number)(value), unit
	return m
}

// statusWords are the statuses as the sample writes them.
var statusWords = map[db.UsageStatus]string{
	db.Received: "Received", db.Rejected: "Rejected", db.Recycled: "Recycled", db.Guided: "Guided",
	db.Rated: "Rated", db.Rerated: "Rerated", db.Billed: "Billed",
}

// statusWord is the reverse of statusOf.
func statusWord(s *db.UsageStatus) *string {
	if s == nil {
		return nil
	}
	word := statusWords[*s]
	return &word
}

// as makes a usage one of the types that @type asks for: the base type has nothing that the schema does not have.
func (w *Usage) as(objectType *string) {
	if objectType == nil {
		return
	}
	w.Type = objectType
	if *objectType != baseType {
		return
	}
	w.Extra = nil
	for _, p := range w.RatedProductUsage {
		p.Extra = nil
		for _, m := range []*Money{p.TaxExcludedAmount, p.TaxIncludedAmount} {
			if m != nil {
				m.Extra = nil
			}
		}
	}
}
