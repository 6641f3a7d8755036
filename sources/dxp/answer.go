package dxp

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
)

// What follows is the reverse of decode.go, bucket.go and amount.go: what an extension kept is read into the wire
// struct first, then the columns are set.

// encoder writes reports with local times of a zone.
type encoder struct{ location *time.Location }

// wire writes a report, all but its buckets, in answer to a question.
func (e encoder) wire(r *db.ConsumptionReport, q question) (*Report, error) {
	description := "Usage Consumption Report for " + q.kind + " " + q.identifier
	w := &Report{}
	err := restore(r.Extension, w)
	w.Description = &description
	w.EffectiveDate = new(e.effectiveDate(r))
	w.Type = constant(w.Type, reportType)
	w.Characteristic = jsontext.Value(r.CharacteristicsJSON)
	return w, err
}

// effectiveDate returns the time of a report as its document writes it.
func (e encoder) effectiveDate(r *db.ConsumptionReport) string {
	if r.EffectiveText != nil {
		return *r.EffectiveText
	}
	return *e.local(&r.EffectiveAt)
}

// bucket writes a bucket with its balances and counters.
func (e encoder) bucket(b *db.Bucket, balances []*db.BucketBalance, counters []*db.BucketCounter) (*Bucket, error) {
	w := &Bucket{}
	if err := restore(b.Extension, w); err != nil {
		return nil, err
	}
	w.ID, w.Name, w.UsageType, w.IsShared = &b.SourceID, b.Name, b.UsageTypeName, b.IsShared
	w.Type = constant(w.Type, bucketType)
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
	err := restore(b.Extension, w)
	w.RemainingValueName = b.Text
	w.RemainingValue = w.RemainingValue.with(b.Amount, b.Unlimited, b.UnitName)
	w.ValidFor = e.period(w.ValidFor, b.ValidFrom, b.ValidTo)
	w.Characteristic = jsontext.Value(b.CharacteristicsJSON)
	return w, err
}

func counterOf(c *db.BucketCounter) (*BucketCounter, error) {
	w := &BucketCounter{}
	err := restore(c.Extension, w)
	w.CounterType, w.Level, w.ValueName = c.Type, c.Level, c.Name
	w.Value = w.Value.with(c.Amount, c.Unlimited, c.UnitName)
	return w, err
}

// restore reads an extension into the wire struct that it was kept from.
func restore(extension db.JSON, into any) error {
	if extension == nil {
		return nil
	}
	return json.Unmarshal(extension, into)
}

// with sets what has columns; nil where there is nothing at all.
func (q *Quantity) with(amount *decimal.Decimal, unlimited bool, units *string) *Quantity {
	if q == nil {
		q = &Quantity{}
	}
	q.Units = units
	switch {
	case amount != nil:
		q.Amount = jsontext.Value(amount.String())
	case q.Amount != nil: // kept as it came
	case unlimited:
		q.Amount = jsontext.Value(`"` + infinity + `"`)
	case units == nil && q.Extra == nil:
		return nil
	}
	return q
}

// period writes a period; a bound whose text was kept stands as it came.
func (e encoder) period(kept *Period, from, to *db.Time) *Period {
	if kept == nil && from == nil && to == nil {
		return nil
	}
	if kept == nil {
		kept = &Period{}
	}
	if kept.StartDateTime == nil {
		kept.StartDateTime = e.local(from)
	}
	if kept.EndDateTime == nil {
		kept.EndDateTime = e.local(to)
	}
	return kept
}

// local writes an instant as the market's clock showed it; nil is nil.
func (e encoder) local(at *db.Time) *string {
	if at == nil {
		return nil
	}
	text := at.In(e.location).Format(localForm + ".999999")
	return &text
}

// constant is the reverse of other.
func constant(kept *string, constant string) *string {
	if kept != nil {
		return kept
	}
	return &constant
}
