package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageRecordResolver struct{}

func (usageRecordResolver) Customer(ctx context.Context, obj *db.UsageRecord) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, obj)
}

func (usageRecordResolver) Subscription(ctx context.Context, obj *db.UsageRecord) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, obj)
}

func (usageRecordResolver) Rated(ctx context.Context, obj *db.UsageRecord) ([]*db.RatedUsage, error) {
	return loaders.RatedUsages(ctx, obj)
}
