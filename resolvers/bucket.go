package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type bucketResolver Resolver

func (r bucketResolver) Customer(ctx context.Context, obj *db.Bucket) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, r.read, obj)
}

func (r bucketResolver) Subscription(ctx context.Context, obj *db.Bucket) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, r.read, obj)
}

func (r bucketResolver) ConsumptionReport(ctx context.Context, obj *db.Bucket) (*db.ConsumptionReport, error) {
	return loaders.ConsumptionReportOf(ctx, r.read, obj)
}

func (r bucketResolver) UsageSummary(ctx context.Context, obj *db.Bucket) (*db.UsageSummary, error) {
	return loaders.UsageSummaryOf(ctx, r.read, obj)
}

func (r bucketResolver) Balances(ctx context.Context, obj *db.Bucket) ([]*db.BucketBalance, error) {
	return loaders.Children(ctx, r.read, obj, obj.Balances, (*db.Reader).BucketBalances)
}

func (r bucketResolver) Counters(ctx context.Context, obj *db.Bucket) ([]*db.BucketCounter, error) {
	return loaders.Children(ctx, r.read, obj, obj.Counters, (*db.Reader).BucketCounters)
}

type bucketBalanceResolver Resolver

func (bucketBalanceResolver) Bucket(ctx context.Context, obj *db.BucketBalance) (*db.Bucket, error) {
	return loaders.BucketOfBalance(ctx, obj)
}

type bucketCounterResolver Resolver

func (bucketCounterResolver) Bucket(ctx context.Context, obj *db.BucketCounter) (*db.Bucket, error) {
	return loaders.BucketOfCounter(ctx, obj)
}
