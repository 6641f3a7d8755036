package elevate

import (
	"strconv"

	"usagegraph/ingest"
)

func (r *Record) customer() *ingest.Customer {
	if r.CustomerID == nil {
		return nil
	}
	return &ingest.Customer{ID: strconv.FormatInt(*r.CustomerID, 10)}
}

// line returns what the service id names; nil where the record has none.
func (r *Record) line() *ingest.Line {
	if r.ServiceID == nil || *r.ServiceID == "" {
		return nil
	}
	return ingest.LineByID(*r.ServiceID)
}
