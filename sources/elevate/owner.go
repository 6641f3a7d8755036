package elevate

import (
	"strconv"

	"usagegraph/db"
	"usagegraph/ingest"
)

func (r *Record) customer() *ingest.Customer {
	if r.CustomerID == nil {
		return nil
	}
	return &ingest.Customer{ID: strconv.FormatInt(*r.CustomerID, 10)}
}

// line returns the line that a service id names: by number, by card, or else by an id of elevate's own. It returns nil
// for a text that names nothing.
func (d decoder) line(serviceID *string) *ingest.Line {
	if serviceID == nil {
		return nil
	}
	switch name, word := d.names.Read(*serviceID); word {
	case db.NumberWord:
		return &ingest.Line{Number: name, PhoneNumber: serviceID}
	case db.CardWord:
		return &ingest.Line{Card: name, SimCardNumber: serviceID}
	case db.OtherWord:
		return &ingest.Line{OwnID: *serviceID}
	}
	return nil
}
