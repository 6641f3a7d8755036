package dxp

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Reread returns functions that decode the stored reports of one market again after a change of settings. A report of
// another market keeps its values, and so does one that is invalid with the new settings, by a time beyond the storable
// years.
func Reread(before, after Settings) ingest.Redecode {
	d, unchanged, e := newDecoder(after), newRedecoder(newDecoder(before)), encoder{before.Location}
	functions := ingest.Redecode{Report: func(r *db.ConsumptionReport) *ingest.Record {
		if !before.hasMarket(r) {
			return unchanged.redecode(r)
		}
		text, err := e.encodeReport(r)
		if err != nil {
			return unchanged.redecode(r)
		}
		record, err := d.decode(text)
		if err != nil {
			return unchanged.redecode(r)
		}
		return record
	}}
	if before.Location.String() != after.Location.String() {
		functions.Ambiguous = func(r *db.ConsumptionReport) bool {
			_, ambiguous, _ := parseLocal(e.effectiveDate(r), after.Location)
			return before.hasMarket(r) && ambiguous
		}
	}
	return functions
}

// hasMarket reports whether a stored report belongs to the market.
func (s Settings) hasMarket(r *db.ConsumptionReport) bool {
	return r.BusinessID != nil && *r.BusinessID == s.BusinessID
}

// encodeReport encodes a stored report with all its parts as a document.
func (e encoder) encodeReport(r *db.ConsumptionReport) (jsontext.Value, error) {
	w, err := e.report(r, query{})
	if err != nil {
		return nil, err
	}
	w.Description = r.Description
	for _, b := range r.Buckets {
		bucket, err := e.bucket(b, b.Balances, b.Counters)
		if err != nil {
			return nil, err
		}
		w.Bucket = append(w.Bucket, bucket)
	}
	return json.Marshal(w, jsontext.PreserveRawStrings(true))
}
