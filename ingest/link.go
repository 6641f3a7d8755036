package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"usagegraph/db"
)

// Link is a pair of customers, each identified by an id in a system.
type Link struct{ A, B db.SourceID }

// ParseLink parses a pair of customers, each in the form system:id (elevate:17).
func ParseLink(a, b string) (Link, error) {
	var l Link
	for _, side := range []struct {
		text string
		to   *db.SourceID
	}{{a, &l.A}, {b, &l.B}} {
		id, err := db.ParseCustomerID(side.text)
		if err != nil {
			return Link{}, fmt.Errorf("%q: %w", abbreviate(side.text), err)
		}
		*side.to = id
	}
	if l.A == l.B {
		return Link{}, fmt.Errorf("%s is given twice: want two different customers", l.A)
	}
	return l, nil
}

// LinkOptions controls which links are allowed.
type LinkOptions struct {
	// Create stores customers that no document names yet. Without it, LinkCustomers returns NotFound for them.
	Create bool
	// SameSystem allows links between two customers of one system.
	SameSystem bool
	// By is the name of the person who makes the links.
	By string
}

// LinkCustomers makes one customer of each pair and returns the number of pairs that were separate before. It makes all
// links or none, in one transaction. It returns a NotFound error that names the unknown customers unless o.Create is
// set, and a BadInput error for two customers of one system unless o.SameSystem is set.
func LinkCustomers(ctx context.Context, store *db.Store, links []Link, o LinkOptions) (made int, err error) {
	_, err = decide(ctx, store, false, func(ids *identities) error {
		made, err = ids.link(ctx, links, o)
		return err
	})
	return made, err
}

// PreviewLinks returns the documents without a customer of their own that links would move to another customer, and
// changes nothing. It returns the same errors as LinkCustomers.
func PreviewLinks(ctx context.Context, store *db.Store, links []Link, o LinkOptions) ([]Transfer, error) {
	return decide(ctx, store, true, func(ids *identities) error {
		_, err := ids.link(ctx, links, o)
		return err
	})
}

// link is LinkCustomers within a transaction.
func (ids *identities) link(ctx context.Context, links []Link, o LinkOptions) (made int, err error) {
	l := &linker{tx: ids.tx, by: o.By, known: map[db.SourceID]int64{}, merged: map[int64]int64{}, mergeTargets: map[int64]bool{}}
	if err := l.load(ctx, links); err != nil {
		return 0, err
	}
	if err := o.check(links, func(id db.SourceID) bool { _, known := l.known[id]; return known }); err != nil {
		return 0, err
	}
	for _, pair := range links {
		separate, err := l.link(ctx, pair)
		if err != nil {
			return 0, err
		}
		if separate {
			made++
		}
	}
	if err := l.store(ctx); err != nil {
		return 0, err
	}
	return made, ids.reattribute(ctx, idsOf(l.mergeTargets))
}

// linker links customers within one transaction.
type linker struct {
	tx    *db.Tx
	by    string
	known map[db.SourceID]int64
	// merged maps each merged customer to the one that replaces it. mergeTargets holds the replacing ones.
	merged         map[int64]int64
	mergeTargets   map[int64]bool
	newCustomers   []*db.Customer
	newIdentifiers []*db.CustomerIdentifier
	newLinks       []*db.CustomerLink
}

// load reads the stored customers that the links name.
func (l *linker) load(ctx context.Context, links []Link) error {
	named := map[db.Source][]string{}
	for _, pair := range links {
		for _, id := range []db.SourceID{pair.A, pair.B} {
			named[id.Source] = append(named[id.Source], id.Value)
		}
	}
	for source, ids := range named {
		found, err := l.tx.CustomersBySource(ctx, source, unique(ids))
		if err != nil {
			return err
		}
		for value, c := range found {
			l.known[db.SourceID{Source: source, Value: value}] = c.CustomerID
		}
	}
	return nil
}

// check returns an error for links that the options do not allow.
func (o LinkOptions) check(links []Link, known func(db.SourceID) bool) error {
	var unknown []string
	for _, pair := range links {
		if pair.A.Source == pair.B.Source && !o.SameSystem {
			return db.Errorf(db.BadInput, "%s and %s are two customers of one system: link them only if they are the same person or company (--same-system)", pair.A, pair.B)
		}
		for _, id := range []db.SourceID{pair.A, pair.B} {
			if !known(id) {
				unknown = append(unknown, id.String())
			}
		}
	}
	if unknown = unique(unknown); len(unknown) > 0 && !o.Create {
		return db.Errorf(db.NotFound, "no document names %s: check the spelling, or allow links before the import with --create", strings.Join(unknown, ", "))
	}
	return nil
}

// link makes one customer of a pair and reports whether the two were separate.
func (l *linker) link(ctx context.Context, pair Link) (bool, error) {
	link := db.NewCustomerLink(pair.A, pair.B)
	switch _, err := l.tx.CustomerLink(ctx, pair.A, pair.B); {
	case err == nil:
		return false, nil // already linked
	case !isNotFound(err):
		return false, err
	}
	link.LinkedAt, link.LinkedBy = new(l.tx.Now()), &l.by
	l.newLinks = append(l.newLinks, link)
	a, knownA := l.customer(pair.A)
	b, knownB := l.customer(pair.B)
	switch {
	case knownA && knownB:
		return a != b, l.merge(ctx, max(a, b), min(a, b))
	case knownA:
		l.add(pair.B, a)
	case knownB:
		l.add(pair.A, b)
	default:
		c := &db.Customer{CustomerID: l.tx.NextID(), Source: pair.A.Source, SourceID: pair.A.Value}
		l.newCustomers = append(l.newCustomers, c)
		l.known[pair.A] = c.CustomerID
		l.add(pair.B, c.CustomerID)
	}
	return true, nil
}

func isNotFound(err error) bool {
	var e *db.Error
	return errors.As(err, &e) && e.Code == db.NotFound
}

// customer returns the current customer of an identifier, after merges.
func (l *linker) customer(id db.SourceID) (int64, bool) {
	customerID, known := l.known[id]
	for next, ok := l.merged[customerID]; ok; next, ok = l.merged[customerID] {
		customerID = next
	}
	return customerID, known
}

// add adds an identifier to a customer.
func (l *linker) add(id db.SourceID, customerID int64) {
	l.known[id] = customerID
	l.newIdentifiers = append(l.newIdentifiers, &db.CustomerIdentifier{Source: id.Source, Value: id.Value, CustomerID: customerID})
}

func (l *linker) merge(ctx context.Context, from, to int64) error {
	if from == to {
		return nil
	}
	if err := l.store(ctx); err != nil {
		return err
	}
	l.merged[from], l.mergeTargets[to] = to, true
	delete(l.mergeTargets, from)
	return l.tx.MergeCustomers(ctx, from, to)
}

// store writes the customers, identifiers and links that are new since the last call.
func (l *linker) store(ctx context.Context) error {
	if err := l.tx.AddCustomers(ctx, l.newCustomers); err != nil {
		return err
	}
	if err := l.tx.AddCustomerIdentifiers(ctx, l.newIdentifiers); err != nil {
		return err
	}
	if err := l.tx.AddCustomerLinks(ctx, l.newLinks); err != nil {
		return err
	}
	l.newCustomers, l.newIdentifiers, l.newLinks = nil, nil, nil
	return nil
}
