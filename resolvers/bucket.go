package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type bucketResolver struct{}

func (bucketResolver) Customer(ctx context.Context, obj *db.Bucket) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, obj)
}

func (bucketResolver) Subscription(ctx context.Context, obj *db.Bucket) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, obj)
}

func (bucketResolver) ConsumptionReport(ctx context.Context, obj *db.Bucket) (*db.ConsumptionReport, error) {
	return loaders.ConsumptionReportOf(ctx, obj)
}

func (bucketResolver) UsageSummary(ctx context.Context, obj *db.Bucket) (*db.UsageSummary, error) {
	return loaders.UsageSummaryOf(ctx, obj)
}

func (bucketResolver) Balances(ctx context.Context, obj *db.Bucket) ([]*db.BucketBalance, error) {
	return loaders.BucketBalances(ctx, obj)
}

func (bucketResolver) Counters(ctx context.Context, obj *db.Bucket) ([]*db.BucketCounter, error) {
	return loaders.BucketCounters(ctx, obj)
}

type bucketBalanceResolver struct{}

func (bucketBalanceResolver) Bucket(ctx context.Context, obj *db.BucketBalance) (*db.Bucket, error) {
	return loaders.BucketOfBalance(ctx, obj)
}

type bucketCounterResolver struct{}

func (bucketCounterResolver) Bucket(ctx context.Context, obj *db.BucketCounter) (*db.Bucket, error) {
	return loaders.BucketOfCounter(ctx, obj)
}
