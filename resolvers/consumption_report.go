package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type consumptionReportResolver struct{}

func (consumptionReportResolver) Customer(ctx context.Context, obj *db.ConsumptionReport) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, obj)
}

func (consumptionReportResolver) Subscription(ctx context.Context, obj *db.ConsumptionReport) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, obj)
}

func (consumptionReportResolver) Buckets(ctx context.Context, obj *db.ConsumptionReport, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.BucketQuery) (*db.BucketConnection, error) {
		return loaders.Buckets(ctx, obj, q)
	})
}
