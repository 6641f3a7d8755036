package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageKeyResolver Resolver

func (r usageKeyResolver) Customer(ctx context.Context, obj *db.UsageKey) (*db.Customer, error) {
	return loaders.GroupCustomer(ctx, r.read, &obj.GroupOwner)
}

func (r usageKeyResolver) Subscription(ctx context.Context, obj *db.UsageKey) (*db.ServiceSubscription, error) {
	return loaders.GroupSubscription(ctx, r.read, &obj.GroupOwner)
}
