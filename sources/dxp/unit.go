package dxp

import (
	"strings"

	"usagegraph/db"
)

// units holds the units by dxp's names for them, in lower case.
var units = map[string]db.Unit{
	"second": db.Second, "seconds": db.Second, "sec": db.Second, "s": db.Second,
	"minute": db.Minute, "minutes": db.Minute, "min": db.Minute,
	"hour": db.Hour, "hours": db.Hour, "h": db.Hour,
	"kilobyte": db.Kilobyte, "kilobytes": db.Kilobyte, "kb": db.Kilobyte,
	"megabyte": db.Megabyte, "megabytes": db.Megabyte, "mb": db.Megabyte,
	"gigabyte": db.Gigabyte, "gigabytes": db.Gigabyte, "gb": db.Gigabyte,
	"message": db.Message, "messages": db.Message, "sms": db.Message, "mms": db.Message,
	"count": db.Count, "counts": db.Count, "event": db.Count, "events": db.Count, "unit": db.Count, "units": db.Count,
}

// unitNamed returns the unit of a name; false for an unknown or missing one. The name of a currency is the unit
// Currency.
func unitNamed(word *string) (db.Unit, bool) {
	if word == nil {
		return "", false
	}
	if unit, ok := units[strings.ToLower(*word)]; ok {
		return unit, true
	}
	return db.Currency, currencyOf(*word) != ""
}

// unitOf returns the unit of a balance or counter, given the unit of its bucket; nil for an unknown name.
func unitOf(word *string, bucket *db.Unit) *db.Unit {
	if word == nil || strings.EqualFold(*word, "none") {
		return bucket
	}
	if unit, ok := unitNamed(word); ok {
		return &unit
	}
	return nil
}

// unit returns the unit of a bucket, given its usage type; nil where it is unknown.
func (w *Bucket) unit(usage db.UsageType) *db.Unit {
	for _, balance := range w.BucketBalance {
		if balance != nil {
			if unit, ok := unitNamed(balance.RemainingValue.units()); ok {
				return &unit
			}
		}
	}
	for _, counter := range w.BucketCounter {
		if counter != nil {
			if unit, ok := unitNamed(counter.Value.units()); ok {
				return &unit
			}
		}
	}
	var unit db.Unit
	switch usage {
	case db.SMS, db.MMS:
		unit = db.Message
	case db.Monetary:
		unit = db.Currency
	default:
		return nil
	}
	return &unit
}
