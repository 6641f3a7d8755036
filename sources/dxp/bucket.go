package dxp

import (
	"fmt"

	"usagegraph/db"
	"usagegraph/ingest"
)

// product holds the members of a product that the schema exposes.
type product struct {
	PublicIdentifier *string `json:"publicIdentifier"`
}

// bucket converts a bucket, without its effective time. Its errors name fields of the bucket.
func (c *reportDecoder) bucket(w *Bucket) (*db.Bucket, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	if w.ID == nil || *w.ID == "" {
		return nil, ingest.Field("id", "missing")
	}
	usage, currency := usageType(w.UsageType)
	b := &db.Bucket{
		Source:              db.DXP,
		SourceID:            *w.ID,
		Name:                w.Name,
		UsageType:           usage,
		UsageTypeName:       w.UsageType,
		Unit:                w.unit(usage),
		Currency:            currency,
		IsShared:            w.IsShared,
		CharacteristicsJSON: ingest.Stored(w.Characteristic),
		ProductsJSON:        ingest.Stored(w.Product),
		Extension:           extension{Type: otherType(w.Type, bucketType), Extra: w.Extra}.encode(),
	}
	if err := c.characteristics(w, b); err != nil {
		return nil, err
	}
	if _, err := parseObjects[product]("product", w.Product); err != nil {
		return nil, err
	}
	return b, c.addChildren(w, b)
}

// characteristics sets the columns of b that come from the bucket's characteristics.
func (c *reportDecoder) characteristics(w *Bucket, b *db.Bucket) error {
	list, err := parseCharacteristics(w.Characteristic)
	if err != nil {
		return err
	}
	messages := countsMessages(b.Unit, b.UsageType)
	b.AvailableAmount, b.Unlimited = list.amount("AvailableAmount", messages, &err)
	b.ReservedAmount, _ = list.amount("ReservedAmount", messages, &err)
	b.IsPrepaid = list.flag("IsPrepaid", &err)
	b.ValidFrom = list.bound("StartTime", c, &err)
	b.ValidTo = list.bound("EndTime", c, &err)
	return err
}

// addChildren converts the balances and counters of a bucket. The only current balance gives the remaining amount and,
// where there is no available amount, whether the bucket is unlimited.
func (c *reportDecoder) addChildren(w *Bucket, b *db.Bucket) error {
	var current []*db.BucketBalance
	for i, balance := range w.BucketBalance {
		row, err := c.balance(balance, b)
		if err != nil {
			return ingest.Within(fmt.Sprintf("bucketBalance[%d]", i), err)
		}
		b.Periods = append(b.Periods, row)
		if row.IsCurrent != nil && *row.IsCurrent {
			current = append(current, row)
		}
	}
	if len(current) == 1 {
		b.RemainingAmount = current[0].Amount
		b.Unlimited = b.Unlimited || b.AvailableAmount == nil && current[0].Unlimited
	}
	for i, counter := range w.BucketCounter {
		row, err := counter.row(b)
		if err != nil {
			return ingest.Within(fmt.Sprintf("bucketCounter[%d]", i), err)
		}
		b.Thresholds = append(b.Thresholds, row)
	}
	return nil
}

// balance converts a balance of a bucket. Its errors name fields of the balance.
func (c *reportDecoder) balance(w *BucketBalance, of *db.Bucket) (*db.BucketBalance, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	unit := unitOf(w.RemainingValue.units(), of.Unit)
	amount, unlimited, err := w.RemainingValue.parse(countsMessages(unit, of.UsageType))
	if err != nil {
		return nil, ingest.Within("remainingValue", err)
	}
	list, err := parseCharacteristics(w.Characteristic)
	if err != nil {
		return nil, err
	}
	b := &db.BucketBalance{
		Amount:              amount,
		Unit:                unit,
		UnitName:            w.RemainingValue.units(),
		Unlimited:           unlimited,
		Text:                w.RemainingValueName,
		CharacteristicsJSON: ingest.Stored(w.Characteristic),
	}
	b.IsCurrent = list.flag("IsCurrentPeriod", &err)
	k := extension{RemainingValue: w.RemainingValue.unstored(), Extra: w.Extra}
	if p := w.ValidFor; p != nil {
		b.ValidFrom = c.periodBound("validFor.startDateTime", p.StartDateTime, &err)
		b.ValidTo = c.periodBound("validFor.endDateTime", p.EndDateTime, &err)
		k.ValidFor = marshalPart(Period{c.originalText(p.StartDateTime, b.ValidFrom), c.originalText(p.EndDateTime, b.ValidTo), p.Extra})
	}
	b.Extension = k.encode()
	return b, err
}

// periodBound parses the start or end of a period; nil for an open one. It sets failed on the first error.
func (c *reportDecoder) periodBound(field string, text *string, failed *error) *db.Time {
	at, err := c.bound(text)
	setError(failed, field, err)
	return at
}

// row converts a counter of a bucket. Its errors name fields of the counter.
func (w *BucketCounter) row(of *db.Bucket) (*db.BucketCounter, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	unit := unitOf(w.Value.units(), of.Unit)
	amount, unlimited, err := w.Value.parse(countsMessages(unit, of.UsageType))
	if err != nil {
		return nil, ingest.Within("value", err)
	}
	return &db.BucketCounter{
		Type:      w.CounterType,
		Level:     w.Level,
		Amount:    amount,
		Unit:      unit,
		UnitName:  w.Value.units(),
		Unlimited: unlimited,
		Name:      w.ValueName,
		Extension: extension{Value: w.Value.unstored(), Extra: w.Extra}.encode(),
	}, nil
}
