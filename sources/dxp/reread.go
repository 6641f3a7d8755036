package dxp

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Reread returns functions that read stored reports of one market again, as their documents are read with other settings.
// A report of another market stays as it is, and so does one that the new settings refuse: a time beyond the years that
// can be stored.
func Reread(before, after Settings) ingest.Again {
	d, unchanged := newDecoder(after), newStored(newDecoder(before))
	return ingest.Again{Report: func(r *db.ConsumptionReport) *ingest.Record {
		if r.BusinessID == nil || *r.BusinessID != before.BusinessID {
			return unchanged.again(r)
		}
		local, text, err := encoder{before.Location}.document(r)
		if err != nil {
			return unchanged.again(r)
		}
		record, err := d.decode(text)
		if err != nil {
			return unchanged.again(r)
		}
		record.Ambiguous = before.Location.String() != after.Location.String() && ambiguous(local, after.Location)
		return record
	}}
}

// document writes the document of a stored report with all its parts, and returns the time in it as well.
func (e encoder) document(r *db.ConsumptionReport) (effectiveDate string, text jsontext.Value, err error) {
	w, err := e.wire(r, question{})
	if err != nil {
		return "", nil, err
	}
	w.Description = r.Description
	if r.EffectiveText != nil {
		w.EffectiveDate = r.EffectiveText
	}
	for _, b := range r.Balances {
		bucket, err := e.bucket(b, b.Periods, b.Thresholds)
		if err != nil {
			return "", nil, err
		}
		w.Bucket = append(w.Bucket, bucket)
	}
	text, err = json.Marshal(w, jsontext.PreserveRawStrings(true))
	return *w.EffectiveDate, text, err
}

// ambiguous reports whether a local time occurs twice in a time zone, or never.
func ambiguous(local string, zone *time.Location) bool {
	at, err := time.ParseInLocation(localForm, local, zone)
	if err != nil {
		return false // it has an offset of its own
	}
	if at.Format(localForm+".999999") != local {
		return true
	}
	_, offset := at.Zone()
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, other := at.Add(near).Zone()
		twin := at.Add(time.Duration(offset-other) * time.Second)
		if !twin.Equal(at) && twin.In(zone).Format(localForm) == at.Format(localForm) {
			return true
		}
	}
	return false
}
