package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
	"usagegraph/loaders"
)

type queryResolver Resolver

func (r queryResolver) Node(ctx context.Context, id string) (db.Node, error) {
	nodes, problems, err := nodes(ctx, r.read, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], problems[0]
}

func (r queryResolver) Nodes(ctx context.Context, ids []string) ([]db.Node, error) {
	nodes, problems, err := nodes(ctx, r.read, ids)
	for i, problem := range problems {
		if problem != nil {
			graphql.AddError(ctx, gqlerror.WrapPath(append(graphql.GetPath(ctx), ast.PathIndex(i)), problem))
		}
	}
	return nodes, err
}

func (r queryResolver) Customer(ctx context.Context, by db.CustomerBy) (*db.Customer, error) {
	return loaders.One(ctx, r.read, by, (*db.Reader).Customer)
}

func (r queryResolver) Subscription(ctx context.Context, by db.SubscriptionBy, at *db.Time) (*db.ServiceSubscription, error) {
	by.At = at
	return loaders.One(ctx, r.read, by, (*db.Reader).Subscription)
}

func (r queryResolver) UsageRecord(ctx context.Context, by db.SourceID) (*db.UsageRecord, error) {
	return loaders.One(ctx, r.read, by, (*db.Reader).UsageRecord)
}

func (r queryResolver) Subscriptions(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.SubscriptionFilter, orderBy []*db.SubscriptionOrder) (*db.SubscriptionConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).Subscriptions)
}

func (r queryResolver) UsageRecords(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).UsageRecords)
}

func (r queryResolver) UsageSummaries(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).UsageSummaries)
}

func (r queryResolver) Buckets(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).Buckets)
}

func (r queryResolver) ConsumptionReports(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).ConsumptionReports)
}

func (r queryResolver) Customers(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.CustomerFilter, orderBy []*db.CustomerOrder) (*db.CustomerConnection, error) {
	return loaders.Page(ctx, r.read, nil, first, after, last, before, filter, orderBy, (*db.Reader).Customers)
}

func (r queryResolver) Links(ctx context.Context, first *int32, after *string) (*db.CustomerLinkConnection, error) {
	p, err := loaders.NewPage(ctx, r.read, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.CustomerLinks(ctx, p)
}

func (r queryResolver) Assignments(ctx context.Context, first *int32, after *string) (*db.AssignmentConnection, error) {
	p, err := loaders.NewPage(ctx, r.read, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.Assignments(ctx, p)
}

func (r queryResolver) Imports(ctx context.Context, first *int32, after *string) (*db.ImportConnection, error) {
	p, err := loaders.NewPage(ctx, r.read, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.Imports(ctx, p)
}

func (r queryResolver) Unattributed(ctx context.Context, first *int32, after *string) (*db.UnattributedConnection, error) {
	p, err := loaders.NewPage(ctx, r.read, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.Unattributed(ctx, r.read, p)
}

func (r queryResolver) UsageTotals(ctx context.Context, period db.PeriodInput, timeZone string, window *db.WindowInput, by []db.UsageDimension, filter *db.UsageRecordFilter, having *db.UsageTotalsFilter, orderBy []*db.UsageTotalsOrder, compareWith *db.Comparison, first int32, after *string) (*db.UsageTotalsConnection, error) {
	return loaders.UsageTotals(ctx, r.read, nil, db.UsageTotalsQuery{Period: period, TimeZone: timeZone, Window: window, By: by, Filter: filter, Having: having, OrderBy: orderBy, CompareWith: compareWith, First: first, After: after})
}

func (r queryResolver) Search(ctx context.Context, text string, first int32) ([]*db.SearchResult, error) {
	return loaders.Search(ctx, r.read, text, first)
}

func (r queryResolver) UsageRecordValues(ctx context.Context, field db.UsageRecordTextField, prefix *string, filter *db.UsageRecordFilter, first int32) ([]*db.UsageRecordValue, error) {
	return loaders.UsageRecordValues(ctx, db.UsageRecordValuesQuery{Field: field, Prefix: prefix, Filter: filter, First: first})
}

func (r queryResolver) DataAsOf(ctx context.Context) ([]*db.DataAsOf, error) {
	return loaders.DataAsOf(ctx)
}

func (r queryResolver) SummaryTotals(ctx context.Context, from db.YearMonth, to db.YearMonth, by []db.SummaryDimension, filter *db.UsageSummaryFilter, orderBy []*db.SummaryTotalsOrder, first int32, after *string) (*db.SummaryTotalsConnection, error) {
	return loaders.SummaryTotals(ctx, r.read, db.SummaryTotalsQuery{From: from, To: to, By: by, Filter: filter, OrderBy: orderBy, First: first, After: after})
}
