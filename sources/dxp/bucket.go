package dxp

import (
	"fmt"

	"usagegraph/db"
	"usagegraph/ingest"
)

// product is what the model reads of an element of a bucket's products.
type product struct {
	PublicIdentifier *string `json:"publicIdentifier"`
}

// bucket maps one element of a report's buckets, all but its time; its errors name fields within that.
func (c *clock) bucket(w *Bucket) (*db.Bucket, error) {
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
		Extension:           kept{Type: other(w.Type, bucketType), Extra: w.Extra}.stored(),
	}
	if err := c.characteristics(w, b); err != nil {
		return nil, err
	}
	if _, err := objects[product]("product", w.Product); err != nil {
		return nil, err
	}
	return b, c.children(w, b)
}

// characteristics maps those of a bucket's characteristics that have a column.
func (c *clock) characteristics(w *Bucket, b *db.Bucket) error {
	list, err := characteristicsOf(w.Characteristic)
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

// children maps a bucket's balances and counters, and what remains of the current period, which tells whether the bucket is
// unlimited where no available amount does.
func (c *clock) children(w *Bucket, b *db.Bucket) error {
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

// balance maps one element of a bucket's balances; its errors name fields within that.
func (c *clock) balance(w *BucketBalance, of *db.Bucket) (*db.BucketBalance, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	unit := unitOf(w.RemainingValue.units(), of.Unit)
	amount, unlimited, err := w.RemainingValue.read(countsMessages(unit, of.UsageType))
	if err != nil {
		return nil, ingest.Within("remainingValue", err)
	}
	list, err := characteristicsOf(w.Characteristic)
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
	k := kept{RemainingValue: w.RemainingValue.rest(), Extra: w.Extra}
	if p := w.ValidFor; p != nil {
		b.ValidFrom = c.periodBound("validFor.startDateTime", p.StartDateTime, &err)
		b.ValidTo = c.periodBound("validFor.endDateTime", p.EndDateTime, &err)
		k.ValidFor = text(Period{c.lost(p.StartDateTime, b.ValidFrom), c.lost(p.EndDateTime, b.ValidTo), p.Extra})
	}
	b.Extension = k.stored()
	return b, err
}

func (c *clock) periodBound(field string, text *string, failed *error) *db.Time {
	at, err := c.bound(text)
	fail(failed, field, err)
	return at
}

// row maps one element of a bucket's counters; its errors name fields within that.
func (w *BucketCounter) row(of *db.Bucket) (*db.BucketCounter, error) {
	if w == nil {
		return nil, ingest.Field("", "want an object, not null")
	}
	unit := unitOf(w.Value.units(), of.Unit)
	amount, unlimited, err := w.Value.read(countsMessages(unit, of.UsageType))
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
		Extension: kept{Value: w.Value.rest(), Extra: w.Extra}.stored(),
	}, nil
}
