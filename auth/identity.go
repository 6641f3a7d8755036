// Package auth authenticates requests: it finds the API client or the subject of a token, and the scope of the records
// that they can read.
package auth

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"usagegraph/db"
)

// Identity holds the client of a request.
type Identity struct {
	// ClientID identifies the client; it is empty without authentication.
	ClientID string
	// Name is the client's name, chosen by the operator.
	Name string
	// Scope contains the records that the client can read.
	Scope db.Scope
	// MayImport is true if the client may import documents within its scope.
	MayImport bool
	// MayMakeTokens is true for a client with its secret, which may make browser tokens.
	MayMakeTokens bool
}

// Refusal is the error of a request that is not authenticated.
type Refusal struct {
	// Message is the message for the client; it does not repeat credentials.
	Message string
	// RetryAfter is the time to wait before the next request, after too many invalid credentials; otherwise it is 0.
	RetryAfter time.Duration
}

func (r *Refusal) Error() string { return r.Message }

// Status returns the HTTP status: 429 after too many invalid credentials, otherwise 401.
func (r *Refusal) Status() int {
	if r.RetryAfter > 0 {
		return http.StatusTooManyRequests
	}
	return http.StatusUnauthorized
}

// Seconds returns RetryAfter in whole seconds, at least 1, for the header Retry-After.
func (r *Refusal) Seconds() int { return max(1, int(math.Ceil(r.RetryAfter.Seconds()))) }

type contextKey struct{}

// result is the result of an authentication: an identity or an error.
type result struct {
	identity Identity
	err      error
}

// Middleware authenticates each request once, by identify, and adds the result to its context. A request that is
// refused also reaches next, which answers it with an error in the format of its API.
func Middleware(identify func(*http.Request) (Identity, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, err := identify(r)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, result{identity, err})))
	})
}

// From returns the identity of a request. It returns a Refusal for missing or invalid credentials, and another error if
// the authentication failed, for example because the database is unavailable.
func From(ctx context.Context) (Identity, error) {
	found, ok := ctx.Value(contextKey{}).(result)
	if !ok {
		return Identity{}, errors.New("the request was not authenticated: auth.Middleware is missing")
	}
	return found.identity, found.err
}

// ClientID returns the id of the client of a request, or "" if there is no client or the request is refused.
func ClientID(ctx context.Context) string {
	identity, err := From(ctx)
	if err != nil {
		return ""
	}
	return identity.ClientID
}

// Scope returns the scope of a request. It returns the errors of From.
func Scope(r *http.Request) (db.Scope, error) {
	identity, err := From(r.Context())
	if err != nil {
		return db.Scope{}, err
	}
	return identity.Scope, nil
}

// Open returns the identity of every request where authentication is off: the scope of staff, which may import, without
// a client.
func Open(*http.Request) (Identity, error) {
	return Identity{Scope: db.All().WithStaff(true), MayImport: true}, nil
}
