// Package graphqlhttp serves the schema by GraphQL over HTTP: it reads requests, limits and validates their documents,
// executes them with the resolvers, and writes the responses.
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

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graph"
	"usagegraph/queryplan"
	"usagegraph/resolvers"
)

// NewHandler returns the handler of the GraphQL endpoint. It reads the identity that auth.Middleware has added to a
// request. The observer may be nil. It returns an error for invalid settings and for a manifest that it cannot read.
func NewHandler(store *db.Store, settings Settings, observer Observer, log *slog.Logger) (http.Handler, error) {
	if observer == nil {
		observer = noObserver{}
	}
	if err := settings.Check(); err != nil {
		return nil, err
	}
	schema := withoutDefer(graph.NewExecutableSchema(graph.Config{}).Schema())
	documents := newDocuments(schema, settings)
	persisted, err := newPersistedDocuments()
	if err != nil {
		return nil, err
	}
	trusted, err := loadTrustedDocuments(settings, log)
	if err != nil {
		return nil, err
	}
	tracer := settings.tracer()
	totals := db.TotalsLimits{Records: settings.MaxTotalsRecords, Groups: settings.MaxGroups}
	server := handler.New(graph.NewSchema(graph.Config{Schema: schema}, resolvers.New, tracer))
	reader := func(ctx context.Context) *db.Reader {
		// Without an identity the scope is the zero scope, which contains no records.
		identity, _ := auth.From(ctx)
		return store.For(identity.Scope).LimitTotals(totals)
	}
	server.AddTransport(&transport{settings, schema, documents, persisted, trusted, observer, errorPresenter(log), reader})
	server.SetQueryCache(parsedDocument{})
	if settings.Introspects() {
		server.Use(extension.Introspection{})
	}
	if tracer != nil {
		server.AroundFields(queryplan.ResolverSpans(tracer))
	}
	server.SetErrorPresenter(errorPresenter(log))
	server.SetRecoverFunc(func(_ context.Context, cause any) error {
		return &panicError{cause, debug.Stack()}
	})
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		observer.Operation(ctx, operationName(ctx))
		return next(ctx)
	})
	return server, nil
}

// withoutDefer returns a schema without the directive @defer, which the parser adds to every schema and this server
// does not support.
func withoutDefer(schema *ast.Schema) *ast.Schema {
	without := *schema
	without.Directives = maps.Clone(schema.Directives)
	delete(without.Directives, "defer")
	return &without
}

// operationName returns the name of the operation, or "anonymous".
func operationName(ctx context.Context) string {
	if o := graphql.GetOperationContext(ctx).Operation; o != nil && o.Name != "" {
		return o.Name
	}
	return "anonymous"
}
