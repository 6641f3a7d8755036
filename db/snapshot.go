package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

// snapshot is a connection in a transaction, for one statement at a time.
type snapshot struct {
	conn driver.QueryerContext
	busy sync.Mutex
}

// read runs a statement and hands its rows on.
func (s *snapshot) read(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	s.busy.Lock()
	defer s.busy.Unlock()
	return conn.Query(ctx, s.conn, sql, args, use)
}

// Snapshot runs a block with a reader whose statements all see the same moment.
func (r *Reader) Snapshot(ctx context.Context, block func(*Reader) error) error {
	return r.store.withConn(ctx, func(c *sqlx.Conn) error {
		return c.Raw(func(conn any) error {
			tx, err := conn.(driver.ConnBeginTx).BeginTx(ctx, r.store.dialect.snapshot)
			if err != nil {
				return fmt.Errorf("begin to read: %w", err)
			}
			defer tx.Rollback()
			reader := &Reader{store: r.store, scope: r.scope, snapshot: &snapshot{conn: conn.(driver.QueryerContext)}}
			err = reader.snapshot.read(ctx, "SELECT number, mark FROM revision, revision_mark", nil, func(rows driver.Rows) error {
				return eachRow(ctx, rows, func(row []driver.Value) error {
					return errors.Join(setInt64(&reader.revision, row[0]), setString(&reader.mark, row[1]))
				})
			})
			if err != nil {
				return fmt.Errorf("read the revision: %w", err)
			}
			return block(reader)
		})
	})
}

// Revision returns the number that is another one as soon as any record, or any link of customers, is.
func (s *Store) Revision(ctx context.Context) (revision int64, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &revision, "SELECT number FROM revision")
	})
	if err != nil {
		return 0, fmt.Errorf("read the revision: %w", err)
	}
	return revision, nil
}

// Revision returns a number that is another one as soon as any record is. Only a snapshot has one; else it is 0.
func (r *Reader) Revision() int64 { return r.revision }

// Mark returns a random text that is another one as soon as any record is, also in a copy of the database. Only a snapshot
// has one; else it is empty.
func (r *Reader) Mark() string { return r.mark }
