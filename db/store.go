// Package db holds the model and stores it in SQLite or PostgreSQL. It is the only package with SQL and dialects. Reads
// are restricted to a Scope; writes run in a transaction.
package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/db/conn"
)

// Store is a usagegraph database. It is safe for concurrent use.
type Store struct {
	dialect *dialect
	pools   *conn.Pools
	// replicas is nil if there are none.
	replicas  *replicas
	ids       *IDs
	revisions *sharedRead
	clock     func() time.Time
	listCache listCache
	// totalsCache holds the answers of usage totals of all customers.
	totalsCache listCache
	// window is the length of the attribution window, in nanoseconds.
	window *atomic.Int64
	// settings holds the settings of UseSettings; nil before UseSettings is called.
	settings *atomic.Pointer[[]Setting]
	// slots holds an element for each expensive statement that runs.
	slots chan struct{}
	// fewMatches is the constant of that name, or less in tests.
	fewMatches int
	// totalsReady is that of the last snapshot.
	totalsReady *atomic.Bool
	// bulkLoad is nil except during a bulk load into an empty database, when no record can replace a stored one.
	bulkLoad *bulkLoad
}

// Options configures a Store. The zero value suits a server.
type Options struct {
	// Clock returns the current time. The default is time.Now.
	Clock func() time.Time
	// Node is the node number of generated ids, 1 to 1023. Processes that write at the same time must differ in it. The
	// default is a random number.
	Node int64
	// Connections is the maximum number of open connections of a pool. The default is DefaultConnections.
	Connections int
	// Unprepared turns off prepared statements. Use it with a pooler that changes the connection with each transaction.
	Unprepared bool
	// Tracer traces the statements, without their arguments. The default is no tracing.
	Tracer trace.TracerProvider
	// Replicas are read from in place of the database, where that makes no difference. The default is none.
	Replicas Replicas
}

// DefaultConnections is the default of Options.Connections.
const DefaultConnections = 16

// Open opens the database of a URL (postgres://...), of libpq's key=value pairs, or of the path of an SQLite file, which
// is created if it does not exist. It does not change the schema: call Migrate.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Node == 0 {
		o.Node = 1 + rand.Int64N(1023)
	}
	if o.Connections == 0 {
		o.Connections = DefaultConnections
	}
	s := &Store{ids: NewIDs(o.Clock, o.Node), clock: o.Clock, listCache: newListCache(listCacheSize), totalsCache: newListCache(totalsCacheSize), fewMatches: fewMatches, window: new(atomic.Int64), settings: new(atomic.Pointer[[]Setting]),
		totalsReady: new(atomic.Bool), slots: newSlots(o.Connections), revisions: &sharedRead{}}
	s.window.Store(int64(DefaultAttributionWindow))
	var err error
	options := conn.Options{Connections: o.Connections, Unprepared: o.Unprepared, Tracer: o.Tracer}
	if url = unquote(url); conn.IsPostgres(url) {
		s.dialect = postgresDialect
		s.pools, err = conn.OpenPostgres(url, options)
	} else {
		s.dialect = sqliteDialect
		s.pools, err = openSQLite(ctx, url, options)
	}
	if err != nil {
		return nil, err
	}
	if s.replicas, err = openReplicas(s.pools, o.Replicas, options); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// unquote removes quotes around a URL, which some readers of environment files keep.
