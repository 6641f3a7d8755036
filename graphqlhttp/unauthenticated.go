package graphqlhttp

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"usagegraph/auth"
	"usagegraph/db"
)

// unauthenticated returns the error response for a request without an identity, or nil if auth.Middleware has found
// one.
func unauthenticated(ctx context.Context) *response {
	_, err := auth.From(ctx)
	var refusal *auth.Refusal
	var dbError *db.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal) && refusal.RetryAfter > 0:
		return errorResponse(refusal.Status(), newError(codeTooManyRequests, "%s", refusal.Message)).
			withHeader("Retry-After", strconv.Itoa(refusal.Seconds()))
	case errors.As(err, &refusal):
		return errorResponse(refusal.Status(), newError(codeUnauthenticated, "%s", refusal.Message)).
			withHeader("WWW-Authenticate", "Bearer")
	case errors.As(err, &dbError) && dbError.Code == db.Unavailable:
		return errorResponse(http.StatusServiceUnavailable, err).withHeader("Retry-After", strconv.Itoa(db.RetryAfter))
	}
	return errorResponse(http.StatusInternalServerError, err)
}
