package db

import (
	"context"
	"errors"

	"usagegraph/db/conn"
)

// failure converts an error of an unreachable, overloaded or too slow database to an Unavailable error and starts the
// outage monitor. It returns other errors unchanged.
func (s *Store) failure(ctx context.Context, err error) error {
	var known *Error
	if conn.IsDamaged(err) {
		s.pools.SetDamaged()
	}
	switch {
	case err == nil, errors.As(err, &known), errors.Is(ctx.Err(), context.Canceled):
		return err
	case conn.IsFull(err):
		return &Error{Code: Unavailable, Message: "the disk of the database is full: free space on it, then try again", cause: err}
	case ctx.Err() != nil, conn.IsUnavailable(err):
		s.pools.CheckOutage()
		return &Error{Code: Unavailable, Message: "the database does not answer: try again soon", cause: err}
	}
	return err
}
