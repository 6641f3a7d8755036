package graphqlhttp

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"usagegraph/auth"
	"usagegraph/db"
)

// unidentified answers a request from someone who is not known, before anything of it is read. It is nil where he is.
func unidentified(ctx context.Context) *answer {
	_, err := auth.From(ctx)
	var refusal *auth.Refusal
	var known *db.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal) && refusal.RetryAfter > 0:
		return problem(refusal.Status(), failed(codeBusy, "%s", refusal.Message)).with("Retry-After", strconv.Itoa(refusal.Seconds()))
	case errors.As(err, &refusal):
		return problem(refusal.Status(), failed(codeUnauthenticated, "%s", refusal.Message)).with("WWW-Authenticate", "Bearer")
	case errors.As(err, &known) && known.Code == db.Unavailable:
		return problem(http.StatusServiceUnavailable, err).with("Retry-After", strconv.Itoa(RetryAfter))
	}
	return problem(http.StatusInternalServerError, err)
}
