package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type customerResolver struct{}

func (customerResolver) Identifiers(ctx context.Context, obj *db.Customer) ([]*db.CustomerIdentifier, error) {
	return loaders.CustomerIdentifiers(ctx, obj)
}

func (customerResolver) Subscriptions(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.SubscriptionFilter, orderBy []*db.SubscriptionOrder) (*db.SubscriptionConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.SubscriptionQuery) (*db.SubscriptionConnection, error) {
		return loaders.Subscriptions(ctx, obj, q)
	})
}

func (customerResolver) UsageRecords(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageRecordQuery) (*db.UsageRecordConnection, error) {
		return loaders.UsageRecords(ctx, obj, q)
	})
}

func (customerResolver) UsageSummaries(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageSummaryQuery) (*db.UsageSummaryConnection, error) {
		return loaders.UsageSummaries(ctx, obj, q)
	})
}

func (customerResolver) Buckets(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.BucketQuery) (*db.BucketConnection, error) {
		return loaders.Buckets(ctx, obj, q)
	})
}

func (customerResolver) ConsumptionReports(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.ConsumptionReportQuery) (*db.ConsumptionReportConnection, error) {
		return loaders.ConsumptionReports(ctx, obj, q)
	})
}
