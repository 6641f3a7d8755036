package ingest

import (
	"context"
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

// identities finds out, within one batch, which customers and lines its records name, and makes what is missing.
type identities struct {
	tx        *db.Tx
	source    db.Source
	customers map[string]*db.Customer
	// known is whose lines a name stands for; lines are those that the batch has to do with.
	known map[name][]db.Key
	lines map[db.Key]*db.ServiceSubscription

	// merged are the lines that the batch has shown to be others.
	merged map[db.Key]db.Key

	newCustomers []*db.Customer
	newLines     []*db.ServiceSubscription
	newNames     []*db.SubscriptionIdentifier
	changed      map[db.Key]bool
	renamed      map[int64]string
}

// identify gives every record of a batch its customer and its line.
func identify(ctx context.Context, tx *db.Tx, source db.Source, batch []*Record) error {
	ids := &identities{tx: tx, source: source, known: map[name][]db.Key{}, lines: map[db.Key]*db.ServiceSubscription{},
		merged: map[db.Key]db.Key{}, changed: map[db.Key]bool{}, renamed: map[int64]string{}}
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
		r.belongTo(source, ids.final(owners[i]))
	}
	return ids.store(ctx)
}

// belongTo tells a record whose it is; an id of 0 is no line.
func (r *Record) belongTo(source db.Source, owner db.Key) {
	var line *int64
	if owner.ID != 0 {
		line = &owner.ID
	}
	switch {
	case r.Usage != nil:
		r.Usage.CustomerID, r.Usage.SubscriptionID, r.Usage.Source = owner.CustomerID, line, source
		r.Usage.SourceCustomerID = r.customerID()
	case r.Summary != nil:
		r.Summary.CustomerID, r.Summary.SubscriptionID, r.Summary.Source = owner.CustomerID, line, source
		r.Summary.SourceCustomerID, r.Summary.SourceSubscriptionID = r.customerID(), r.lineID()
	case r.Report != nil:
		r.Report.CustomerID, r.Report.SubscriptionID, r.Report.Source = owner.CustomerID, line, source
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

// load reads what is stored of the customers and lines that a batch names.
func (ids *identities) load(ctx context.Context, batch []*Record) error {
	var customers []string
	values := map[name][]string{}
	for _, r := range batch {
		if r.Customer != nil {
			customers = append(customers, r.Customer.ID)
		}
		if r.Line != nil {
			for _, n := range names(ids.source, r.Line) {
				group := name{n.kind, n.source, ""}
				values[group] = append(values[group], n.value)
			}
		}
	}
	var err error
	if ids.customers, err = ids.tx.CustomersBySource(ctx, ids.source, unique(customers)); err != nil {
		return err
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
			keys = append(keys, key)
		}
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
