// Package db is the model and its storage: the only package that knows SQL, drivers and dialects. Whatever is read is
// read for a Scope; whatever is written is written in a transaction.
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

// Store is a database of usagegraph. It is safe for concurrent use.
type Store struct {
	dialect   *dialect
	pools     *conn.Pools
	ids       *IDs
	clock     func() time.Time
	listCache listCache
	// window is the length of the attribution window, in nanoseconds.
	window *atomic.Int64
	// settings are those that the documents are read with; nil where UseSettings was not called.
	settings *atomic.Pointer[[]Setting]
	// bulkLoading tells that no record is stored yet that another could replace.
	bulkLoading bool
}

// Options are what a store can be told; the zero value is right for a server.
type Options struct {
	// Clock tells the time; nil is the machine's.
	Clock func() time.Time
	// Node tells apart the ids of processes that write at once, 1 to 1023; 0 draws one.
	Node int64
	// Connections is how many connections a pool may have open; 0 is 16.
	Connections int
	// Unprepared is for a pooler that hands each transaction another connection: no statement is prepared.
	Unprepared bool
	// Tracer is who is told of each statement, without its values; nil is nobody.
	Tracer trace.TracerProvider
}

// DefaultConnections is how many connections a pool has unless told otherwise.
const DefaultConnections = 16

// Open opens the database that a URL names: postgres://... or the path of an SQLite file, which is made where there
// is none. The tables are not touched: call Migrate.
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
	s := &Store{ids: NewIDs(o.Clock, o.Node), clock: o.Clock, listCache: newListCache(), window: new(atomic.Int64), settings: new(atomic.Pointer[[]Setting])}
	s.window.Store(int64(DefaultAttributionWindow))
	var err error
	options := conn.Options{Connections: o.Connections, Unprepared: o.Unprepared, Tracer: o.Tracer}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		s.dialect = postgresDialect
		s.pools, err = conn.OpenPostgres(url, options)
	} else {
		registerSQLite()
		s.dialect = sqliteDialect
		s.pools, err = conn.OpenSQLite(url, options)
	}
	if err != nil {
		return nil, err
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Ping tells whether the database answers; where it does not it returns an Unavailable error, or the driver's.
func (s *Store) Ping(ctx context.Context) error {
	err := s.withConn(ctx, func(conn *sqlx.Conn) error { return conn.PingContext(ctx) })
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Pool is how busy a pool of connections is.
type Pool struct {
	// Max is how many connections there may be, InUse and Idle how many there are.
	Max, InUse, Idle int
	// Waits is how often a statement had to wait for one, Waited how long in all.
	Waits  int64
	Waited time.Duration
}

// Pools returns the store's pools by their names: read, and write where that is another one.
func (s *Store) Pools() map[string]Pool {
	pools := map[string]Pool{}
	for name, pool := range map[string]*sqlx.DB{"write": s.pools.Write, "read": s.pools.Read} {
		if name == "write" && s.pools.Write == s.pools.Read {
			continue
		}
		stats := pool.Stats()
		pools[name] = Pool{stats.MaxOpenConnections, stats.InUse, stats.Idle, stats.WaitCount, stats.WaitDuration}
	}
	return pools
}

// Close waits for running statements and closes the pools.
func (s *Store) Close() error { return s.pools.Close() }

// withConn calls use with a connection for reading. It returns an Unavailable error where there is none.
func (s *Store) withConn(ctx context.Context, use func(*sqlx.Conn) error) error {
	return s.failure(ctx, s.pools.WithConn(ctx, use))
}

// Empty tells whether nothing was ever imported.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.pools.Read.GetContext(ctx, &n, `SELECT CASE WHEN EXISTS (SELECT 1 FROM imports) OR EXISTS (SELECT 1 FROM customers)
		OR EXISTS (SELECT 1 FROM subscriptions) THEN 1 ELSE 0 END`)
	return n == 0, err
}

// Reader reads what its scope allows. What is absent and what is not allowed look the same.
type Reader struct {
	store *Store
	scope Scope
	// snapshot is what it reads in; nil where each statement has a connection from the pool.
	snapshot *snapshot
	// revision and mark are those of the snapshot, where there is one.
	revision int64
	mark     string
}

// For returns a reader for a scope; there is no other way to read records.
func (s *Store) For(scope Scope) *Reader { return &Reader{store: s, scope: scope} }

func (r *Reader) compiler() *compiler { return &compiler{dialect: r.store.dialect} }

// filterCompiler returns a compiler for filters, which may name records by their ids.
func (r *Reader) filterCompiler(ctx context.Context) *compiler {
	c := r.compiler()
	c.nodeKeys = func(ids []ID) (map[ID]Key, error) { return r.NodeKeys(ctx, ids) }
	return c
}

// query runs a statement for fields and hands out its rows.
func query[T any](ctx context.Context, r *Reader, c *compiler, sql string, fields *fields[T], found func(*T)) error {
	return queryWith(ctx, r, c, sql, pageJoins[T]{}, nil, fields, found)
}

// queryWith is query for a statement that was joined with joins. Where there is a ordinal, it is the column before the fields.
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
			return joins.children.scan(ctx, r, rows, ordinal, fields, found)
		}
		return scanRows(ctx, rows, ordinal, fields, found)
	})
}

// statement runs a statement and passes its rows to use.
func (r *Reader) statement(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	if r.snapshot != nil {
		return r.store.failure(ctx, r.snapshot.read(ctx, sql, args, use))
	}
	return r.store.withConn(ctx, func(c *sqlx.Conn) error {
		return c.Raw(func(c any) error { return conn.Query(ctx, c.(driver.QueryerContext), sql, args, use) })
	})
}

type counterKey struct{}

// CountStatements returns a context in which readers count their statements, and the count so far.
func CountStatements(ctx context.Context) (context.Context, func() int) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), func() int { return int(n.Load()) }
}

// Tx is a transaction that writes.
type Tx struct {
	store    *Store
	tx       *sqlx.Tx
	revision int64 // 0 before Revise
}

// Write runs a block in a transaction: committed when it returns nil, else rolled back.
func (s *Store) Write(ctx context.Context, block func(*Tx) error) error {
	tx, err := s.pools.Write.BeginTxx(ctx, nil)
	if err != nil {
		return s.failure(ctx, fmt.Errorf("begin: %w", err))
	}
	defer tx.Rollback()
	if err := block(&Tx{store: s, tx: tx}); err != nil {
		return s.failure(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return s.failure(ctx, fmt.Errorf("commit: %w", err))
	}
	return nil
}
