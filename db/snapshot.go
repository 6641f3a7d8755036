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
	conn  *sqlx.Conn
	tx    driver.Tx
	// revision and mark are those of the records that the transaction reads.
	revision int64
	mark     string
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

// Answer calls block with a reader for one answer. If the reader has a least revision, all statements read the same
// snapshot, which begins with the first one; Answer returns the error of beginning it even if block returns none.
func (r *Reader) Answer(ctx context.Context, block func(*Reader) error) error {
	if r.least == nil {
		return block(r)
	}
	return r.inSnapshot(ctx, block)
}

// inSnapshot calls block with a reader that has a new snapshot.
func (r *Reader) inSnapshot(ctx context.Context, block func(*Reader) error) error {
	var failed error
	s := &snapshot{}
	s.begin = sync.OnceValue(func() error {
		s.begun.Store(true)
		failed = r.beginSnapshot(ctx, s)
		return failed
	})
	defer s.end()
	reader := *r
	reader.snapshot = s
	err := block(&reader)
	if failed != nil {
		return failed
	}
	return err
}

// beginSnapshot begins a snapshot. It returns a BadInput error if its revision is less than the reader's least.
func (r *Reader) beginSnapshot(ctx context.Context, s *snapshot) error {
	if err := r.store.failure(ctx, s.open(ctx, r.store.pools, r.store.dialect)); err != nil {
		return err
	}
	if r.least != nil && s.revision < *r.least {
		return Errorf(BadInput, "%s: want at most %d, the latest revision", RevisionHeader, s.revision)
	}
	return nil
}

// open begins the transaction on a connection of a pool and reads the revision.
func (s *snapshot) open(ctx context.Context, pools *conn.Pools, d *dialect) (err error) {
	if s.conn, err = pools.Acquire(ctx); err != nil {
		return err
	}
	err = s.conn.Raw(func(c any) error {
		s.tx, err = c.(driver.ConnBeginTx).BeginTx(ctx, d.snapshot)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	err = s.query(ctx, "SELECT number, mark FROM revision, revision_mark", nil, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			return errors.Join(setInt64(&s.revision, row[0]), setString(&s.mark, row[1]))
		})
	})
	if err != nil {
		return fmt.Errorf("read the revision: %w", err)
	}
	return nil
}

// read runs a statement and calls use with its rows.
func (s *snapshot) read(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	if err := s.begin(); err != nil {
		return err
	}
	return s.query(ctx, sql, args, use)
}

func (s *snapshot) query(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	return s.conn.Raw(func(c any) error { return conn.Query(ctx, c.(driver.QueryerContext), sql, args, use) })
}

// end ends the transaction and the admission of expensive statements, and returns the connection to its pool.
func (s *snapshot) end() {
	if s.leave != nil {
		s.leave()
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
