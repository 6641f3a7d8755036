package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageRecordResolver Resolver

func (r usageRecordResolver) Customer(ctx context.Context, obj *db.UsageRecord) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, r.read, obj)
}

func (r usageRecordResolver) Subscription(ctx context.Context, obj *db.UsageRecord) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, r.read, obj)
}

func (r usageRecordResolver) Rated(ctx context.Context, obj *db.UsageRecord) ([]*db.RatedUsage, error) {
	return loaders.Children(ctx, r.read, obj, obj.Rated, (*db.Reader).RatedUsages)
}

func (r usageRecordResolver) ImportedBy(ctx context.Context, obj *db.UsageRecord) (*db.Import, error) {
	return loaders.ImportOf(ctx, r.read, obj, func(n *db.UsageRecord) *int64 { return n.ImportedBy })
}
