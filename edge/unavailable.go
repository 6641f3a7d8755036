package edge

import (
	"bytes"
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// outage is the gqlgen extension that makes one error of an answer that lacks something because the database was away:
// part of the records must not look like all of them.
type outage struct{}

// ExtensionName is its name among gqlgen's extensions.
func (outage) ExtensionName() string { return "Outage" }

// Validate accepts every schema.
func (outage) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse leaves that one error of the answer.
func (outage) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	for _, err := range response.Errors {
		if err.Extensions["code"] == string(db.Unavailable) {
			exchangeOf(ctx).outage = true
			return &graphql.Response{Errors: gqlerror.List{{Message: err.Message, Extensions: err.Extensions}}}
		}
	}
	return response
}

// withOutage answers 503 where the database was away.
func withOutage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		held := &heldAnswer{ResponseWriter: w}
		next.ServeHTTP(held, r)
		if x.outage {
			held.status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "1")
		}
		if held.status != 0 {
			w.WriteHeader(held.status)
		}
		w.Write(held.body.Bytes())
	})
}

// heldAnswer is an answer whose status is not sent yet.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) WriteHeader(status int)      { a.status = status }
func (a *heldAnswer) Write(p []byte) (int, error) { return a.body.Write(p) }
