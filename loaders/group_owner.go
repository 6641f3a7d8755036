package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// groupKeys are the keys of the records in the keys of groups that were read together.
type groupKeys struct{ customers, subscriptions []db.Key }

// rememberOwners keeps the owners of groups together, so that their customers are read by one statement, and their
// subscriptions.
func (l *Loaders) rememberOwners(owners []*db.GroupOwner) {
	together := &groupKeys{}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range owners {
		if o.Customer != nil {
			together.customers = append(together.customers, *o.Customer)
		}
		if o.Subscription != nil {
			together.subscriptions = append(together.subscriptions, *o.Subscription)
		}
		l.groups[o] = together
	}
}

func (l *Loaders) togetherWith(o *db.GroupOwner) *groupKeys {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.groups[o]
}

// GroupCustomer returns the customer of a group; nil if there is none.
func GroupCustomer(ctx context.Context, read *queryplan.Read, o *db.GroupOwner) (*db.Customer, error) {
	if o.Customer == nil {
		return nil, nil
	}
	l := from(ctx)
	return records[db.Customer](l, db.TypeCustomer, (*db.Reader).CustomersByKey).loadAmong(ctx, read, l.togetherWith(o).customers, *o.Customer)
}

// GroupSubscription returns the subscription of a group; nil if there is none.
func GroupSubscription(ctx context.Context, read *queryplan.Read, o *db.GroupOwner) (*db.ServiceSubscription, error) {
	if o.Subscription == nil {
		return nil, nil
	}
	l := from(ctx)
	return records[db.ServiceSubscription](l, db.TypeSubscription, (*db.Reader).SubscriptionsByKey).loadAmong(ctx, read, l.togetherWith(o).subscriptions, *o.Subscription)
}
