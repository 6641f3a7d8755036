package elevate

import (
	"usagegraph/db"
	"usagegraph/ingest"
)

// again returns a stored usage record with the customer, the line, the usage type and the currency that decode finds in
// its document.
func (d decoder) again(u *db.UsageRecord) *ingest.Record {
	u.UsageType = usageTypeOf(u.CallClass, u.DataMB, u.DurationSeconds, u.OneOffs)
	for _, p := range u.Prices {
		p.Currency = &d.Currency
	}
	r := &ingest.Record{Line: d.line(u.ServiceID), Usage: u}
	if u.SourceCustomerID != nil {
		r.Customer = &ingest.Customer{ID: *u.SourceCustomerID}
	}
	return r
}
