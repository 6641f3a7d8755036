package calls

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// call is a call record in the format of the documents.
type call struct {
	ID      *string `json:"call_id"`
	Account *string `json:"account"`
	Caller  *string `json:"caller"`
	Called  *string `json:"called"`
	// StartedAt is an RFC 3339 time.
	StartedAt *string `json:"started_at"`
	Seconds   *string `json:"seconds"`
	Price     *string `json:"price"`
	Currency  *string `json:"currency"`
	// Extra holds the columns without a field in the model.
	Extra jsontext.Value `json:",unknown"`
}

// decoder decodes call records with the region of national phone numbers.
type decoder struct{ names *db.NameReader }

// decode decodes one record. Its errors name the column.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var c call
	if err := ingest.Unmarshal(text, &c); err != nil {
		return nil, err
	}
	switch {
	case c.ID == nil:
		return nil, ingest.Field("call_id", "missing")
	case c.StartedAt == nil:
		return nil, ingest.Field("started_at", "missing")
	}
	at, err := ingest.ReadInstant("started_at", *c.StartedAt)
	if err != nil {
		return nil, err
	}
	usage := &db.UsageRecord{
		Source: Name, SourceID: *c.ID, EventTime: at.At, UTCOffsetMinutes: at.OffsetMinutes, UsageType: db.Voice,
		ServiceID: c.Caller, Destination: c.Called, DestinationCountry: d.names.Country(c.Called), Extension: ingest.Stored(c.Extra),
	}
	if c.Seconds != nil {
		seconds, err := db.ParseDecimal(*c.Seconds)
		if err != nil {
			return nil, ingest.Field("seconds", err.Error())
		}
		usage.DurationSeconds = &seconds
	}
	if c.Price != nil {
		price, err := db.ParseDecimal(*c.Price)
		if err != nil {
			return nil, ingest.Field("price", err.Error())
		}
		usage.Rated = []*db.RatedUsage{{TaxExcludedAmount: &price, Currency: c.Currency}}
	}
	r := &ingest.Record{Subscription: d.subscription(c.Caller), Usage: usage, TruncatedTime: at.Truncated}
	if c.Account != nil {
		r.Customer = &ingest.Customer{ID: *c.Account}
	}
	return r, nil
}

// redecode returns a stored record with the customer, subscription and country that decode would return for its document.
func (d decoder) redecode(u *db.UsageRecord) *ingest.Record {
	u.DestinationCountry = d.names.Country(u.Destination)
	r := &ingest.Record{Subscription: d.subscription(u.ServiceID), Usage: u}
	if u.SourceCustomerID != nil {
		r.Customer = &ingest.Customer{ID: *u.SourceCustomerID}
	}
	return r
}

// subscription returns the subscription of a caller: a phone number. It returns nil for text that is none.
func (d decoder) subscription(caller *string) *ingest.Subscription {
	if caller == nil {
		return nil
	}
	if number, form := d.names.Read(*caller); form == db.NumberForm {
		return &ingest.Subscription{Number: number, PhoneNumber: caller}
	}
	return nil
}
