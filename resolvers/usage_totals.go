package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageKeyResolver struct{}

func (usageKeyResolver) Customer(ctx context.Context, obj *db.UsageKey) (*db.Customer, error) {
	return loaders.GroupCustomer(ctx, obj)
}

func (usageKeyResolver) Subscription(ctx context.Context, obj *db.UsageKey) (*db.ServiceSubscription, error) {
	return loaders.GroupSubscription(ctx, obj)
}
