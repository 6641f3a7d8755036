package queryplan_test

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"usagegraph/graph"
	"usagegraph/loaders"
	"usagegraph/queryplan"
	"usagegraph/resolvers"
)

// BenchmarkPlan answers an operation with a large selection and no records, with a cached plan and with a new one.
func BenchmarkPlan(b *testing.B) {
	exec := executor.New(graph.NewSchema(graph.Config{}, resolvers.New, nil))
	exec.SetQueryCache(queryplan.NewDocuments(1 << 20))
	ctx := loaders.New(graphql.StartOperationTrace(b.Context()), nil)
	for _, name := range []string{"cached", "new"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: `{nodes(ids: []) {id ...on Customer {name
					subscriptions(first: 3) {nodes {id sourceId phoneNumber usageRecords(first: 10) {pageInfo {endCursor} nodes {
					id eventTime usageType destination quantity {amount unit} rated {ratedAt taxExcluded {amount currency} tag}}}}}}}}`})
				if errs != nil {
					b.Fatal(errs)
				}
				if name == "new" {
					another := *operation.Operation // plans are cached by the address of the operation
					operation.Operation = &another
				}
				answer, ctx := exec.DispatchOperation(ctx, operation)
				if got := answer(ctx); string(got.Data) != `{"nodes":[]}` {
					b.Fatal(got.Errors, string(got.Data))
				}
			}
		})
	}
}
