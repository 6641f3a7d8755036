package ingest

import (
	"context"
	"maps"
	"slices"

	"usagegraph/db"
)

// name is an identifier as it is compared, within a customer or anywhere.
type name struct {
	kind   db.IdentifierKind
	source db.Source
	value  string
}

// names returns what identifies a line: a phone number by its digits and in no system, a masked one not at all.
func names(source db.Source, line *Line) []name {
	var list []name
	for _, i := range line.Identifiers {
		n := name{i.Kind, source, i.Value}
		if i.Kind == db.MSISDN {
			n.source, n.value = "", db.PhoneDigits(i.Value)
		}
		if n.value != "" && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// identities finds out which customers and lines a source's records name, batch by batch, and makes what is missing.
// What one batch has found out holds for the next as long as nobody else changes records in between.
type identities struct {
	source    db.Source
	revision  int64 // of the last batch
	customers map[string]*db.Customer
	// known is whose lines a name stands for, of the names that were asked for; lines are the lines that they are.
	known map[name][]db.Key
	lines map[db.Key]*db.ServiceSubscription

	// What follows is one batch's.
	tx *db.Tx
	// merged are the lines that the batch has shown to be others.
	merged map[db.Key]db.Key

	newCustomers []*db.Customer
	newLines     []*db.ServiceSubscription
	newNames     []*db.SubscriptionIdentifier
	changed      map[db.Key]bool
	renamed      map[int64]string
}

// maxKnown is how many lines, or customers, are kept from one batch to the next.
const maxKnown = 50_000

func newIdentities(source db.Source) *identities {
	ids := &identities{source: source, changed: map[db.Key]bool{}, renamed: map[int64]string{}}
	ids.forget()
	return ids
}

// forget has the next batch ask for all that it needs.
func (ids *identities) forget() {
	ids.customers, ids.known = map[string]*db.Customer{}, map[name][]db.Key{}
	ids.lines, ids.merged = map[db.Key]*db.ServiceSubscription{}, map[db.Key]db.Key{}
}

// identify gives every record of a batch its customer and its line.
func (ids *identities) identify(ctx context.Context, tx *db.Tx, batch []*Record) error {
	if err := tx.Revise(ctx); err != nil {
		return err
	}
	// A merge may drop a name of one line for another's, which only the database knows.
	if tx.Revision() != ids.revision+1 || len(ids.merged) > 0 || len(ids.lines) > maxKnown || len(ids.customers) > maxKnown {
		ids.forget()
	}
	ids.revision, ids.tx = tx.Revision(), tx
	if err := ids.load(ctx, batch); err != nil {
		return err
	}
	owners := make([]db.Key, len(batch))
	for i, r := range batch {
		customerID := ids.customer(r.Customer)
		line, err := ids.line(ctx, r, customerID)
		if err != nil {
			return err
		}
		if line == (db.Key{}) {
			line.CustomerID = customerID
		}
		owners[i] = line
	}
	for i, r := range batch {
		r.belongTo(ids.final(owners[i]))
	}
	return ids.store(ctx)
}

// belongTo tells a record whose it is; an id of 0 is no line.
func (r *Record) belongTo(owner db.Key) {
	var line *int64
	if owner.ID != 0 {
		line = &owner.ID
	}
	switch {
	case r.Usage != nil:
		r.Usage.CustomerID, r.Usage.SubscriptionID = owner.CustomerID, line
	case r.Summary != nil:
		r.Summary.CustomerID, r.Summary.SubscriptionID = owner.CustomerID, line
	case r.Report != nil:
		r.Report.CustomerID, r.Report.SubscriptionID = owner.CustomerID, line
	}
}

// customerID returns the customer's id as the record names him.
func (r *Record) customerID() *string {
	if r.Customer == nil {
		return nil
	}
	return &r.Customer.ID
}

// lineID returns the line's id as the record names it.
func (r *Record) lineID() *string {
	if r.Line == nil {
		return nil
	}
	return &r.Line.Identifiers[0].Value
}

// load reads what is stored of the customers and lines that a batch names and no batch before it has.
func (ids *identities) load(ctx context.Context, batch []*Record) error {
	var customers []string
	values := map[name][]string{}
	for _, r := range batch {
		if r.Customer != nil && ids.customers[r.Customer.ID] == nil {
			customers = append(customers, r.Customer.ID)
		}
		if r.Line == nil {
			continue
		}
		for _, n := range names(ids.source, r.Line) {
			if _, asked := ids.known[n]; !asked {
				group := name{n.kind, n.source, ""}
				values[group] = append(values[group], n.value)
			}
		}
	}
	if len(customers) > 0 {
		found, err := ids.tx.CustomersBySource(ctx, ids.source, unique(customers))
		if err != nil {
			return err
		}
		maps.Copy(ids.customers, found)
	}
	var keys []db.Key
	for group, list := range values {
		found, err := ids.tx.SubscriptionsByIdentifier(ctx, group.kind, group.source, unique(list))
		if err != nil {
			return err
		}
		for _, i := range found {
			key := db.Key{CustomerID: i.CustomerID, ID: i.SubscriptionID}
			n := name{group.kind, group.source, i.Value}
			ids.known[n] = append(ids.known[n], key)
			if ids.lines[key] == nil {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	lines, err := ids.tx.Subscriptions(ctx, uniqueKeys(keys))
	for _, l := range lines {
		ids.lines[l.Key] = l
	}
	return err
}

// customer returns the id of the customer whom a record names; 0 where it names none.
func (ids *identities) customer(c *Customer) int64 {
	if c == nil {
		return 0
	}
	known := ids.customers[c.ID]
	if known == nil {
		known = &db.Customer{CustomerID: ids.tx.NextID(), Source: ids.source, SourceID: c.ID, Name: c.Name}
		ids.customers[c.ID] = known
		ids.newCustomers = append(ids.newCustomers, known)
		return known.CustomerID
	}
	if c.Name != nil && (known.Name == nil || *known.Name != *c.Name) {
		known.Name = c.Name
		ids.renamed[known.CustomerID] = *c.Name
	}
	return known.CustomerID
}
