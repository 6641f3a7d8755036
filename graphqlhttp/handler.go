package graphqlhttp

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graph"
	"usagegraph/loaders"
	"usagegraph/plan"
	"usagegraph/resolvers"
)

// tracerName is by whom the spans are made.
const tracerName = "usagegraph/graphqlhttp"

// NewHandler returns a handler that serves the schema over HTTP, by POST and GET, to those whom auth.Middleware has
// identified. The observer may be nil. It returns an error where the settings cannot be used.
func NewHandler(store *db.Store, settings Settings, observer Observer, log *slog.Logger) (http.Handler, error) {
	if observer == nil {
		observer = unobserved{}
	}
	if err := settings.check(); err != nil {
		return nil, err
	}
	schema := withoutDefer(graph.NewExecutableSchema(graph.Config{}).Schema())
	documents := newDocuments(schema, settings)
	persisted, err := newPersisted()
	if err != nil {
		return nil, err
	}
	trusted, err := loadTrusted(settings, log)
	if err != nil {
		return nil, err
	}
	server := handler.New(graph.NewSchema(graph.Config{Schema: schema, Resolvers: resolvers.Resolver{}}))
	server.AddTransport(&transport{settings, schema, documents, persisted, trusted, observer, present(log)})
	server.SetQueryCache(handedOver{})
	if settings.Introspects() {
		server.Use(extension.Introspection{})
	}
	if settings.Tracer != nil {
		server.AroundFields(resolverSpans(settings.Tracer.Tracer(tracerName)))
	}
	server.SetErrorPresenter(present(log))
	server.SetRecoverFunc(func(_ context.Context, cause any) error {
		return &panicError{cause, debug.Stack()}
	})
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		observer.Operation(ctx, operationName(ctx))
		// Whoever is not identified sees nothing: the zero scope is nobody's.
		identity, _ := auth.From(ctx)
		if trace.SpanFromContext(ctx).IsRecording() {
			// The encoder makes no spans of resolvers.
			ctx = plan.ByExecutor(ctx)
		}
		return next(loaders.New(ctx, store.For(identity.Scope)))
	})
	return server, nil
}

// withoutDefer returns a schema without the directive @defer, which the parser puts into every schema: one answer has
// it all.
func withoutDefer(schema *ast.Schema) *ast.Schema {
	without := *schema
	without.Directives = maps.Clone(schema.Directives)
	delete(without.Directives, "defer")
	return &without
}

// operationName returns the name that the client gave the operation; one without a name is anonymous.
func operationName(ctx context.Context) string {
	if o := graphql.GetOperationContext(ctx).Operation; o != nil && o.Name != "" {
		return o.Name
	}
	return "anonymous"
}
