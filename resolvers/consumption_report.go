package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type consumptionReportResolver Resolver

func (r consumptionReportResolver) Customer(ctx context.Context, obj *db.ConsumptionReport) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, r.read, obj)
}

func (r consumptionReportResolver) Subscription(ctx context.Context, obj *db.ConsumptionReport) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, r.read, obj)
}

func (r consumptionReportResolver) Buckets(ctx context.Context, obj *db.ConsumptionReport, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).Buckets)
}

func (r consumptionReportResolver) ImportedBy(ctx context.Context, obj *db.ConsumptionReport) (*db.Import, error) {
	return loaders.ImportOf(ctx, r.read, obj, func(n *db.ConsumptionReport) *int64 { return n.ImportedBy })
}
