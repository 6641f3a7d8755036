// Package ingest imports documents of all sources: it cuts them into records, determines the customers and
// subscriptions of the records, writes them in batches and reports the results. The decoders of the sources interpret
// the records.
package ingest

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// Source describes a legacy system to the importer.
type Source struct {
	// Name identifies the system.
	Name db.Source
	// Marks are members of which every record of this system has at least one, and no record of another system has any.
	Marks []string
	// Required lists the members that every record of this system has, each in all of its spellings. An object that has
	// them is a record, even if it has a member called results.
	Required [][]string
	// Convert converts a document of the system's own format to NDJSON records; nil if the documents are JSON. Reading the
	// result fails if the document is invalid or of another format. The byte positions of rejects are those of the result.
	Convert func(document io.Reader) io.Reader
	// CSV lists the columns of CSV documents, which have a header; nil if the system has no such documents.
	CSV []Column
	// Decode decodes one record. Its error names the field (use Unmarshal and FieldError).
	Decode func(record jsontext.Value) (*Record, error)
	// Redecode decodes stored records again. It is used to attribute records of an older version by the current rules,
	// and after the change of a setting.
	Redecode Redecode
}

// Redecode decodes stored records again. A system sets the function for its kind of records. Each sets the fields that
// the decoder would set, and returns a record that names the same customer and subscription as the document.
type Redecode struct {
	Usage   func(*db.UsageRecord) *Record
	Summary func(*db.UsageSummary) *Record
	Report  func(*db.ConsumptionReport) *Record
	// Ambiguous reports whether the local time of a stored report occurs twice, or never, in the new time zone; nil if
	// the time zone stays.
	Ambiguous func(*db.ConsumptionReport) bool
}

// Record is one imported record: the customer and subscription that its document names, and its content. Exactly one of
// Usage, Summary and Report is set; the importer sets their keys, customers, subscriptions and sources.
type Record struct {
	// Customer is nil if the document names none.
	Customer *Customer
	// ContestedCustomers are the ids of the customers if the document names several of the same rank. The record is
	// then unattributed, and Customer is nil.
	ContestedCustomers []string
	// Subscription is nil if the document names none.
	Subscription *Subscription
	// TruncatedTime reports whether a time of the document is finer than a microsecond. AmbiguousTime reports whether a
	// local time occurs twice, or never, in the time zone of the system. The text of both times is stored too.
	TruncatedTime, AmbiguousTime bool `json:",omitzero"`
	// UnknownQuantity reports whether the document has characteristics, but not the quantity of its type.
	UnknownQuantity bool `json:",omitzero"`

	Usage   *db.UsageRecord
	Summary *db.UsageSummary
	Report  *db.ConsumptionReport
}

// Customer is a customer as named by a document.
type Customer struct {
	// ID is the customer's id in the source.
	ID string
	// Name is nil if the document has none.
	Name *string
}

// Subscription is a subscription as named by a document. Fields that the document does not have are nil or empty.
type Subscription struct {
	// OwnID is the system's own id of the subscription, which is neither a number nor a card.
	OwnID string
	// Number and Card are the results of db.ReadNumber and db.ReadCard; a masked number has a text and no name. For a
	// usage record or report with both, only the number counts.
	Number, Card db.SubscriptionName
	// PhoneNumber and SimCardNumber are the original texts.
	PhoneNumber   *string
	SimCardNumber *string
	ProviderGroup *string
	IsGroupSim    *bool
	BusinessID    *string
}

// maxIdentifier is the maximum length of an identifier in bytes. An index of PostgreSQL accepts 2,704 bytes for a whole
// key.
const maxIdentifier = 500

// check returns an error for identifiers that are too long for an index.
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
			return Field("", fmt.Sprintf("an identifier has more than %d bytes: %s", maxIdentifier, abbreviate(id)))
		}
	}
	return nil
}
