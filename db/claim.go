package db

import (
	"context"
	"fmt"
	"slices"
)

// Claim holds what a document states about the owner and the time of a record.
type Claim struct {
	// SourceCustomerID is the customer's id in the source; nil if the document names none or several.
	SourceCustomerID *string `db:"source_customer_id"`
	// OwnID is the subscription's own id in the source.
	OwnID *string `db:"own_id"`
	// NumberName is the number by which the document names the subscription; the card, for a usage record without a
	// number.
	NumberName *string `db:"number_name"`
	CardName   *string `db:"card_name"`
	// Contested lists the customers of a document that names several of the same rank, separated by commas.
	Contested *string `db:"contested_customers"`
	// Start and End are the instant of the record, or the bounds of a summary's month.
	Start *Time `db:"start_at"`
	End   *Time `db:"end_at"`
	// LoadedDate and LastUpdate decide which of two versions of a record is the later one.
	LoadedDate *Date   `db:"loaded_date"`
	LastUpdate *Time   `db:"last_update"`
	BusinessID *string `db:"business_id"`
	// Scoped is true if only clients of some customers have imported the record: it is no evidence.
	Scoped bool `db:"scoped"`
}

// Names returns the number and the card by which the document names the subscription, if it does.
func (c Claim) Names() []SubscriptionName {
	var names []SubscriptionName
	for _, n := range []*string{c.NumberName, c.CardName} {
		if n != nil {
			names = append(names, SubscriptionName(*n))
		}
	}
	return names
}

// Evidence returns the record as evidence for a subscription.
func (c Claim) Evidence(subscription Key) Evidence {
	return Evidence{Subscription: subscription, Start: c.Start.Time, End: c.End.Time}
}

// olderThan reports whether the document states that it is older than another version of the same record.
func (c Claim) olderThan(o Claim) bool {
	switch {
	case c.LoadedDate != nil && o.LoadedDate != nil && *c.LoadedDate != *o.LoadedDate:
		return *c.LoadedDate < *o.LoadedDate
	case c.LastUpdate != nil && o.LastUpdate != nil:
		return c.LastUpdate.Before(o.LastUpdate.Time)
	}
	return false
}

// Same reports whether two claims are equal, except for the times of loading and update.
func (c Claim) Same(o Claim) bool { return c.Scoped == o.Scoped && c.SameNames(o) }

// SameNames reports whether two claims have the same names and times.
func (c Claim) SameNames(o Claim) bool {
	return equal(c.SourceCustomerID, o.SourceCustomerID) && equal(c.OwnID, o.OwnID) && equal(c.NumberName, o.NumberName) &&
		equal(c.CardName, o.CardName) && equal(c.Contested, o.Contested) && equal(c.BusinessID, o.BusinessID) &&
		sameTime(c.Start, o.Start) && sameTime(c.End, o.End)
}

func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func sameTime(a, b *Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(b.Time)
}

// claimColumns maps each table of records to the columns of a claim, and other derived columns of storedRecord.
var claimColumns = map[string]string{
	"usage_records": `source_customer_id, source_subscription_id AS own_id, subscription_name AS number_name, NULL AS card_name, contested_customers,
		event_time AS start_at, event_time AS end_at, loaded_date, last_update, NULL AS business_id, destination_country, scoped`,
	"usage_summaries": `source_customer_id, own_id, number_name, card_name, NULL AS contested_customers,
		month_start AS start_at, month_end AS end_at, NULL AS loaded_date, NULL AS last_update, NULL AS business_id, scoped`,
	"consumption_reports": `NULL AS source_customer_id, source_subscription_id AS own_id, subscription_name AS number_name, NULL AS card_name, NULL AS contested_customers,
		effective_at AS start_at, effective_at AS end_at, NULL AS loaded_date, NULL AS last_update, business_id, FALSE AS scoped`,
}

