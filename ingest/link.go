package ingest

import (
	"context"
	"fmt"

	"usagegraph/db"
)

// Link says that two systems' customers are one.
type Link struct{ A, B db.SourceID }

// ParseLink reads a pair of customers, each as system:id (elevate:17).
func ParseLink(a, b string) (Link, error) {
	var l Link
	for _, side := range []struct {
		text string
		to   *db.SourceID
	}{{a, &l.A}, {b, &l.B}} {
		id, err := db.ParseCustomerID(side.text)
		if err != nil {
			return Link{}, fmt.Errorf("%q: %w", short(side.text), err)
		}
		*side.to = id
	}
	return l, nil
}

// LinkCustomers makes one customer of each pair and returns how many pairs were two before. A customer that no document
// has named yet is stored, so that later records belong to it.
func LinkCustomers(ctx context.Context, store *db.Store, links []Link) (int, error) {
	made := 0
	err := store.Write(ctx, func(tx *db.Tx) error {
		ids := newIdentities("")
		if err := ids.begin(ctx, tx); err != nil {
			return err
		}
		if err := tx.CheckSettings(ctx); err != nil {
			return err
		}
		l := &linker{tx: tx, ids: ids, known: map[db.SourceID]int64{}, merged: map[int64]int64{}}
		if err := l.load(ctx, links); err != nil {
			return err
		}
		for _, pair := range links {
			two, err := l.link(ctx, pair)
			if err != nil {
				return err
			}
			if two {
				made++
			}
		}
		return l.store(ctx)
	})
	return made, err
}

// linker links customers within one transaction.
type linker struct {
	tx    *db.Tx
	ids   *identities
	known map[db.SourceID]int64
	// merged are customers that have become others.
	merged         map[int64]int64
	newCustomers   []*db.Customer
	newIdentifiers []*db.CustomerIdentifier
}

// load reads which of the named customers are known.
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

// link makes one customer of a pair and tells whether it was two.
func (l *linker) link(ctx context.Context, pair Link) (bool, error) {
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
		if pair.A == pair.B {
			return false, nil
		}
		l.add(pair.B, c.CustomerID)
	}
	return true, nil
}

func (l *linker) customer(id db.SourceID) (int64, bool) {
	customerID, known := l.known[id]
	for next, ok := l.merged[customerID]; ok; next, ok = l.merged[customerID] {
		customerID = next
	}
	return customerID, known
}

// add gives a customer another name.
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
	l.merged[from] = to
	lines, err := l.tx.MergeCustomers(ctx, from, to)
	if err != nil {
		return err
	}
	return l.ids.reattribute(ctx, lines)
}

// reattribute determines placements, holdings and owners again that depend on the records of the subscriptions of a
// customer.
func (ids *identities) reattribute(ctx context.Context, keys []db.Key) error {
	ids.forget()
	ids.batchState = newBatchState(ids.tx)
	lines, err := ids.tx.Subscriptions(ctx, keys)
	if err != nil {
		return err
	}
	for _, l := range lines {
		ids.lines[l.Key] = l
		ids.touched[l.Key], ids.refresh[l.Key], ids.lost[l.Key] = true, true, true
	}
	named, err := ids.tx.LineNames(ctx, keys)
	if err != nil {
		return err
	}
	var names []db.LineName
	for _, l := range named {
		names = append(names, l.Name)
		ids.claim(l.Name, l.Key)
		ids.full[l.Name], ids.pairs[pair{l.CustomerID, l.Name}] = true, true
	}
	if err := ids.loadNames(ctx, names); err != nil {
		return err
	}
	if err := ids.placeAgain(ctx); err != nil {
		return err
	}
	since, err := ids.updateHoldings(ctx)
	if err != nil {
		return err
	}
	for _, n := range names {
		since[n] = always
	}
	if err := ids.attribute(ctx, nil, since); err != nil {
		return err
	}
	return ids.finish(ctx)
}

// store writes what is new so far.
func (l *linker) store(ctx context.Context) error {
	if err := l.tx.AddCustomers(ctx, l.newCustomers); err != nil {
		return err
	}
	if err := l.tx.AddCustomerIdentifiers(ctx, l.newIdentifiers); err != nil {
		return err
	}
	l.newCustomers, l.newIdentifiers = nil, nil
	return nil
}
