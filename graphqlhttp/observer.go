package graphqlhttp

import "context"

// RetryAfter is the value of the Retry-After header of answers to requests that can be sent again, in seconds.
const RetryAfter = 1

// Rejection is the answer to a request that is not admitted.
type Rejection struct {
	// Status is the HTTP status: 503 if too many requests run, 429 if too many of one client run.
	Status  int
	Message string
}

// Observer admits requests, and receives what a handler finds out about them. Its methods are called concurrently.
type Observer interface {
	// Admit returns a function to call when the request ends, or a Rejection of a request that must not run now.
	Admit(ctx context.Context) (leave func(), rejection *Rejection)
	// Operation receives the name of the operation that runs; it is "anonymous" for one without a name.
	Operation(ctx context.Context, name string)
	// LimitExceeded receives the name of the limit that a request exceeds.
	LimitExceeded(ctx context.Context, limit string)
}

// unobserved admits every request.
type unobserved struct{}

func (unobserved) Admit(context.Context) (func(), *Rejection) { return func() {}, nil }
func (unobserved) Operation(context.Context, string)          {}
func (unobserved) LimitExceeded(context.Context, string)      {}
