package elevate

import (
	"usagegraph/db"
	"usagegraph/ingest"
)

// redecode returns a stored usage record with the customer, subscription, usage type, country and currency that decode
// would return for its document.
func (d decoder) redecode(u *db.UsageRecord) *ingest.Record {
	u.UsageType = usageTypeOf(u.CallClass, u.DataMB, u.DurationSeconds, u.OneOffs)
	u.DestinationCountry = d.names.Country(u.Destination)
	for _, p := range u.Rated {
		p.Currency = &d.Currency
	}
	r := &ingest.Record{Subscription: d.subscription(u.ServiceID), Usage: u}
	if u.SourceCustomerID != nil {
		r.Customer = &ingest.Customer{ID: *u.SourceCustomerID}
	}
	return r
}
