package ingest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"usagegraph/db"
)

// line returns the key of the line that a record names; the zero key where it names none.
func (ids *identities) line(ctx context.Context, r *Record, customerID int64) (db.Key, error) {
	if r.Line == nil {
		return db.Key{}, nil
	}
	called := names(ids.source, r.Line)
	if len(called) == 0 {
		return db.Key{}, nil
	}
	found := ids.candidates(called, r.Customer, customerID)
	if len(found) == 0 {
		found = []db.Key{ids.add(r.Line, customerID)}
	}
	key := found[0]
	for _, twin := range found[1:] {
		if err := ids.merge(ctx, twin, key); err != nil {
			return db.Key{}, err
		}
	}
	for _, n := range called {
		if !slices.Contains(ids.known[n], key) {
			ids.known[n] = append(ids.known[n], key)
			ids.newNames = append(ids.newNames, &db.SubscriptionIdentifier{Kind: n.kind, SourceName: n.source, Value: n.value,
				CustomerID: key.CustomerID, SubscriptionID: key.ID})
		}
	}
	if learn(ids.lines[key], r.Line) {
		ids.changed[key] = true
	}
	return key, nil
}

// candidates returns the lines that are called so, which are all one: the oldest first. A record that names its
// customer means his lines. One that names none means the one line of any customer that is called so, with what nobody
// was known to own before; where there is none, or more than one, it is nobody's.
func (ids *identities) candidates(called []name, customer *Customer, customerID int64) []db.Key {
	var owned, unattributed []db.Key
	for _, n := range called {
		for _, key := range ids.known[n] {
			switch {
			case key.CustomerID == 0:
				unattributed = append(unattributed, key)
			case customer == nil || key.CustomerID == customerID:
				owned = append(owned, key)
			}
		}
	}
	owned, unattributed = uniqueKeys(owned), uniqueKeys(unattributed)
	switch {
	case customer != nil:
		return owned
	case len(owned) == 1:
		return append(owned, unattributed...)
	}
	return unattributed
}

// add makes a new line.
func (ids *identities) add(l *Line, customerID int64) db.Key {
	line := &db.ServiceSubscription{Key: db.Key{CustomerID: customerID, ID: ids.tx.NextID()}, Source: ids.source, SourceID: l.Identifiers[0].Value}
	learn(line, l)
	ids.lines[line.Key] = line
	ids.newLines = append(ids.newLines, line)
	return line.Key
}

// learn takes over what a record says of a line and tells whether that changed anything. A masked phone number does
// not replace a full one.
func learn(line *db.ServiceSubscription, l *Line) bool {
	before := *line
	if l.PhoneNumber != nil && (line.PhoneNumber == nil || !strings.Contains(*l.PhoneNumber, "*") || strings.Contains(*line.PhoneNumber, "*")) {
		line.PhoneNumber = l.PhoneNumber
	}
	take(&line.SimCardNumber, l.SimCardNumber)
	take(&line.ProviderGroup, l.ProviderGroup)
	take(&line.IsGroupSim, l.IsGroupSim)
	take(&line.BusinessID, l.BusinessID)
	return !same(before.PhoneNumber, line.PhoneNumber) || !same(before.SimCardNumber, line.SimCardNumber) ||
		!same(before.ProviderGroup, line.ProviderGroup) || !same(before.IsGroupSim, line.IsGroupSim) || !same(before.BusinessID, line.BusinessID)
}

func take[T any](to **T, value *T) {
	if value != nil {
		*to = value
	}
}

func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// merge makes one line of two, in the database and in what the batch knows.
func (ids *identities) merge(ctx context.Context, from, to db.Key) error {
	if err := ids.store(ctx); err != nil {
		return err
	}
	if err := ids.tx.MergeSubscriptions(ctx, from, to); err != nil {
		return err
	}
	for n, keys := range ids.known {
		for i, key := range keys {
			if key == from {
				keys[i] = to
			}
		}
		ids.known[n] = uniqueKeys(keys)
	}
	kept, err := ids.tx.Subscriptions(ctx, []db.Key{to})
	if err != nil {
		return err
	}
	ids.lines[to] = kept[0]
	delete(ids.lines, from)
	ids.merged[from] = to
	return nil
}

// final returns what a line has become.
func (ids *identities) final(key db.Key) db.Key {
	for next, ok := ids.merged[key]; ok; next, ok = ids.merged[key] {
		key = next
	}
	return key
}

// store writes what the batch has found out so far.
func (ids *identities) store(ctx context.Context) error {
	if err := ids.tx.AddCustomers(ctx, ids.newCustomers); err != nil {
		return err
	}
	for id, name := range ids.renamed {
		if err := ids.tx.RenameCustomer(ctx, id, name); err != nil {
			return err
		}
	}
	if err := ids.tx.AddSubscriptions(ctx, ids.newLines); err != nil {
		return err
	}
	if err := ids.tx.AddSubscriptionIdentifiers(ctx, ids.newNames); err != nil {
		return err
	}
	for key := range ids.changed {
		if err := ids.tx.UpdateSubscription(ctx, ids.lines[key]); err != nil {
			return err
		}
	}
	ids.newCustomers, ids.newLines, ids.newNames = nil, nil, nil
	clear(ids.renamed)
	clear(ids.changed)
	return nil
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// uniqueKeys sorts keys by age.
func uniqueKeys(keys []db.Key) []db.Key {
	slices.SortFunc(keys, func(a, b db.Key) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.CustomerID, b.CustomerID))
	})
	return slices.Compact(keys)
}
