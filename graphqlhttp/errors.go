package graphqlhttp

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// The error codes of this package. The only other codes are those of db, and gqlgen's for documents that cannot be
// parsed or do not match the schema.
const (
	// codeLimit marks a request that exceeds a limit; the extension limit names it.
	codeLimit = "LIMIT_EXCEEDED"
	// codeUnauthenticated marks missing or invalid credentials.
	codeUnauthenticated = "UNAUTHENTICATED"
	// codeTooManyRequests marks a request that was not admitted: too many requests or expensive statements run, of all
	// clients (503) or of this client (429), or too many invalid credentials came from the same address (429).
	codeTooManyRequests = string(db.Overloaded)
	// codeTimeout marks a request that exceeded its timeout.
	codeTimeout = "TIMEOUT"
	// codeIntrospection marks an introspection query where introspection is disabled.
	codeIntrospection = "INTROSPECTION_DISABLED"
	// codeDocumentNotFound is Apollo's code for an unknown hash or id of a document.
	codeDocumentNotFound = "PERSISTED_QUERY_NOT_FOUND"
	// codeUntrusted marks a document that is not in the manifest where only trusted documents are executed.
	codeUntrusted = "UNTRUSTED_DOCUMENT"
	// codeInternal marks an error of the server.
	codeInternal = "INTERNAL_SERVER_ERROR"
)

// timeoutMessage is the message of a codeTimeout error.
const timeoutMessage = db.TimeoutMessage

// maxEcho is the maximum length of a message, and of each name in a path, in bytes: both can repeat input.
const maxEcho = 200

// newError returns an error with a code.
func newError(code, format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, code)
	return err
}

// limitExceeded returns the error of a request that exceeds the named limit.
func limitExceeded(limit, format string, args ...any) *gqlerror.Error {
	err := newError(codeLimit, format, args...)
	err.Extensions["limit"] = limit
	return err
}

// panicError is a recovered panic with its stack.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return "panic" }

// errorPresenter returns the presenter of all errors. Clients see the errors of db, with their codes, and those of the
// request. Any other error is logged under a new id, and presented as an internal error with that id only.
func errorPresenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		presented := *graphql.DefaultErrorPresenter(ctx, err)
		var dbError *db.Error
		switch {
		case errors.As(err, &dbError):
			presented.Message, presented.Extensions = dbError.Message, map[string]any{"code": string(dbError.Code)}
			if dbError.Limit != "" {
				presented.Extensions["limit"] = dbError.Limit
			}
			// A request whose fields fail gets one error for all of them, see executedResponse.
			if dbError.Code == db.Unavailable && len(presented.Path) == 0 {
				log.WarnContext(ctx, "database unavailable", "error", dbError)
			}
		case presented.Extensions["code"] != nil:
		case ctx.Err() != nil:
			presented.Message, presented.Extensions = timeoutMessage, map[string]any{"code": codeTimeout}
		default:
			id := uuid.NewString()
			attributes := []any{"id", id, "path", presented.Path.String(), "error", err}
			var panicked *panicError
			if errors.As(err, &panicked) {
				attributes = append(attributes, "cause", panicked.cause, "stack", string(panicked.stack))
			}
			log.ErrorContext(ctx, "internal error", attributes...)
			presented.Message, presented.Extensions = "internal error "+id, map[string]any{"code": codeInternal, "id": id}
		}
		presented.Message, presented.Path = truncate(presented.Message), truncatePath(presented.Path)
		return &presented
	}
}

// truncate shortens a text to maxEcho bytes.
func truncate(s string) string {
	const ellipsis = "..."
	if len(s) <= maxEcho {
		return s
	}
	return strings.ToValidUTF8(s[:maxEcho-len(ellipsis)], "") + ellipsis
}

func truncatePath(path ast.Path) ast.Path {
	for i, element := range path {
		if name, ok := element.(ast.PathName); ok && len(name) > maxEcho {
			path[i] = ast.PathName(truncate(string(name)))
		}
	}
	return path
}
