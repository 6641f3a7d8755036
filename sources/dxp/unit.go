package dxp

import (
	"strings"

	"usagegraph/db"
)

// units are dxp's words for what an amount counts, in small letters.
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

// known returns the unit of a word; false for one that is not known, and for none.
func known(word *string) (db.Unit, bool) {
	if word == nil {
		return "", false
	}
	if unit, ok := units[strings.ToLower(*word)]; ok {
		return unit, true
	}
	return db.Currency, currencyOf(*word) != ""
}

// unitOf returns the unit of a balance's or counter's amount, given its bucket's.
func unitOf(word *string, bucket *db.Unit) *db.Unit {
	if word == nil || strings.EqualFold(*word, "none") {
		return bucket
	}
	if unit, ok := known(word); ok {
		return &unit
	}
	return nil
}

// unit returns what a bucket's amounts count, given its usage type; nil where nothing tells.
func (w *Bucket) unit(usage db.UsageType) *db.Unit {
	for _, balance := range w.BucketBalance {
		if balance != nil {
			if unit, ok := known(balance.RemainingValue.units()); ok {
				return &unit
			}
		}
	}
	for _, counter := range w.BucketCounter {
		if counter != nil {
			if unit, ok := known(counter.Value.units()); ok {
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