func (u *UsageRecord) claim() Claim {
	return Claim{SourceCustomerID: u.SourceCustomerID, OwnID: u.SourceSubscriptionID, NumberName: u.SubscriptionName, Contested: u.ContestedCustomers,
		Start: &u.EventTime, End: &u.EventTime, LoadedDate: u.LoadedDate, LastUpdate: u.LastUpdate, Scoped: u.Scoped}
}

func (s *UsageSummary) claim() Claim {
	return Claim{SourceCustomerID: s.SourceCustomerID, OwnID: s.OwnID, NumberName: s.NumberName, CardName: s.CardName, Start: s.MonthStart, End: s.MonthEnd, Scoped: s.Scoped}
}

func (r *ConsumptionReport) claim() Claim {
	return Claim{OwnID: r.SourceSubscriptionID, NumberName: r.SubscriptionName, Start: &r.EffectiveAt, End: &r.EffectiveAt, BusinessID: r.BusinessID}
}

func (u *UsageRecord) destinationCountry() *string     { return u.DestinationCountry }
func (*UsageSummary) destinationCountry() *string      { return nil }
func (*ConsumptionReport) destinationCountry() *string { return nil }

// ClaimOf returns the claim of a *UsageRecord, *UsageSummary or *ConsumptionReport. It panics for any other type.
func ClaimOf(record any) Claim {
	switch r := record.(type) {
	case *UsageRecord:
		return r.claim()
	case *UsageSummary:
		return r.claim()
	case *ConsumptionReport:
		return r.claim()
	}
	panic(fmt.Sprintf("db: no claim for type %T", record))
}

// StoredRecord holds the key, the owner and the claim of a stored record.
type StoredRecord struct {
	Key
	SubscriptionID *int64 `db:"subscription_id"`
	Claim
}

// storedRecord is a stored record with its source id and digest, for comparison.
type storedRecord struct {
	StoredRecord
	SourceID string `db:"source_id"`
	Digest   string `db:"digest"`
	// DestinationCountry is derived from the content of a usage record, but depends on a setting.
	DestinationCountry *string `db:"destination_country"`
}

// same reports whether two versions of a record have the same content, destination country and claim and, if owned is
// set, the same owner.
func (s storedRecord) same(o storedRecord, owned bool) bool {
	return s.Digest == o.Digest && equal(s.DestinationCountry, o.DestinationCountry) && s.Claim.Same(o.Claim) && (!owned || s.CustomerID == o.CustomerID && equal(s.SubscriptionID, o.SubscriptionID))
}

// StoredRecords returns the stored records of a kind and system with some source ids, by source id.
func (tx *Tx) StoredRecords(ctx context.Context, kind RecordKind, source Source, ids []string) (map[string]StoredRecord, error) {
	found := make(map[string]StoredRecord, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := tx.storedRecords(ctx, string(kind), source, ids)
	for id, r := range rows {
		found[id] = r.StoredRecord
	}
	return found, err
}

func (tx *Tx) storedRecords(ctx context.Context, table string, source Source, ids []string) (map[string]storedRecord, error) {
	if tx.store.bulkLoad != nil {
		return map[string]storedRecord{}, nil
	}
	c := tx.compiler()
	var rows []storedRecord
	// Most systems number their records: if no stored id lies between the least and the greatest of ids, the rest of
	// the lookup is skipped.
	sql := "SELECT customer_id, id, source_id, subscription_id, digest, " + claimColumns[table] + " FROM " + table +
		" WHERE (SELECT MIN(source_id) FROM " + table + " WHERE source = " + c.bind(string(source)) + " AND source_id >= " + c.bind(slices.Min(ids)) + ") <= " + c.bind(slices.Max(ids)) +
		" AND (source, source_id) IN " + c.dialect.tuples(c, []string{string(source)}, ids)
	if err := tx.tx.SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("find stored %s: %w", table, err)
	}
	stored := make(map[string]storedRecord, len(ids))
	for _, r := range rows {
		stored[r.SourceID] = r
	}
	return stored, nil
}
