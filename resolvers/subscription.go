package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type subscriptionResolver Resolver

func (r subscriptionResolver) Identifiers(ctx context.Context, obj *db.ServiceSubscription) ([]*db.SubscriptionIdentifier, error) {
	return loaders.Children(ctx, r.read, obj, nil, (*db.Reader).SubscriptionIdentifiers)
}

func (r subscriptionResolver) Customer(ctx context.Context, obj *db.ServiceSubscription) (*db.Customer, error) {
	return loaders.CustomerOf(ctx, r.read, obj)
}

func (r subscriptionResolver) UsageRecords(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).UsageRecords)
}

func (r subscriptionResolver) UsageSummaries(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).UsageSummaries)
}

func (r subscriptionResolver) Buckets(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).Buckets)
}

func (r subscriptionResolver) ConsumptionReports(ctx context.Context, obj *db.ServiceSubscription, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).ConsumptionReports)
}

func (r subscriptionResolver) BillingCycles(ctx context.Context, obj *db.ServiceSubscription, first int32) ([]*db.TimePeriod, error) {
	return loaders.BillingCycles(ctx, r.read, obj, first)
}

func (r subscriptionResolver) UsageTotals(ctx context.Context, obj *db.ServiceSubscription, period db.PeriodInput, timeZone string, window *db.WindowInput, by []db.UsageDimension, filter *db.UsageRecordFilter, having *db.UsageTotalsFilter, orderBy []*db.UsageTotalsOrder, compareWith *db.Comparison, first int32, after *string) (*db.UsageTotalsConnection, error) {
	return loaders.UsageTotals(ctx, r.read, obj, db.UsageTotalsQuery{Period: period, TimeZone: timeZone, Window: window, By: by, Filter: filter, Having: having, OrderBy: orderBy, CompareWith: compareWith, First: first, After: after})
}
