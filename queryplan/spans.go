package queryplan

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// errPanic is the error of a resolver that does not return.
var errPanic = errors.New("panic")

// ResolverSpans returns a middleware of the executor that makes a span of each resolver's call, as the encoder does.
// Fields that only read a struct have no span.
func ResolverSpans(tracer trace.Tracer) graphql.FieldMiddleware {
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		field := graphql.GetFieldContext(ctx)
		if !field.IsResolver {
			return next(ctx)
		}
		ctx, span := startSpan(ctx, tracer, field.Object, field.Field.Name)
		err := errPanic
		defer func() { endSpan(span, err) }()
		var value any
		value, err = next(ctx)
		return value, err
	}
}

func startSpan(ctx context.Context, tracer trace.Tracer, object, field string) (context.Context, trace.Span) {
	return tracer.Start(ctx, object+"."+field)
}

// endSpan ends the span of a resolver. The text of its error can repeat input, so the span has the status only.
func endSpan(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
