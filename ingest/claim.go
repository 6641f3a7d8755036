package ingest

import (
	"cmp"
	"slices"
	"time"

	"usagegraph/db"
)

// claim is a record to be written, with the claim of its document, its stored version and its owner.
type claim struct {
	*Record
	db.Claim
	// row is the record as a db struct, kind its kind.
	row  any
	kind db.RecordKind
	// old is nil for a new record.
	old *db.StoredRecord
	// customer is the id of the customer that the document names; 0 if it names none.
	customer int64
	owner    db.Owner
}

// row returns the record as a db struct, and its kind.
func (r *Record) row() (any, db.RecordKind) {
	switch {
	case r.Usage != nil:
		return r.Usage, db.UsageRecordKind
	case r.Summary != nil:
		return r.Summary, db.UsageSummaryKind
	}
	return r.Report, db.ConsumptionReportKind
}

func newClaim(r *Record, old *db.StoredRecord) *claim {
	row, kind := r.row()
	return &claim{Record: r, Claim: db.ClaimOf(row), row: row, kind: kind, old: old}
}

// namesCustomer reports whether the document names its customer.
func (c *claim) namesCustomer() bool { return c.SourceCustomerID != nil }

// sameClaim reports whether the stored version has the same claim, so that only the content changes.
func (c *claim) sameClaim() bool { return c.old != nil && c.old.Claim.Same(c.Claim) }

// ownID returns the own id of the subscription; empty if the document has none.
func (c *claim) ownID() string {
	if c.OwnID == nil {
		return ""
	}
	return *c.OwnID
}

// primaryName returns the name that places a record without an own id: the number, or the card if there is no number.
func primaryName(c db.Claim) db.SubscriptionName {
	switch {
	case c.NumberName != nil:
		return db.SubscriptionName(*c.NumberName)
	case c.CardName != nil:
		return db.SubscriptionName(*c.CardName)
	}
	return ""
}

// subscriptionKey returns the key of the owner's subscription; its ID is 0 if there is none.
func subscriptionKey(o db.Owner) db.Key {
	if o.SubscriptionID == nil {
		return db.Key{CustomerID: o.CustomerID}
	}
	return db.Key{CustomerID: o.CustomerID, ID: *o.SubscriptionID}
}

// ownerOf returns the owner with the subscription of a key; an ID of 0 stands for no subscription.
func ownerOf(k db.Key) db.Owner {
	if k.ID == 0 {
		return db.Owner{CustomerID: k.CustomerID}
	}
	return db.Owner{CustomerID: k.CustomerID, SubscriptionID: &k.ID}
}

// setOwner copies the owner to the db struct of the record.
func (c *claim) setOwner() {
	switch {
	case c.Usage != nil:
		c.Usage.CustomerID, c.Usage.SubscriptionID = c.owner.CustomerID, c.owner.SubscriptionID
		c.Usage.Attribution, c.Usage.Unattributed = c.owner.Attribution, c.owner.Unattributed
	case c.Summary != nil:
		c.Summary.CustomerID, c.Summary.SubscriptionID = c.owner.CustomerID, c.owner.SubscriptionID
	case c.Report != nil:
		c.Report.CustomerID, c.Report.SubscriptionID = c.owner.CustomerID, c.owner.SubscriptionID
		c.Report.Attribution, c.Report.Unattributed = c.owner.Attribution, c.owner.Unattributed
	}
}

// setImport sets the import that changes the record.
func (c *claim) setImport(id int64) {
	switch {
	case c.Usage != nil:
		c.Usage.ImportedBy = &id
	case c.Summary != nil:
		c.Summary.ImportedBy = &id
	case c.Report != nil:
		c.Report.ImportedBy = &id
	}
}

// recordTime orders records by time, then by system and source id. The latest record of a subscription determines its
// attributes.
type recordTime struct {
	time   time.Time
	source db.Source
	id     string
}

func (c *claim) recordTime() recordTime {
	a := recordTime{time: c.Start.Time}
	switch {
	case c.Usage != nil:
		a.source, a.id = c.Usage.Source, c.Usage.SourceID
	case c.Summary != nil:
		a.source, a.id = c.Summary.Source, c.Summary.SourceID
	case c.Report != nil:
		a.source, a.id = c.Report.Source, c.Report.SourceID
	}
	return a
}

func (a recordTime) after(b recordTime) bool {
	return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.source, b.source), cmp.Compare(a.id, b.id)) > 0
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func compareKeys(a, b db.Key) int {
	return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.ID, b.ID))
}
