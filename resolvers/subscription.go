package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type subscriptionResolver struct{}

func (subscriptionResolver) Identifiers(ctx context.Context, obj *db.ServiceSubscription) ([]*db.SubscriptionIdentifier, error) {
	return loaders.SubscriptionIdentifiers(ctx, obj)
}

func (subscriptionResolver) Customer(ctx context.Context, obj *db.ServiceSubscription) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, obj)
}

func (subscriptionResolver) UsageRecords(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageRecordQuery) (*db.UsageRecordConnection, error) {
		return loaders.UsageRecords(ctx, obj, q)
	})
}

func (subscriptionResolver) UsageSummaries(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageSummaryQuery) (*db.UsageSummaryConnection, error) {
		return loaders.UsageSummaries(ctx, obj, q)
	})
}

func (subscriptionResolver) Buckets(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.BucketQuery) (*db.BucketConnection, error) {
		return loaders.Buckets(ctx, obj, q)
	})
}

func (subscriptionResolver) ConsumptionReports(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.ConsumptionReportQuery) (*db.ConsumptionReportConnection, error) {
		return loaders.ConsumptionReports(ctx, obj, q)
	})
}
