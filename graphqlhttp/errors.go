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

// The codes of errors that are not db's. Together with those, and with gqlgen's for documents that cannot be parsed or
// do not fit the schema, they are all that there are.
const (
	// codeLimit is for a request that asks for more than a limit allows; the extension limit says which.
	codeLimit = "LIMIT_EXCEEDED"
	// codeUnauthenticated is for a request whose credentials are missing or no good.
	codeUnauthenticated = "UNAUTHENTICATED"
	// codeBusy is for a request that comes while too many run, of all clients (503) or of this one (429), or after too
	// many bad credentials from the same address (429).
	codeBusy = "TOO_MANY_REQUESTS"
	// codeTimeout is for a request that took longer than a request may.
	codeTimeout = "TIMEOUT"
	// codeIntrospection is for a question about the schema where there is none to be asked.
	codeIntrospection = "INTROSPECTION_DISABLED"
	// codeUnknownDocument is Apollo's, for the hash or id of a document that is not known here.
	codeUnknownDocument = "PERSISTED_QUERY_NOT_FOUND"
	// codeUntrusted is for a document that is not in the manifest where no other is answered.
	codeUntrusted = "UNTRUSTED_DOCUMENT"
	// internalCode is for what is not the client's fault.
	internalCode = "INTERNAL_SERVER_ERROR"
)

// tooSlow is what a client is told whose request had to be given up.
const tooSlow = "the request took too long: try again, or ask for less"

// maxEcho is how long a message may be, and each name in a path, in bytes: they repeat what was asked.
const maxEcho = 200

// failed makes an error of the request itself.
func failed(code, message string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(message, args...)
	errcode.Set(err, code)
	return err
}

// exceeded makes the error of a request that asks for more of something than the limit.
func exceeded(limit, message string, args ...any) *gqlerror.Error {
	err := failed(codeLimit, message, args...)
	err.Extensions["limit"] = limit
	return err
}

// panicError is a panic, with where it happened.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return "panic" }

// present shows a client what is his to know: the errors of db with their codes, and what the request itself has
// wrong. Anything else is an internal error with an id, under which the log has the whole of it.
func present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := *graphql.DefaultErrorPresenter(ctx, err)
		var known *db.Error
		switch {
		case errors.As(err, &known):
			shown.Message, shown.Extensions = known.Message, map[string]any{"code": string(known.Code)}
			if known.Code == db.Unavailable {
				log.WarnContext(ctx, "no answer from the database", "error", known)
			}
		case shown.Extensions["code"] != nil:
		case ctx.Err() != nil:
			shown.Message, shown.Extensions = tooSlow, map[string]any{"code": codeTimeout}
		default:
			id := uuid.NewString()
			attributes := []any{"id", id, "path", shown.Path.String(), "error", err}
			var panicked *panicError
			if errors.As(err, &panicked) {
				attributes = append(attributes, "cause", panicked.cause, "stack", string(panicked.stack))
			}
			log.ErrorContext(ctx, "internal error", attributes...)
			shown.Message, shown.Extensions = "internal error "+id, map[string]any{"code": internalCode, "id": id}
		}
		shown.Message, shown.Path = clip(shown.Message), clipPath(shown.Path)
		return &shown
	}
}

// clip shortens a text that may repeat what was asked.
func clip(s string) string {
	const more = "..."
	if len(s) <= maxEcho {
		return s
	}
	return strings.ToValidUTF8(s[:maxEcho-len(more)], "") + more
}

func clipPath(path ast.Path) ast.Path {
	for i, element := range path {
		if name, ok := element.(ast.PathName); ok && len(name) > maxEcho {
			path[i] = ast.PathName(clip(string(name)))
		}
	}
	return path
}
