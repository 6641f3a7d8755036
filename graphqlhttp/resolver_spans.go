package graphqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// tracerName is the instrumentation scope of the spans.
const tracerName = "usagegraph/graphqlhttp"

// resolverSpans returns a middleware that makes a span of each resolver. Fields that only read a struct have no span.
func resolverSpans(provider trace.TracerProvider) graphql.FieldMiddleware {
	tracer := provider.Tracer(tracerName)
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		field := graphql.GetFieldContext(ctx)
		if !field.IsResolver {
			return next(ctx)
		}
		ctx, span := tracer.Start(ctx, field.Object+"."+field.Field.Name)
		defer span.End()
		value, err := next(ctx)
		if err != nil {
			// The text of the error can repeat input, so the span has the status only.
			span.SetStatus(codes.Error, "")
		}
		return value, err
	}
}
