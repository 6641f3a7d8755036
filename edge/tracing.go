package edge

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracerName is by whom the spans are made.
const tracerName = "usagegraph/edge"

// traced begins a span for each request, a part of the client's trace where it has one. Without a provider it does
// nothing.
func traced(provider trace.TracerProvider, next http.Handler) http.Handler {
	if provider == nil {
		return next
	}
	return otelhttp.NewHandler(next, "request", otelhttp.WithTracerProvider(provider), otelhttp.WithPropagators(propagation.TraceContext{}))
}

// resolverSpans is the gqlgen extension that makes a span of each resolver. Fields that only read a struct have none.
type resolverSpans struct{ tracer trace.Tracer }

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = resolverSpans{}

// ExtensionName is its name among gqlgen's extensions.
func (resolverSpans) ExtensionName() string { return "ResolverSpans" }

// Validate accepts every schema.
func (resolverSpans) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField makes the span.
func (s resolverSpans) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if !field.IsResolver {
		return next(ctx)
	}
	ctx, span := s.tracer.Start(ctx, field.Object+"."+field.Field.Name)
	defer span.End()
	value, err := next(ctx)
	if err != nil {
		// The error itself may repeat what was asked.
		span.SetStatus(codes.Error, "")
	}
	return value, err
}
