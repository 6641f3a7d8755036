package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type summaryKeyResolver Resolver

func (r summaryKeyResolver) Customer(ctx context.Context, obj *db.SummaryKey) (*db.Customer, error) {
	return loaders.GroupCustomer(ctx, r.read, &obj.GroupOwner)
}

func (r summaryKeyResolver) Subscription(ctx context.Context, obj *db.SummaryKey) (*db.ServiceSubscription, error) {
	return loaders.GroupSubscription(ctx, r.read, &obj.GroupOwner)
}
