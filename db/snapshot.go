package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

// snapshot is a read transaction that begins with its first statement. Its statements run one at a time.
type snapshot struct {
	// begin begins the transaction. It returns the same result each time.
	begin func() error
	begun atomic.Bool
	// failed holds the first error after which the answer may be read from the primary.
	failed atomic.Pointer[Error]

	// replica is nil for the primary.
	replica *replica
	pools   *conn.Pools
	conn    *sqlx.Conn
	tx      driver.Tx
	// The state of the server has the revision and the mark of the records that the transaction reads.
	serverState
	// prepared reports that the transaction began, and expensive statements were admitted, before the first statement.
	prepared bool
	// admission guards leave, which ends the admission of expensive statements; nil without one.
	admission sync.Mutex
	leave     func()
}

// Snapshot calls block with a reader whose statements all read the same snapshot of the database. The caller has
// admitted the expensive statements. Within a snapshot, block reads that one.
func (r *Reader) Snapshot(ctx context.Context, block func(*Reader) error) error {
	if r.snapshot != nil {
		return block(r)
	}
	return r.inSnapshot(ctx, func(r *Reader) error {
		r.snapshot.prepared = true
		if err := r.snapshot.begin(); err != nil {
			return err
		}
		return block(r)
	})
}

// Answer calls block with a reader for one answer. If there are replicas or the reader has a least revision, all
// statements read the same snapshot, which begins with the first one. Answer returns the error of beginning it, or of a
// replica that failed, even if block returns none.
func (r *Reader) Answer(ctx context.Context, block func(*Reader) error) error {
	if r.store.replicas == nil && r.least == nil {
		return block(r)
	}
	return r.inSnapshot(ctx, block)
}

// inSnapshot calls block with a reader that has a new snapshot.
func (r *Reader) inSnapshot(ctx context.Context, block func(*Reader) error) error {
	var begun error
	s := &snapshot{}
	s.begin = sync.OnceValue(func() error {
		s.begun.Store(true)
		begun = s.open(ctx, r)
		return begun
	})
	defer s.end()
	reader := *r
	reader.snapshot = s
	err := block(&reader)
	if failed := s.failed.Load(); failed != nil {
		return failed
	}
	if begun != nil {
		return begun
	}
	return err
}

// open begins the transaction on a replica, or on the primary if no replica will do.
func (s *snapshot) open(ctx context.Context, r *Reader) error {
	least := r.scope.revision
	if r.least != nil {
		least = max(least, *r.least)
	}
	defer func() { r.store.totalsReady.Store(s.totalsReady) }()
	if !r.fromPrimary && s.openReplica(ctx, r.store.replicas.pick(ctx, least), r.store, least) {
		return nil
	}
	s.pools = r.store.pools
	if err := r.store.failure(ctx, s.transact(ctx, r.store.dialect, r.store.dialect.serverState)); err != nil {
		return err
	}
	if s.revision >= least {
		return nil
	}
	return s.earlier(r.least)
}

// openReplica begins the transaction on a replica. It returns false without one, and if its records are not good enough:
// behind the same address may be several servers.
func (s *snapshot) openReplica(ctx context.Context, replica *replica, store *Store, least int64) bool {
	if replica == nil {
		return false
	}
	s.pools, s.replica = replica.pools, replica
	replica.running.Add(1)
	err := failure(ctx, s.pools, s.transact(ctx, store.dialect, selectReplicaState))
	current := s.revision >= max(least, store.replicas.least.Load()) && (s.standby || store.pools.IsOutage())
	if err == nil && current {
		if _, refusal := replica.refusal(s.serverState, &store.replicas.history, store.replicas.maxLag); refusal == "" {
			replica.answers.Add(1)
			return true
		}
	}
	s.close()
	s.replica, s.conn, s.tx = nil, nil, nil
	return false
}

// transact begins the transaction on a connection of the pools and reads the state of the server.
func (s *snapshot) transact(ctx context.Context, d *dialect, selectState string) (err error) {
	if s.conn, err = s.pools.Acquire(ctx); err != nil {
		return err
	}
	err = s.conn.Raw(func(c any) error {
		s.tx, err = c.(driver.ConnBeginTx).BeginTx(ctx, d.snapshot)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	err = s.query(ctx, selectState, nil, func(rows driver.Rows) error { return s.scan(ctx, rows) })
	if err != nil {
		return fmt.Errorf("read the revision: %w", err)
	}
	return nil
}

// earlier returns the error for a snapshot of an earlier revision than wanted: a BadInput error if the request wants one
// that does not exist, and an Unavailable error if the database is a standby, or has lost revisions in a failover.
func (s *snapshot) earlier(requested *int64) error {
	if requested != nil && s.revision < *requested && !s.standby {
		return Errorf(BadInput, "%s: want at most %d, the latest revision", RevisionHeader, s.revision)
	}
	return Errorf(Unavailable, "the database has no later revision than %d yet: try again soon", s.revision)
}

// read runs a statement and calls use with its rows. It returns an Unavailable error if the server does not answer.
func (s *snapshot) read(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	if err := s.begin(); err != nil {
		return err
	}
	err := failure(ctx, s.pools, s.query(ctx, sql, args, use))
	var known *Error
	if s.replica != nil && errors.As(err, &known) && known.Code == Unavailable && !isLate(ctx) {
		known.onReplica = true
		s.failed.CompareAndSwap(nil, known)
	}
	return err
}

func (s *snapshot) query(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	return s.conn.Raw(func(c any) error { return conn.Query(ctx, c.(driver.QueryerContext), sql, args, use) })
}

// end ends the transaction and the admission of expensive statements.
func (s *snapshot) end() {
	if s.leave != nil {
		s.leave()
	}
	s.close()
}

// close ends the transaction and returns the connection to its pool.
func (s *snapshot) close() {
	if s.replica != nil {
		s.replica.running.Add(-1)
	}
	if s.conn == nil {
		return
	}
	if s.tx != nil {
		_ = s.conn.Raw(func(any) error { return s.tx.Rollback() })
	}
	s.conn.Close()
}

// admit admits an expensive statement, and all later ones. It does not wait after the transaction has begun, because a
// snapshot that waits would keep its connection from others.
func (s *snapshot) admit(ctx context.Context, store *Store, price FilterPrice) (err error) {
	if s.prepared || price.Total() < expensivePrice {
		return nil
	}
	s.admission.Lock()
	defer s.admission.Unlock()
	if s.leave != nil {
		return nil
	}
	if !s.begun.Load() {
		s.leave, err = store.Admit(ctx, price)
		return err
	}
	leave, free := store.takeSlot()
	if !free {
		return errTooManyExpensive()
	}
	s.leave = leave
	return nil
}
