package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// maxTotals is the maximum number of fields of an operation that add up records.
const maxTotals = 5

// UsageTotals returns totals of the usage records of a customer or subscription; of all usage records if parent is nil.
func UsageTotals(ctx context.Context, read *queryplan.Read, parent db.Node, q db.UsageTotalsQuery) (*db.UsageTotalsConnection, error) {
	l := from(ctx)
	of := db.NoParent
	list := func(ctx context.Context, p *db.Projection, keys []db.Key) ([]*db.UsageTotalsConnection, error) {
		if err := l.countTotals(); err != nil {
			return nil, err
		}
		pages, err := l.reader.UsageTotals(ctx, p, db.Parents{Type: of.Type, Keys: keys}, q)
		l.rememberKeys(pages)
		return pages, err
	}
	if parent == nil {
		pages, err := list(ctx, read.Projection(), of.Keys)
		if err != nil {
			return nil, err
		}
		return pages[0], nil
	}
	of.Type = parent.NodeType()
	if l.isUnread(parent) {
		return &db.UsageTotalsConnection{Nodes: []*db.UsageTotals{}}, nil
	}
	type name struct {
		of       db.NodeType
		question string
	}
	return batchOf(l, name{of.Type, q.Identity()}, list).load(ctx, read, l.siblingsOf(parent), parent.NodeKey(), ownKey)
}

// countTotals counts a field that adds up records. It returns a LimitExceeded error after maxTotals of them.
func (l *Loaders) countTotals() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.totals++; l.totals > maxTotals {
		return db.Errorf(db.LimitExceeded, "at most %d fields of an operation sum up records", maxTotals)
	}
	return nil
}

// groupKeys are the keys of the records in the keys of groups that were read together.
type groupKeys struct{ customers, subscriptions []db.Key }

// rememberKeys keeps the groups of pages together, so that the customers in their keys are read by one statement, and
// the subscriptions.
func (l *Loaders) rememberKeys(pages []*db.UsageTotalsConnection) {
	together := &groupKeys{}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range pages {
		for _, group := range p.Nodes {
			if k := group.Key.Customer; k != nil {
				together.customers = append(together.customers, *k)
			}
			if k := group.Key.Subscription; k != nil {
				together.subscriptions = append(together.subscriptions, *k)
			}
			l.groups[group.Key] = together
		}
	}
}

func (l *Loaders) togetherWith(k *db.UsageKey) *groupKeys {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.groups[k]
}

// GroupCustomer returns the customer in the key of a group; nil if there is none.
func GroupCustomer(ctx context.Context, read *queryplan.Read, k *db.UsageKey) (*db.Customer, error) {
	if k.Customer == nil {
		return nil, nil
	}
	l := from(ctx)
	return records[db.Customer](l, db.TypeCustomer, (*db.Reader).CustomersByKey).loadAmong(ctx, read, l.togetherWith(k).customers, *k.Customer)
}

// GroupSubscription returns the subscription in the key of a group; nil if there is none.
func GroupSubscription(ctx context.Context, read *queryplan.Read, k *db.UsageKey) (*db.ServiceSubscription, error) {
	if k.Subscription == nil {
		return nil, nil
	}
	l := from(ctx)
	return records[db.ServiceSubscription](l, db.TypeSubscription, (*db.Reader).SubscriptionsByKey).loadAmong(ctx, read, l.togetherWith(k).subscriptions, *k.Subscription)
}
