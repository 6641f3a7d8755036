// Package resolvers resolves the fields of the schema that are not bound to a stored struct. Each type has one file
// with resolvers of a few lines, which read from the loaders.
package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/graph"
	"usagegraph/loaders"
)

// Resolver is the root of all resolvers. It has no state: the scope of the client is in the context's loaders.
type Resolver struct{}

var _ graph.ResolverRoot = Resolver{}

// Bucket resolves the fields of Bucket.
func (Resolver) Bucket() graph.BucketResolver { return bucketResolver{} }

// BucketBalance resolves the fields of BucketBalance.
func (Resolver) BucketBalance() graph.BucketBalanceResolver { return bucketBalanceResolver{} }

// BucketCounter resolves the fields of BucketCounter.
func (Resolver) BucketCounter() graph.BucketCounterResolver { return bucketCounterResolver{} }

// ConsumptionReport resolves the fields of ConsumptionReport.
func (Resolver) ConsumptionReport() graph.ConsumptionReportResolver {
	return consumptionReportResolver{}
}

// Customer resolves the fields of Customer.
func (Resolver) Customer() graph.CustomerResolver { return customerResolver{} }

// Query resolves the fields of Query.
func (Resolver) Query() graph.QueryResolver { return queryResolver{} }

// RatedUsage resolves the fields of RatedUsage.
func (Resolver) RatedUsage() graph.RatedUsageResolver { return ratedUsageResolver{} }

// ServiceSubscription resolves the fields of ServiceSubscription.
func (Resolver) ServiceSubscription() graph.ServiceSubscriptionResolver {
	return subscriptionResolver{}
}

// UsageRecord resolves the fields of UsageRecord.
func (Resolver) UsageRecord() graph.UsageRecordResolver { return usageRecordResolver{} }

// UsageSummary resolves the fields of UsageSummary.
func (Resolver) UsageSummary() graph.UsageSummaryResolver { return usageSummaryResolver{} }

// UsageSummaryLine resolves the fields of UsageSummaryLine.
func (Resolver) UsageSummaryLine() graph.UsageSummaryLineResolver { return usageSummaryLineResolver{} }

// page parses the arguments of a connection and calls read with the query.
func page[F db.Filter, O, C any](ctx context.Context, first *int32, after *string, last *int32, before *string, filter F, orderBy []*O, read func(db.Query[F, O]) (C, error)) (C, error) {
	p, err := loaders.Page(ctx, first, after, last, before)
	if err != nil {
		var none C
		return none, err
	}
	return read(db.Query[F, O]{Filter: filter, OrderBy: orderBy, Page: p})
}
