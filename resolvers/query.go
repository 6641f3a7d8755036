package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
	"usagegraph/loaders"
)

type queryResolver struct{}

func (queryResolver) Node(ctx context.Context, id string) (db.Node, error) {
	nodes, problems, err := nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], problems[0]
}

func (queryResolver) Nodes(ctx context.Context, ids []string) ([]db.Node, error) {
	nodes, problems, err := nodes(ctx, ids)
	for i, problem := range problems {
		if problem != nil {
			graphql.AddError(ctx, gqlerror.WrapPath(append(graphql.GetPath(ctx), ast.PathIndex(i)), problem))
		}
	}
	return nodes, err
}

func (queryResolver) Customer(ctx context.Context, by db.CustomerBy) (*db.Customer, error) {
	return loaders.Customer(ctx, by)
}

func (queryResolver) Subscription(ctx context.Context, by db.SubscriptionBy, at *db.Time) (*db.ServiceSubscription, error) {
	by.At = at
	return loaders.Subscription(ctx, by)
}

func (queryResolver) UsageRecord(ctx context.Context, by db.SourceID) (*db.UsageRecord, error) {
	return loaders.UsageRecord(ctx, by)
}

func (queryResolver) Subscriptions(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.SubscriptionFilter, orderBy []*db.SubscriptionOrder) (*db.SubscriptionConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.SubscriptionQuery) (*db.SubscriptionConnection, error) {
		return loaders.Subscriptions(ctx, nil, q)
	})
}

func (queryResolver) UsageRecords(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.UsageRecordFilter, orderBy []*db.UsageRecordOrder) (*db.UsageRecordConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageRecordQuery) (*db.UsageRecordConnection, error) {
		return loaders.UsageRecords(ctx, nil, q)
	})
}

func (queryResolver) UsageSummaries(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.UsageSummaryFilter, orderBy []*db.UsageSummaryOrder) (*db.UsageSummaryConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.UsageSummaryQuery) (*db.UsageSummaryConnection, error) {
		return loaders.UsageSummaries(ctx, nil, q)
	})
}

func (queryResolver) Buckets(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.BucketFilter, orderBy []*db.BucketOrder) (*db.BucketConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.BucketQuery) (*db.BucketConnection, error) {
		return loaders.Buckets(ctx, nil, q)
	})
}

func (queryResolver) ConsumptionReports(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.ConsumptionReportFilter, orderBy []*db.ConsumptionReportOrder) (*db.ConsumptionReportConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.ConsumptionReportQuery) (*db.ConsumptionReportConnection, error) {
		return loaders.ConsumptionReports(ctx, nil, q)
	})
}

func (queryResolver) Customers(ctx context.Context, first *int32, after *string, last *int32, before *string, filter *db.CustomerFilter, orderBy []*db.CustomerOrder) (*db.CustomerConnection, error) {
	return page(ctx, first, after, last, before, filter, orderBy, func(q db.CustomerQuery) (*db.CustomerConnection, error) {
		return loaders.Customers(ctx, q)
	})
}

func (queryResolver) Links(ctx context.Context, first *int32, after *string) (*db.CustomerLinkConnection, error) {
	p, err := loaders.Page(ctx, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.CustomerLinks(ctx, p)
}

func (queryResolver) Assignments(ctx context.Context, first *int32, after *string) (*db.AssignmentConnection, error) {
	p, err := loaders.Page(ctx, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.Assignments(ctx, p)
}

func (queryResolver) Unattributed(ctx context.Context, first *int32, after *string) (*db.UnattributedConnection, error) {
	p, err := loaders.Page(ctx, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.Unattributed(ctx, p)
}
