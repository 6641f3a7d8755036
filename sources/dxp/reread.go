package dxp

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Reread returns functions that read stored reports of one market again, as their documents are read with other settings.
// A report of another market stays as it is, and so does one that the new settings refuse: a time beyond the years that
// can be stored.
func Reread(before, after Settings) ingest.Again {
	d, unchanged, e := newDecoder(after), newStored(newDecoder(before)), encoder{before.Location}
	again := ingest.Again{Report: func(r *db.ConsumptionReport) *ingest.Record {
		if !before.has(r) {
			return unchanged.again(r)
		}
		text, err := e.document(r)
		if err != nil {
			return unchanged.again(r)
		}
		record, err := d.decode(text)
		if err != nil {
			return unchanged.again(r)
		}
		return record
	}}
	if before.Location.String() != after.Location.String() {
		again.Ambiguous = func(r *db.ConsumptionReport) bool {
			_, ambiguous, _ := parseLocal(e.effectiveDate(r), after.Location)
			return before.has(r) && ambiguous
		}
	}
	return again
}

// has reports whether a stored report belongs to the market.
func (s Settings) has(r *db.ConsumptionReport) bool {
	return r.BusinessID != nil && *r.BusinessID == s.BusinessID
}

// document writes the document of a stored report with all its parts.
func (e encoder) document(r *db.ConsumptionReport) (jsontext.Value, error) {
	w, err := e.wire(r, question{})
	if err != nil {
		return nil, err
	}
	w.Description = r.Description
	for _, b := range r.Balances {
		bucket, err := e.bucket(b, b.Periods, b.Thresholds)
		if err != nil {
			return nil, err
		}
		w.Bucket = append(w.Bucket, bucket)
	}
	return json.Marshal(w, jsontext.PreserveRawStrings(true))
}
