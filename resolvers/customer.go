package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type customerResolver Resolver

func (r customerResolver) Identifiers(ctx context.Context, obj *db.Customer) ([]*db.CustomerIdentifier, error) {
	return loaders.Children(ctx, r.read, obj, nil, (*db.Reader).CustomerIdentifiers)
}

func (r customerResolver) Subscriptions(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.SubscriptionFilter, orderBy []*db.SubscriptionOrder) (*db.SubscriptionConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).Subscriptions)
}

func (r customerResolver) UsageRecords(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).UsageRecords)
}

func (r customerResolver) UsageSummaries(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).UsageSummaries)
}

func (r customerResolver) Buckets(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).Buckets)
}

func (r customerResolver) ConsumptionReports(ctx context.Context, obj *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return loaders.Page(ctx, r.read, obj, first, after, last, before, filter, orderBy, (*db.Reader).ConsumptionReports)
}

func (r customerResolver) UsageTotals(ctx context.Context, obj *db.Customer, period db.PeriodInput, timeZone string, window *db.WindowInput, by []db.UsageDimension, filter *db.UsageRecordFilter, having *db.UsageTotalsFilter, orderBy []*db.UsageTotalsOrder, compareWith *db.Comparison, first int32, after *string) (*db.UsageTotalsConnection, error) {
	return loaders.UsageTotals(ctx, r.read, obj, db.UsageTotalsQuery{Period: period, TimeZone: timeZone, Window: window, By: by, Filter: filter, Having: having, OrderBy: orderBy, CompareWith: compareWith, First: first, After: after})
}
