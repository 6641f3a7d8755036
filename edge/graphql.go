// Package edge is what stands between a socket and a resolver or shim.
package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graph"
	"usagegraph/loaders"
	"usagegraph/resolvers"
)

const (
	// maxBody is how large a request may be, in bytes.
	maxBody = 1 << 20
	// maxTokens is how many tokens a document may have: validation takes quadratic time. Introspection has some 500.
	maxTokens = 2000
	// parsedQueries is how many parsed documents are kept.
	parsedQueries = 1000
	tooLarge      = "a request is at most 1 MiB"
	// internalCode is the code of what is not the client's fault.
	internalCode = "INTERNAL_SERVER_ERROR"
)

// GraphQL serves the schema over HTTP, by POST and GET, to those whom auth.Middleware has identified. The tracer may be
// nil.
func GraphQL(store *db.Store, tracer trace.TracerProvider, log *slog.Logger) http.Handler {
	server := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: resolvers.Resolver{}}))
	server.AddTransport(transport.GET{})
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](parsedQueries))
	server.SetParserTokenLimit(maxTokens)
	server.Use(extension.Introspection{})
	server.Use(operationName{})
	server.Use(outage{})
	if tracer != nil {
		server.Use(resolverSpans{tracer.Tracer(tracerName)})
	}
	server.SetErrorPresenter(present(log))
	server.SetRecoverFunc(func(_ context.Context, cause any) error {
		return &panicError{cause, debug.Stack()}
	})
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		// Whoever is not identified does not come this far; and if he did, the zero scope is nobody's.
		identity, _ := auth.From(ctx)
		return next(loaders.New(ctx, store.For(identity.Scope)))
	})
	return identified(log, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > maxBody {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			fmt.Fprintf(w, `{"errors":[{"message":%q,"extensions":{"code":%q}}]}`, tooLarge, db.BadInput)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		server.ServeHTTP(w, r)
	}))
}

// panicError is a panic in a resolver, with where it happened.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return "panic" }

// present shows a client what is his to know: the errors of db with their codes, and what the request itself has
// wrong. Anything else is an internal error with an id, under which the log has the whole of it.
func present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var known *db.Error
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &known):
			shown.Message = known.Message
			errcode.Set(shown, string(known.Code))
			if known.Code == db.Unavailable {
				log.WarnContext(ctx, "no answer from the database", "error", known)
			}
			return shown
		case errors.As(err, &large):
			shown.Message = tooLarge
			errcode.Set(shown, string(db.BadInput))
			return shown
		case shown.Extensions["code"] != nil:
			return shown
		}
		id := uuid.NewString()
		attributes := []any{"id", id, "path", shown.Path.String(), "error", err}
		var panicked *panicError
		if errors.As(err, &panicked) {
			attributes = append(attributes, "cause", panicked.cause, "stack", string(panicked.stack))
		}
		log.ErrorContext(ctx, "internal error", attributes...)
		return &gqlerror.Error{Message: "internal error " + id, Path: shown.Path, Locations: shown.Locations,
			Extensions: map[string]any{"code": internalCode, "id": id}}
	}
}
