// Package ingest imports documents: it cuts them into records, finds out whose they are, writes them in batches and
// reports what became of them. It is the same for every source; what a record means is the source's to say.
package ingest

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// Source is a legacy system as an import sees it.
type Source struct {
	// Name is the system.
	Name db.Source
	// Marks are members of which every record of this system has at least one, and no other system's record any.
	Marks []string
	// Decode reads one record. Its error names the field (use Unmarshal and FieldError).
	Decode func(record jsontext.Value) (*Record, error)
}

// Record is one imported record: whose it is, and what it says. It is one of Usage, Summary and Report; their keys,
// customers, subscriptions and sources are the importer's to fill in.
type Record struct {
	// Customer is nil where the document names none.
	Customer *Customer
	// Line is nil where the document names none.
	Line *Line

	Usage   *db.UsageRecord
	Summary *db.UsageSummary
	Report  *db.ConsumptionReport
}

// Customer is a customer as a document names him.
type Customer struct {
	// ID is the customer's id in the source.
	ID string
	// Name is nil where the document has none.
	Name *string
}

// Line is a subscription as a document names it. What is nil is not known, and leaves what is stored.
type Line struct {
	// Identifiers are at least one; the line's SourceID is the first. A phone number (MSISDN) stands as it came: a
	// masked one identifies nothing.
	Identifiers   []Identifier
	PhoneNumber   *string
	SimCardNumber *string
	ProviderGroup *string
	IsGroupSim    *bool
	BusinessID    *string
}

// Identifier is a name of a line in the source.
type Identifier struct {
	Kind  db.IdentifierKind
	Value string
}

// maxIdentifier is how long an identifier may be, in bytes: an index of PostgreSQL takes 2,704 for a whole key.
const maxIdentifier = 500

// check refuses identifiers that cannot be kept apart from one another.
func (r *Record) check() error {
	ids := []string{}
	if r.Customer != nil {
		ids = append(ids, r.Customer.ID)
	}
	if r.Line != nil {
		for _, i := range r.Line.Identifiers {
			ids = append(ids, i.Value)
		}
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
