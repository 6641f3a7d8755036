// Package conn connects to PostgreSQL and SQLite: network deadlines, sessions with prepared statements, outages, COPY,
// read errors of memory-mapped files, tracing, and which driver errors mean an outage. It knows no tables.
package conn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"go.opentelemetry.io/otel/trace"
)

// Options are the options of the connection pools.
type Options struct {
	// Connections is the maximum number of open connections of a pool.
	Connections int
	// Unprepared prepares no statements, as a pooler that gives each transaction another connection requires.
	Unprepared bool
	// Tracer receives a span for each statement, without its values; nil disables tracing.
	Tracer trace.TracerProvider
}

// Pools holds the connection pools of a database.
type Pools struct {
	// Read and Write are the same pool on PostgreSQL; SQLite has many readers and one writer.
	Read, Write *sqlx.DB
	// Address is the host and port of a PostgreSQL server; the first of several.
	Address string
	// monitor is nil for SQLite, which has no outages.
	monitor *outageMonitor
	// file is nil for PostgreSQL.
	file *sqliteFile
}

// acquireTimeout is the maximum time that a read waits for a connection, including the time to open one.
const acquireTimeout = 2 * time.Second

// ErrOutage is returned without trying a statement while the database does not answer.
var ErrOutage = errors.New("the database did not answer the last ping")

// WithConn calls use with a connection for reading. It returns ErrOutage during an outage, or an error of the driver
// where no connection is available in time.
func (p *Pools) WithConn(ctx context.Context, use func(*sqlx.Conn) error) error {
	conn, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return use(conn)
}

// Query runs a statement on a connection for reading, as the function Query does. It returns the errors of WithConn.
func (p *Pools) Query(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	conn, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error { return Query(ctx, c.(driver.QueryerContext), sql, args, use) })
}

// Acquire returns a connection for reading, which the caller closes. It returns the errors of WithConn.
func (p *Pools) Acquire(ctx context.Context) (*sqlx.Conn, error) {
	if p.monitor.isOutage() {
		return nil, ErrOutage
	}
	ctx, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	return p.Read.Connx(ctx)
}

// IsOutage reports whether the database did not answer the last ping.
func (p *Pools) IsOutage() bool { return p.monitor.isOutage() }

// CheckOutage starts to ping the database in the background, after an error that may mean an outage.
func (p *Pools) CheckOutage() { p.monitor.check() }

// Close waits for running statements and closes the pools.
func (p *Pools) Close() error {
	p.monitor.close()
	if p.Read == p.Write {
		return p.Read.Close()
	}
	return errors.Join(p.Read.Close(), p.Write.Close())
}

// Query runs a statement on a driver's connection and passes its rows to use as the driver returns them. That saves a
// long answer the conversion of each value by database/sql.
func Query(ctx context.Context, conn driver.QueryerContext, sql string, args []any, use func(driver.Rows) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer GuardFaults(&err)()
	values := make([]driver.NamedValue, len(args))
	for i, v := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: Plain(v)}
	}
	rows, err := conn.QueryContext(ctx, sql, values)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	if err := use(rows); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}

// Plain returns the value that a driver stores for v: nil, an int64, a float64, a bool, a []byte, a string or a
// time.Time. A value that cannot be converted is returned unchanged, for the driver to refuse.
func Plain(v any) any {
	p, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return v
	}
	return p
}
