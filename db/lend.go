package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// poolWait is how long a read waits for a connection, the making of one included.
const poolWait = 2 * time.Second

// errAway is why a statement fails that is not even tried.
var errAway = errors.New("it did not answer when it was asked last")

// lend runs a block with a connection that reads. It returns an Unavailable error where there is none to be had.
func (s *Store) lend(ctx context.Context, use func(*sqlx.Conn) error) error {
	if s.pulse.isAway() {
		return unavailable(errAway)
	}
	wait, cancel := context.WithTimeout(ctx, poolWait)
	conn, err := s.read.Connx(wait)
	cancel()
	if err != nil {
		return s.failure(ctx, err)
	}
	defer conn.Close()
	return s.failure(ctx, use(conn))
}

// statement runs a statement and hands its rows on.
func (r *Reader) statement(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	if r.snapshot != nil {
		return r.store.failure(ctx, r.snapshot.read(ctx, sql, args, use))
	}
	return r.store.lend(ctx, func(conn *sqlx.Conn) error {
		return conn.Raw(func(conn any) error { return readBy(ctx, conn.(driver.QueryerContext), sql, args, use) })
	})
}

// readBy runs a statement by a driver's connection and hands its rows on as the driver has them: a long answer can do
// without what database/sql does between a driver and its caller, value by value.
func readBy(ctx context.Context, conn driver.QueryerContext, sql string, args []any, use func(driver.Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	values := make([]driver.NamedValue, len(args))
	for i, v := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: plain(v)}
	}
	return guarded(func() error {
		rows, err := conn.QueryContext(ctx, sql, values)
		if err != nil {
			return fmt.Errorf("query: %w", err)
		}
		defer rows.Close()
		if err := use(rows); err != nil {
			return fmt.Errorf("read rows: %w", err)
		}
		return nil
	})
}
