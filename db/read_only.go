package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ReadOnly reports whether this process can only read the records: the database is a standby, or the role or its
// sessions may not write. It is always false for SQLite.
func (s *Store) ReadOnly(ctx context.Context) (readOnly bool, err error) {
	if s.dialect.readOnly == "" {
		return false, nil
	}
	err = s.withConn(ctx, func(conn *sqlx.Conn) error { return conn.GetContext(ctx, &readOnly, s.dialect.readOnly) })
	if err != nil {
		return false, fmt.Errorf("find out whether the database is read-only: %w", err)
	}
	return readOnly, nil
}
