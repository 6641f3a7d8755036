// Package ingest imports documents: it cuts them into records, finds out whose they are, writes them in batches and
// reports what became of them. It is the same for every source; what a record means is the source's to say.
package ingest

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// Source is a legacy system as an import sees it.
type Source struct {
	// Name is the system.
	Name db.Source
	// Marks are members of which every record of this system has at least one, and no other system's record any.
	Marks []string
	// Required are the members without which no record of this system can be read, each in all of its spellings. An object that
	// has them is a record, even where it has a member called results.
	Required [][]string
	// Convert returns the records of a document of the system's own format as NDJSON; nil: its documents are JSON. Reading
	// fails where the document is not valid.
	Convert func(document io.Reader) io.Reader
	// Decode reads one record. Its error names the field (use Unmarshal and FieldError).
	Decode func(record jsontext.Value) (*Record, error)
	// Again reads stored records again, as their documents would be: customer, line, and what follows from these. It is
	// how records that an older version stored are attributed by the rules of this one.
	Again Again
}

// Again reads stored records again; of its functions a system has the one for its kind of records. Each fills in what the
// decoder would, and returns a record that names the same customer and line as the document.
type Again struct {
	Usage   func(*db.UsageRecord) *Record
	Summary func(*db.UsageSummary) *Record
	Report  func(*db.ConsumptionReport) *Record
	// Ambiguous reports whether the local time of a stored report occurs twice, or never, in the time zone in which it is
	// read again; nil where the time zone stays.
	Ambiguous func(*db.ConsumptionReport) bool
}

// Record is one imported record: the customer and line that its document names, and its content. It is one of Usage, Summary and Report;
// their keys, customers, subscriptions and sources are the importer's to fill in.
type Record struct {
	// Customer is nil where the document names none.
	Customer *Customer
	// ContestedCustomers are the ids of the customers where the document names several of one rank: it is nobody's, and
	// Customer is nil.
	ContestedCustomers []string
	// Subscription is nil where the document names none.
	Subscription *Subscription
	// TruncatedTime reports whether a time of the document is finer than a microsecond, AmbiguousTime whether a local time of it
	// occurs twice in the time zone of the system, or never. Both are kept as text besides.
	TruncatedTime, AmbiguousTime bool `json:",omitzero"`

	Usage   *db.UsageRecord
	Summary *db.UsageSummary
	Report  *db.ConsumptionReport
}

// Customer is a customer as a document names them.
type Customer struct {
	// ID is the customer's id in the source.
	ID string
	// Name is nil where the document has none.
	Name *string
}

// Subscription is a subscription as a document names it. What is nil, or empty, the document does not say.
type Subscription struct {
	// OwnID is the system's own id of the line: it is neither a number nor a card.
	OwnID string
	// Number and Card are what db.ReadNumber and db.ReadCard make of the texts; a masked number has a text and no name.
	// Of a usage record or report that has both, the number counts.
	Number, Card db.SubscriptionName
	// PhoneNumber and SimCardNumber are the texts as they came.
	PhoneNumber   *string
	SimCardNumber *string
	ProviderGroup *string
	IsGroupSim    *bool
	BusinessID    *string
}

// maxIdentifier is how long an identifier may be, in bytes: an index of PostgreSQL takes 2,704 for a whole key.
const maxIdentifier = 500

// check refuses identifiers that cannot be kept apart from one another.
func (r *Record) check() error {
	ids := make([]string, 0, 8)
	ids = append(ids, r.ContestedCustomers...)
	if r.Customer != nil {
		ids = append(ids, r.Customer.ID)
	}
	if r.Subscription != nil {
		ids = append(ids, r.Subscription.OwnID, string(r.Subscription.Number), string(r.Subscription.Card))
	}
	switch {
	case r.Usage != nil:
		ids = append(ids, r.Usage.SourceID)
	case r.Summary != nil:
		ids = append(ids, r.Summary.SourceID)
	case r.Report != nil:
		ids = append(ids, r.Report.SourceID)
	}
	for _, id := range ids {
		if len(id) > maxIdentifier {
			return Field("", fmt.Sprintf("an identifier of more than %d bytes: %s", maxIdentifier, short(id)))
		}
	}
	return nil
}
