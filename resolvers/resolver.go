// Package resolvers resolves the fields of the schema that are not bound to a stored struct. Each type has one file
// with resolvers of a few lines, which read from the loaders.
package resolvers

import (
	"usagegraph/graph"
	"usagegraph/queryplan"
)

// Resolver is the root of all resolvers of a plan. The scope of the client is in the context's loaders.
type Resolver struct{ read *queryplan.Read }

// New returns the resolvers of a plan; nil returns those of the executor.
func New(read *queryplan.Read) graph.ResolverRoot { return Resolver{read} }

// Bucket resolves the fields of Bucket.
func (r Resolver) Bucket() graph.BucketResolver { return bucketResolver(r) }

// BucketBalance resolves the fields of BucketBalance.
func (r Resolver) BucketBalance() graph.BucketBalanceResolver { return bucketBalanceResolver(r) }

// BucketCounter resolves the fields of BucketCounter.
func (r Resolver) BucketCounter() graph.BucketCounterResolver { return bucketCounterResolver(r) }

// ConsumptionReport resolves the fields of ConsumptionReport.
func (r Resolver) ConsumptionReport() graph.ConsumptionReportResolver {
	return consumptionReportResolver(r)
}

// Customer resolves the fields of Customer.
func (r Resolver) Customer() graph.CustomerResolver { return customerResolver(r) }

// Import resolves the fields of Import.
func (r Resolver) Import() graph.ImportResolver { return importResolver(r) }

// Query resolves the fields of Query.
func (r Resolver) Query() graph.QueryResolver { return queryResolver(r) }

// RatedUsage resolves the fields of RatedUsage.
func (r Resolver) RatedUsage() graph.RatedUsageResolver { return ratedUsageResolver(r) }

// ServiceSubscription resolves the fields of ServiceSubscription.
func (r Resolver) ServiceSubscription() graph.ServiceSubscriptionResolver {
	return subscriptionResolver(r)
}

// SummaryKey resolves the fields of SummaryKey.
func (r Resolver) SummaryKey() graph.SummaryKeyResolver { return summaryKeyResolver(r) }

// UsageKey resolves the fields of UsageKey.
func (r Resolver) UsageKey() graph.UsageKeyResolver { return usageKeyResolver(r) }

// UsageRecord resolves the fields of UsageRecord.
func (r Resolver) UsageRecord() graph.UsageRecordResolver { return usageRecordResolver(r) }

// UsageSummary resolves the fields of UsageSummary.
func (r Resolver) UsageSummary() graph.UsageSummaryResolver { return usageSummaryResolver(r) }

// UsageSummaryLine resolves the fields of UsageSummaryLine.
func (r Resolver) UsageSummaryLine() graph.UsageSummaryLineResolver {
	return usageSummaryLineResolver(r)
}
