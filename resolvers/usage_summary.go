package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type usageSummaryResolver Resolver

func (r usageSummaryResolver) Customer(ctx context.Context, obj *db.UsageSummary) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, r.read, obj)
}

func (r usageSummaryResolver) Subscription(ctx context.Context, obj *db.UsageSummary) (*db.ServiceSubscription, error) {
	return loaders.SubscriptionOf(ctx, r.read, obj)
}

func (r usageSummaryResolver) Lines(ctx context.Context, obj *db.UsageSummary) ([]*db.UsageSummaryLine, error) {
	return loaders.Children(ctx, r.read, obj, nil, (*db.Reader).UsageSummaryLines)
}

func (r usageSummaryResolver) Buckets(ctx context.Context, obj *db.UsageSummary, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).Buckets)
}

type usageSummaryLineResolver Resolver

func (usageSummaryLineResolver) UsageSummary(ctx context.Context, obj *db.UsageSummaryLine) (*db.UsageSummary, error) {
	return loaders.UsageSummaryOfLine(ctx, obj)
}

func (r usageSummaryResolver) ImportedBy(ctx context.Context, obj *db.UsageSummary) (*db.Import, error) {
	return loaders.ImportOf(ctx, r.read, obj, func(n *db.UsageSummary) *int64 { return n.ImportedBy })
}
