package dxp

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
)

// The functions of this file are the reverse of decode.go, bucket.go and amount.go. They decode the extension into the
// struct of the page's format, then set the members that have columns.

// encoder encodes reports with local times of a time zone.
type encoder struct{ location *time.Location }

// report returns a report without its buckets. Its description has the type and identifier of the query.
func (e encoder) report(r *db.ConsumptionReport, q query) (*Report, error) {
	description := "Usage Consumption Report for " + q.kind + " " + q.identifier
	w := &Report{}
	err := decodeExtension(r.Extension, w)
	w.Description = &description
	w.EffectiveDate = new(e.effectiveDate(r))
	w.Type = typeOrDefault(w.Type, reportType)
	w.Characteristic = jsontext.Value(r.CharacteristicsJSON)
	return w, err
}

// effectiveDate returns the time of a report as its document has it.
func (e encoder) effectiveDate(r *db.ConsumptionReport) string {
	if r.EffectiveText != nil {
		return *r.EffectiveText
	}
	return *e.local(&r.EffectiveAt)
}

// bucket returns a bucket with its balances and counters.
func (e encoder) bucket(b *db.Bucket, balances []*db.BucketBalance, counters []*db.BucketCounter) (*Bucket, error) {
	w := &Bucket{}
	if err := decodeExtension(b.Extension, w); err != nil {
		return nil, err
	}
	w.ID, w.Name, w.UsageType, w.IsShared = &b.SourceID, b.Name, b.UsageTypeName, b.IsShared
	w.Type = typeOrDefault(w.Type, bucketType)
	w.Characteristic, w.Product = jsontext.Value(b.CharacteristicsJSON), jsontext.Value(b.ProductsJSON)
	for _, row := range balances {
		balance, err := e.balance(row)
		if err != nil {
			return nil, err
		}
		w.BucketBalance = append(w.BucketBalance, balance)
	}
	for _, row := range counters {
		counter, err := counterOf(row)
		if err != nil {
			return nil, err
		}
		w.BucketCounter = append(w.BucketCounter, counter)
	}
	return w, nil
}

func (e encoder) balance(b *db.BucketBalance) (*BucketBalance, error) {
	w := &BucketBalance{}
	err := decodeExtension(b.Extension, w)
	w.RemainingValueName = b.Text
	w.RemainingValue = w.RemainingValue.with(b.Amount, b.Unlimited, b.UnitName)
	w.ValidFor = e.period(w.ValidFor, b.ValidFrom, b.ValidTo)
	w.Characteristic = jsontext.Value(b.CharacteristicsJSON)
	return w, err
}

func counterOf(c *db.BucketCounter) (*BucketCounter, error) {
	w := &BucketCounter{}
	err := decodeExtension(c.Extension, w)
	w.CounterType, w.Level, w.ValueName = c.Type, c.Level, c.Name
	w.Value = w.Value.with(c.Amount, c.Unlimited, c.UnitName)
	return w, err
}

// decodeExtension decodes a stored extension into a struct of the page's format.
func decodeExtension(extension db.JSON, into any) error {
	if extension == nil {
		return nil
	}
	return json.Unmarshal(extension, into)
}

// with returns a quantity with the members that have columns set; nil where it would be empty.
func (q *Quantity) with(amount *decimal.Decimal, unlimited bool, units *string) *Quantity {
	if q == nil {
		q = &Quantity{}
	}
	q.Units = units
	switch {
	case amount != nil:
		q.Amount = jsontext.Value(amount.String())
	case q.Amount != nil: // set by the extension
	case unlimited:
		q.Amount = jsontext.Value(`"` + infinity + `"`)
	case units == nil && q.Extra == nil:
		return nil
	}
	return q
}

// period returns a period with its bounds; p holds the bounds whose text was stored. It returns nil without any bound.
func (e encoder) period(p *Period, from, to *db.Time) *Period {
	if p == nil && from == nil && to == nil {
		return nil
	}
	if p == nil {
		p = &Period{}
	}
	if p.StartDateTime == nil {
		p.StartDateTime = e.local(from)
	}
	if p.EndDateTime == nil {
		p.EndDateTime = e.local(to)
	}
	return p
}

// local formats an instant as a local time of the time zone; nil for nil.
func (e encoder) local(at *db.Time) *string {
	if at == nil {
		return nil
	}
	text := at.In(e.location).Format(localForm + ".999999")
	return &text
}

// typeOrDefault is the reverse of otherType: it returns the stored @type, or the page's constant.
func typeOrDefault(stored *string, constant string) *string {
	if stored != nil {
		return stored
	}
	return &constant
}
