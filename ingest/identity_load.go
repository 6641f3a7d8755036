package ingest

import (
	"context"
	"maps"

	"usagegraph/db"
)

// load reads the stored customers and subscriptions that a batch, or the stored versions of its records, name and that
// are not cached.
func (ids *identities) load(ctx context.Context, claims []*claim) error {
	var customers, owned []string
	var names []db.SubscriptionName
	for _, c := range claims {
		if c.Customer != nil && ids.customers[c.Customer.ID] == nil {
			customers = append(customers, c.Customer.ID)
		}
		if own := c.ownID(); own != "" {
			if _, loaded := ids.byOwnID[own]; !loaded {
				ids.byOwnID[own] = nil
				owned = append(owned, own)
			}
		}
		names = append(names, c.Names()...)
		if c.old != nil {
			names = append(names, c.old.Names()...)
		}
	}
	if len(customers) > 0 {
		found, err := ids.tx.CustomersBySource(ctx, ids.source, unique(customers))
		if err != nil {
			return err
		}
		maps.Copy(ids.customers, found)
	}
	if len(owned) > 0 {
		if err := ids.loadOwn(ctx, ids.source, owned); err != nil {
			return err
		}
	}
	return ids.loadNames(ctx, names)
}

// loadOwn reads the subscriptions of own ids. None of them may be cached.
func (ids *identities) loadOwn(ctx context.Context, source db.Source, owned []string) error {
	rows, err := ids.tx.IdentifiersByName(ctx, db.SourceOwnID, source, owned)
	if err != nil {
		return err
	}
	for _, r := range rows {
		ids.byOwnID[r.Value] = append(ids.byOwnID[r.Value], r.Owner())
	}
	return ids.loadSubscriptions(ctx, rows)
}

// loadNames reads the identifiers of numbers and cards that are not cached.
func (ids *identities) loadNames(ctx context.Context, names []db.SubscriptionName) error {
	type group struct {
		kind   db.IdentifierKind
		source db.Source
	}
	values := map[group][]string{}
	for _, n := range names {
		if _, loaded := ids.identifiers[n]; !loaded {
			ids.identifiers[n] = nil
			g := group{n.Kind(), n.Source()}
			values[g] = append(values[g], n.Value())
		}
	}
	for g, list := range values {
		rows, err := ids.tx.IdentifiersByName(ctx, g.kind, g.source, list)
		if err != nil {
			return err
		}
		for _, r := range rows {
			ids.identifiers[r.Name()] = append(ids.identifiers[r.Name()], r)
		}
		if err := ids.loadSubscriptions(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// loadSubscriptions reads the subscriptions of identifiers that are not cached.
func (ids *identities) loadSubscriptions(ctx context.Context, rows []*db.SubscriptionIdentifier) error {
	missing := map[db.Key]bool{}
	for _, r := range rows {
		if ids.subscriptions[r.Owner()] == nil {
			missing[r.Owner()] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	list, err := ids.tx.Subscriptions(ctx, keysOf(missing))
	for _, l := range list {
		ids.subscriptions[l.Key] = l
	}
	return err
}

func keysOf(set map[db.Key]bool) []db.Key {
	keys := make([]db.Key, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	return keys
}
