package db

import (
	"context"
	"errors"
	"time"

	"usagegraph/db/conn"
)

// TimeoutMessage is the message of the error of a request whose context has expired.
const TimeoutMessage = "the request took too long: try again, or select less, such as the records of one customer or of a shorter time"

// isLate reports whether a context has expired. A connection may notice it before the context does.
func isLate(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// failure is the function failure for the primary.
func (s *Store) failure(ctx context.Context, err error) error { return failure(ctx, s.pools, err) }

// failure converts an error of an unreachable, overloaded or too slow server to an Unavailable error and starts its
// outage monitor. It returns other errors unchanged.
func failure(ctx context.Context, pools *conn.Pools, err error) error {
	var known *Error
	if conn.IsDamaged(err) {
		pools.SetDamaged()
	}
	switch {
	case err == nil, errors.As(err, &known), errors.Is(ctx.Err(), context.Canceled):
		return err
	case conn.IsFull(err):
		return &Error{Code: Unavailable, Message: "the disk of the database is full: free space on it, then try again", cause: err}
	case isLate(ctx):
		pools.CheckOutage()
		return &Error{Code: Unavailable, Message: TimeoutMessage, cause: err}
	case conn.IsUnavailable(err):
		pools.CheckOutage()
		return &Error{Code: Unavailable, Message: "the database does not answer: try again soon", cause: err}
	}
	return err
}
