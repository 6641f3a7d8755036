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

// snapshot is a connection with a read transaction. It runs one statement at a time.
type snapshot struct {
	conn driver.QueryerContext
	busy sync.Mutex
}

// read runs a statement and calls use with its rows.
func (s *snapshot) read(ctx context.Context, sql string, args []any, use func(driver.Rows) error) error {
	s.busy.Lock()
	defer s.busy.Unlock()
	return conn.Query(ctx, s.conn, sql, args, use)
}

// Snapshot calls block with a reader whose statements all read the same snapshot of the database.
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

// Revision returns the revision of the records that the snapshot reads. It is 0 outside a snapshot.
func (r *Reader) Revision() int64 { return r.revision }

// Mark returns a random text that changes with the revision and also differs between copies of a database. It is empty
// outside a snapshot.
func (r *Reader) Mark() string { return r.mark }
