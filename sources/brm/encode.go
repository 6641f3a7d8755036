package brm

import (
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// encodeUsage is the reverse of decode: it returns a usage with the sample's member names. href is the URL of the
// record.
func encodeUsage(u *db.UsageRecord, prices []*db.RatedUsage, href string) (*Usage, error) {
	w := &Usage{}
	if err := decodeExtension(u.Extension, w); err != nil {
		return nil, err
	}
	w.ID, w.Href = &u.SourceID, &href
	if w.Date == nil {
		w.Date = new(ingest.FormatInstant(u.EventTime, u.UTCOffsetMinutes))
	}
	w.Description, w.EventClass, w.Status = u.Description, u.UsageTypeName, statusName(u.Status)
	w.UsageSpecification = jsontext.Value(u.SpecificationJSON)
	w.UsageCharacteristic = jsontext.Value(u.CharacteristicsJSON)
	w.RelatedParty = jsontext.Value(u.RelatedPartiesJSON)
	for _, p := range prices {
		price, err := encodePrice(p)
		if err != nil {
			return nil, err
		}
		w.RatedProductUsage = append(w.RatedProductUsage, price)
	}
	return w, nil
}

// encodePrice is the reverse of price.
func encodePrice(p *db.RatedUsage) (*RatedProductUsage, error) {
	w := &RatedProductUsage{}
	if err := decodeExtension(p.Extension, w); err != nil {
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

// with is the reverse of Decimal and unstored: it returns an amount with its value and unit set, unless the extension
// has set them.
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

// statusNames holds the statuses as the sample writes them.
var statusNames = map[db.UsageStatus]string{
	db.Received: "Received", db.Rejected: "Rejected", db.Recycled: "Recycled", db.Guided: "Guided",
	db.Rated: "Rated", db.Rerated: "Rerated", db.Billed: "Billed",
}

// statusName is the reverse of parseStatus.
func statusName(s *db.UsageStatus) *string {
	if s == nil {
		return nil
	}
	word := statusNames[*s]
	return &word
}

// setType sets @type to the requested type; nil leaves it. The base type drops all members that the schema does not
// define.
func (w *Usage) setType(objectType *string) {
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
