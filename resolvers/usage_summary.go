package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageSummaryResolver struct{}

func (usageSummaryResolver) Customer(ctx context.Context, obj *db.UsageSummary) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, obj)
}

func (usageSummaryResolver) Subscription(ctx context.Context, obj *db.UsageSummary) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, obj)
}

func (usageSummaryResolver) Lines(ctx context.Context, obj *db.UsageSummary) ([]*db.UsageSummaryLine, error) {
	return loaders.UsageSummaryLines(ctx, obj)
}

func (usageSummaryResolver) Buckets(ctx context.Context, obj *db.UsageSummary, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.BucketQuery) (*db.BucketConnection, error) {
		return loaders.Buckets(ctx, obj, q)
	})
}

type usageSummaryLineResolver struct{}

func (usageSummaryLineResolver) UsageSummary(ctx context.Context, obj *db.UsageSummaryLine) (*db.UsageSummary, error) {
	return loaders.UsageSummaryOfLine(ctx, obj)
}
