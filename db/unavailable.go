package db

import (
	"context"
	"errors"

	"usagegraph/db/conn"
)

// failure returns an Unavailable error for an error that means that the database is unreachable, out of resources or too
// slow, and starts to ping it. Other errors are returned unchanged.
func (s *Store) failure(ctx context.Context, err error) error {
	var known *Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(ctx.Err(), context.Canceled):
		return err
	case ctx.Err() != nil, conn.IsUnavailable(err):
		s.pools.CheckOutage()
		return &Error{Code: Unavailable, Message: "the database does not answer: try again soon", cause: err}
	}
	return err
}
