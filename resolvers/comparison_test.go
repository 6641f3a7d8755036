package resolvers_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	schemas "usagegraph/graph"
	"usagegraph/queryplan"
)

// comparison compares the encoder of a schema with its executor.
type comparison struct {
	executor, encoder runner
	tracer            trace.Tracer
	spans             *tracetest.SpanRecorder
	// executed is set if the executor has resolved a field of the encoder's answer.
	executed atomic.Bool
}

func newComparison(store *db.Store, root func(*queryplan.Read) schemas.ResolverRoot) *comparison {
	c := &comparison{spans: tracetest.NewSpanRecorder()}
	c.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(c.spans)).Tracer("test")
	c.executor, c.encoder = newRunner(store, schemas.NewExecutableSchema(schemas.Config{Resolvers: root(nil)})), newRunner(store, schemas.NewSchema(schemas.Config{}, root, c.tracer))
	c.executor.exec.AroundFields(queryplan.ResolverSpans(c.tracer))
	c.encoder.exec.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) {
		c.executed.Store(true)
		return next(ctx)
	})
	return c
}

// compare answers a query with both, and with the encoder in a trace, too. It returns the answer.
func (c *comparison) compare(t *testing.T, params graphql.RawParams, scope db.Scope) *graphql.Response {
	t.Helper()
	c.executor.scope, c.encoder.scope = scope, scope
	want, wantSpans := c.traced(t, c.executor, params)
	c.executed.Store(false)
	got := c.encoder.answer(t.Context(), params)
	inTrace, spans := c.traced(t, c.encoder, params)
	query := func() string {
		variables, _ := json.Marshal(params.Variables)
		return params.Query + "\n" + string(variables)
	}
	if got, want := text(t, got), text(t, want); got != want {
		t.Fatalf("%s\nthe encoder answers  %s\nthe executor answers %s", query(), got, want)
	}
	if inTrace, got := text(t, inTrace), text(t, got); inTrace != got {
		t.Fatalf("%s\nthe encoder answers  %s\nin a trace it answers %s", query(), got, inTrace)
	}
	if !slices.Equal(spans, wantSpans) {
		t.Fatalf("%s\nthe spans of the encoder are  %s\nthe spans of the executor are %s", query(), spans, wantSpans)
	}
	if c.executed.Load() {
		t.Fatalf("the executor has answered %s", query())
	}
	return got
}

// traced answers a query in a trace. It returns the answer, and the spans of the resolvers, each with that around it,
// sorted, because the executor calls resolvers in any order.
func (c *comparison) traced(t *testing.T, r runner, params graphql.RawParams) (*graphql.Response, []string) {
	t.Helper()
	ctx, request := c.tracer.Start(t.Context(), "request")
	answer := r.answer(ctx, params)
	request.End()
	ended := c.spans.Ended()
	c.spans.Reset()
	names := map[trace.SpanID]string{}
	for _, s := range ended {
		names[s.SpanContext().SpanID()] = s.Name()
	}
	var spans []string
	for _, s := range ended {
		spans = append(spans, strings.Join([]string{names[s.Parent().SpanID()], s.Name(), s.Status().Code.String()}, " "))
	}
	slices.Sort(spans)
	return answer, spans
}
