package graphqlhttp

import "context"

// Rejection describes a request that is not admitted.
type Rejection struct {
	// Status is the HTTP status: 503 if too many requests run, 429 if too many requests of the client run.
	Status  int
	Message string
}

// Observer admits requests and receives events. Its methods are called concurrently.
type Observer interface {
	// Admit returns a function to call when the request ends, or a Rejection if the request must not run now.
	Admit(ctx context.Context) (leave func(), rejection *Rejection)
	// Operation receives the name of the operation before it is executed; it is "anonymous" without a name.
	Operation(ctx context.Context, name string)
	// LimitExceeded receives the name of the limit that a request exceeds.
	LimitExceeded(ctx context.Context, limit string)
}

// noObserver admits every request and ignores the events.
type noObserver struct{}

func (noObserver) Admit(context.Context) (func(), *Rejection) { return func() {}, nil }
func (noObserver) Operation(context.Context, string)          {}
func (noObserver) LimitExceeded(context.Context, string)      {}
