package ingest

import (
	"cmp"
	"context"
	"slices"

	"usagegraph/db"
)

// These are the reasons of records that a client of some customers may not import. The first is the same for all records
// that it cannot read, so that it reveals nothing about them.
var (
	errNotInScope = Field("", "not a record of this client's customers")
	errIsEvidence = Field("", "stored with another customer, subscription or time, which a client of some customers cannot change")
)

// restrict returns the batch with the records outside the scope among its rejects. The other records are scoped.
func (r *run) restrict(ctx context.Context, tx *db.Tx, scope db.Scope, b batch) (batch, error) {
	customers, stored, err := r.known(ctx, tx, b.records)
	if err != nil {
		return b, err
	}
	kept := b
	kept.records, kept.rejects = nil, slices.Clone(b.rejects)
	for i, record := range b.records {
		row, _ := record.row()
		var old *db.StoredRecord
		if s, found := stored[record.sourceID()]; found {
			old = &s
		}
		if err := allowed(scope, record, db.ClaimOf(row), customers, old); err != nil {
			reject := b.origins[i]
			reject.Reason = err
			kept.rejects = append(kept.rejects, reject)
			continue
		}
		record.setScoped()
		kept.records = append(kept.records, record)
	}
	slices.SortStableFunc(kept.rejects, func(x, y Reject) int { return cmp.Compare(x.Number, y.Number) })
	kept.prepared = prepare(r.source.Name, kept.records)
	return kept, nil
}

// known returns the stored customers that records name, by their ids, and the stored versions of the records, by theirs.
func (r *run) known(ctx context.Context, tx *db.Tx, records []*Record) (map[string]*db.Customer, map[string]db.StoredRecord, error) {
	var names, ids []string
	var kind db.RecordKind
	for _, record := range records {
		_, kind = record.row() // one for all records of a system
		ids = append(ids, record.sourceID())
		if record.Customer != nil {
			names = append(names, record.Customer.ID)
		}
	}
	customers, err := tx.CustomersBySource(ctx, r.source.Name, unique(names))
	if err != nil {
		return nil, nil, err
	}
	stored, err := tx.StoredRecords(ctx, kind, r.source.Name, ids)
	return customers, stored, err
}

// allowed returns an error unless a record, and its stored version if old is not nil, are in the scope, and the record
// leaves the evidence of the stored version as it is.
func allowed(scope db.Scope, record *Record, claim db.Claim, customers map[string]*db.Customer, old *db.StoredRecord) error {
	if record.Customer == nil || old != nil && !scope.Includes(old.CustomerID) {
		return errNotInScope
	}
	if known := customers[record.Customer.ID]; known == nil || !scope.Includes(known.CustomerID) {
		return errNotInScope
	}
	if old != nil && !old.Scoped && old.SourceCustomerID != nil && !old.SameNames(claim) {
		return errIsEvidence
	}
	return nil
}

// sourceID returns the id of the record in its system.
func (r *Record) sourceID() string {
	switch {
	case r.Usage != nil:
		return r.Usage.SourceID
	case r.Summary != nil:
		return r.Summary.SourceID
	}
	return r.Report.SourceID
}

// setScoped marks the record as one of a client of some customers. A consumption report names no customer and is never
// one.
func (r *Record) setScoped() {
	switch {
	case r.Usage != nil:
		r.Usage.Scoped = true
	case r.Summary != nil:
		r.Summary.Scoped = true
	}
}
