// Package auth finds out who asks, and so whose records he may see.
package auth

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"usagegraph/db"
)

// Identity is who asks.
type Identity struct {
	// ClientID tells one client from another; empty where nobody has to say who he is.
	ClientID string
	// Name is what the operator calls the client.
	Name string
	// Scope is what the client may see.
	Scope db.Scope
}

// Refusal is why a request may see nothing: its credentials are missing or no good, or too many were tried.
type Refusal struct {
	// Message says what to do; it does not echo credentials.
	Message string
	// RetryAfter is how long to wait before the next try; 0 where the credentials themselves were refused.
	RetryAfter time.Duration
}

func (r *Refusal) Error() string { return r.Message }

// Status is the refusal's HTTP status: 401, or 429 where it is one of a number of tries.
func (r *Refusal) Status() int {
	if r.RetryAfter > 0 {
		return http.StatusTooManyRequests
	}
	return http.StatusUnauthorized
}

// Seconds is RetryAfter as HTTP has it: in whole seconds, at least one.
func (r *Refusal) Seconds() int { return max(1, int(math.Ceil(r.RetryAfter.Seconds()))) }

type contextKey struct{}

// found is what Middleware found out: an identity, or why there is none.
type found struct {
	identity Identity
	err      error
}

// Middleware finds out who asks, once, before next runs. A request that is refused goes on, too: each surface has its
// own words for that, and says them when it asks for the scope.
func Middleware(identify func(*http.Request) (Identity, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, err := identify(r)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, found{identity, err})))
	})
}

// From returns who asks. It returns a Refusal where the credentials are no good, and another error where nobody could
// find out, such as when the database does not answer.
func From(ctx context.Context) (Identity, error) {
	f, ok := ctx.Value(contextKey{}).(found)
	if !ok {
		return Identity{}, errors.New("nobody has asked who this is")
	}
	return f.identity, f.err
}

// ClientID returns the id of the client who asks; empty where nobody has to say, and where he is refused.
func ClientID(ctx context.Context) string {
	identity, err := From(ctx)
	if err != nil {
		return ""
	}
	return identity.ClientID
}

// Scope returns what a request may see; its errors are From's.
func Scope(r *http.Request) (db.Scope, error) {
	identity, err := From(r.Context())
	if err != nil {
		return db.Scope{}, err
	}
	return identity.Scope, nil
}

// Open is an identify for Middleware that gives every request the scope of staff.
func Open(*http.Request) (Identity, error) { return Identity{Scope: db.All().WithStaff(true)}, nil }
