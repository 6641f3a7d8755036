package graphqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// resolverSpans makes a span of each resolver. Fields that only read a struct have none.
func resolverSpans(tracer trace.Tracer) graphql.FieldMiddleware {
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		field := graphql.GetFieldContext(ctx)
		if !field.IsResolver {
			return next(ctx)
		}
		ctx, span := tracer.Start(ctx, field.Object+"."+field.Field.Name)
		defer span.End()
		value, err := next(ctx)
		if err != nil {
			// The error itself may repeat what was asked.
			span.SetStatus(codes.Error, "")
		}
		return value, err
	}
}
