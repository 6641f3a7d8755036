package elevate

import (
	"strconv"

	"usagegraph/db"
	"usagegraph/ingest"
)

// customer returns the customer of a record; nil where it has none.
func (r *Record) customer() *ingest.Customer {
	if r.CustomerID == nil {
		return nil
	}
	return &ingest.Customer{ID: strconv.FormatInt(*r.CustomerID, 10)}
}

// subscription returns the subscription that a service id identifies: by phone number, by SIM card number or by an id
// of Elevate. It returns nil for text that identifies none.
func (d decoder) subscription(serviceID *string) *ingest.Subscription {
	if serviceID == nil {
		return nil
	}
	switch name, word := d.names.Read(*serviceID); word {
	case db.NumberForm:
		return &ingest.Subscription{Number: name, PhoneNumber: serviceID}
	case db.CardForm:
		return &ingest.Subscription{Card: name, SimCardNumber: serviceID}
	case db.OtherForm:
		return &ingest.Subscription{OwnID: *serviceID}
	}
	return nil
}