func unquote(url string) string {
	url = strings.TrimSpace(url)
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(url, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return url
}

// Ping checks that the database answers. Otherwise it returns an Unavailable error or an error of the driver.
func (s *Store) Ping(ctx context.Context) error {
	err := s.withConn(ctx, func(conn *sqlx.Conn) error { return conn.PingContext(ctx) })
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Close waits for running statements and closes the pools.
func (s *Store) Close() error { return errors.Join(s.replicas.close(), s.pools.Close()) }

// withConn calls use with a connection for reading. It returns an Unavailable error if there is none.
func (s *Store) withConn(ctx context.Context, use func(*sqlx.Conn) error) error {
	return s.failure(ctx, s.pools.WithConn(ctx, use))
}

// withClientConn is withConn for the data of clients, which a replica has while the primary does not answer.
func (s *Store) withClientConn(ctx context.Context, use func(*sqlx.Conn) error) error {
	pools := s.standIn()
	return failure(ctx, pools, pools.WithConn(ctx, use))
}

// Empty reports whether nothing was ever imported.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.pools.Read.GetContext(ctx, &n, `SELECT CASE WHEN EXISTS (SELECT 1 FROM imports) OR EXISTS (SELECT 1 FROM customers)
		OR EXISTS (SELECT 1 FROM subscriptions) THEN 1 ELSE 0 END`)
	return n == 0, err
}

// Reader reads the records in its scope. Records outside the scope look as if they did not exist.
type Reader struct {
	store *Store
	scope Scope
	// snapshot is nil if each statement uses a connection of the pool.
	snapshot *snapshot
	// least is the least revision that a snapshot may read; nil for any.
	least *int64
	// fromPrimary is true if snapshots are not read from replicas.
	fromPrimary bool
	totals      TotalsLimits
}

// For returns a reader for a scope. Records can be read in no other way.
func (s *Store) For(scope Scope) *Reader {
	return &Reader{store: s, scope: scope, totals: DefaultTotalsLimits}
}

func (r *Reader) compiler() *compiler { return &compiler{dialect: r.store.dialect} }

// filterCompiler returns a compiler for filters, which may contain global ids.
func (r *Reader) filterCompiler(ctx context.Context) *compiler {
	c := r.compiler()
	c.nodeKeys = func(ids []ID) (map[ID]Key, error) { return r.NodeKeys(ctx, ids) }
	return c
}

// query runs a statement for fields and calls found with each row.
func query[T any](ctx context.Context, r *Reader, c *compiler, sql string, fields *fields[T], found func(*T)) error {
	return queryWith(ctx, r, c, sql, pageJoins[T]{}, nil, fields, found)
}

// queryWith is query for a statement with page joins. If ordinal is not nil, the column before the fields is stored
// there.
func queryWith[T any](ctx context.Context, r *Reader, c *compiler, sql string, joins pageJoins[T], ordinal *int64, fields *fields[T], found func(*T)) error {
	if c.err != nil {
		return c.err
	}
	if !r.scope.cost {
		found = hideCosts(found)
	}
	return r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		if joins.parent != nil {
			rows = joins.parent.rows(rows, fields.at("customer_id"))
		}
		if joins.children != nil {
			return joins.children.scan(ctx, r, joins.projection, rows, ordinal, fields, found)
		}
		return scanRows(ctx, rows, ordinal, fields, found)
	})
}

// statement runs a statement and calls use with its rows.
func (r *Reader) statement(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	if r.snapshot != nil {
		return r.snapshot.read(ctx, sql, args, use)
	}
	pools := r.store.standIn()
	return failure(ctx, pools, pools.Query(ctx, sql, args, use))
}

type counterKey struct{}

// CountStatements returns a context in which readers count their statements, and a function that returns the count.
func CountStatements(ctx context.Context) (context.Context, func() int) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), func() int { return int(n.Load()) }
}

// Tx is a write transaction.
type Tx struct {
	store    *Store
	tx       *sqlx.Tx
	revision int64 // 0 before Revise
	// totals holds the changes of the stored totals to write at the end; nil without any.
	totals *hourCells
}

// Write calls block in a transaction. It commits if block returns nil, and rolls back otherwise. It returns a Conflict
// error if the database is a standby.
func (s *Store) Write(ctx context.Context, block func(*Tx) error) error {
	tx, err := s.pools.Write.BeginTxx(ctx, nil)
	if conn.IsReadOnly(err) {
		return &Error{Code: Conflict, Message: "the database is a standby, which cannot be written to: use its primary", cause: err}
	}
	if err != nil {
		return s.failure(ctx, fmt.Errorf("begin: %w", err))
	}
	defer tx.Rollback()
	t := &Tx{store: s, tx: tx}
	if err := block(t); err != nil {
		return s.failure(ctx, err)
	}
	if err := t.writeTotals(ctx); err != nil {
		return s.failure(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return s.failure(ctx, fmt.Errorf("commit: %w", err))
	}
	s.bulkLoad.committed(t)
	s.pools.LimitJournal(ctx)
	return nil
}
