package elevate

import (
	"strconv"
	"strings"

	"usagegraph/db"
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
	line := &ingest.Line{Identifiers: []ingest.Identifier{{Kind: db.SourceOwnID, Value: *r.ServiceID}}}
	if readsAsPhoneNumber(*r.ServiceID) {
		line.Identifiers = append(line.Identifiers, ingest.Identifier{Kind: db.MSISDN, Value: *r.ServiceID})
		line.PhoneNumber = r.ServiceID
	}
	return line
}

// readsAsPhoneNumber tells a phone number from another id of digits: it starts with + or 0 and has 8 to 15 digits.
func readsAsPhoneNumber(id string) bool {
	start := strings.TrimLeft(id, " -.()/")
	digits := len(db.PhoneDigits(id))
	return digits >= 8 && digits <= 15 && (strings.HasPrefix(start, "+") || strings.HasPrefix(start, "0"))
}
