package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

// Dump holds the contents of a database at one moment.
type Dump struct {
	// Version is the number of the last migration, 0 for a database without tables.
	Version int
	// Tables are all tables except the internal ones, by name.
	Tables []*StoredTable
	tx     *sqlx.Tx
}

// Dump runs a block with the contents of the database, in one read transaction: concurrent writes are not visible in
// it.
func (s *Store) Dump(ctx context.Context, use func(*Dump) error) error {
	options := &sql.TxOptions{Isolation: sql.IsolationLevel(s.dialect.snapshot.Isolation), ReadOnly: true}
	tx, err := s.pools.Read.BeginTxx(ctx, options)
	if err != nil {
		return s.failure(ctx, fmt.Errorf("begin to read: %w", err))
	}
	defer tx.Rollback()
	if err := inKeyOrder(ctx, s.dialect, tx); err != nil {
		return s.failure(ctx, err)
	}
	dump := &Dump{tx: tx}
	if dump.Tables, dump.Version, err = readCatalogue(ctx, s.dialect, tx); err != nil {
		return s.failure(ctx, err)
	}
	return s.failure(ctx, use(dump))
}

// inKeyOrder makes a transaction read tables in the order of their primary keys. If PostgreSQL sorted a large table
// first, the connection would reach its read timeout.
func inKeyOrder(ctx context.Context, d *dialect, tx *sqlx.Tx) error {
	if d.byIndex == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.byIndex)
	return err
}

// Count returns the number of rows in all tables.
func (d *Dump) Count(ctx context.Context) (int64, error) {
	var total int64
	for _, t := range d.Tables {
		n, err := t.count(ctx, d.tx)
		if err != nil {
			return 0, fmt.Errorf("count the rows of %s: %w", t.Name, err)
		}
		total += n
	}
	return total, nil
}

// Rows calls a function with each row of a table in the order of its primary key. The values are nil, int64, bool or
// string, the same in both databases, and valid until the function returns.
func (d *Dump) Rows(ctx context.Context, t *StoredTable, row func([]any) error) error {
	if err := d.eachRow(ctx, t, row); err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	return nil
}

func (d *Dump) eachRow(ctx context.Context, t *StoredTable, row func([]any) error) (err error) {
	defer conn.GuardFaults(&err)()
	rows, err := d.tx.QueryContext(ctx, "SELECT "+quoted(t.Columns)+" FROM "+t.Name+" ORDER BY "+t.order())
	if err != nil {
		return err
	}
	defer rows.Close()
	values, targets := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, v := range values {
			if values[i], err = portable(v, t.boolean[i]); err != nil {
				return fmt.Errorf("column %s: %w", t.Columns[i], err)
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// portable converts a driver's value to the form that both databases share: a time to the text in which SQLite stores
// it, a decimal and JSON to text.
func portable(value any, boolean bool) (any, error) {
	switch v := value.(type) {
	case int64:
		if boolean {
			return v != 0, nil
		}
		return v, nil
	case nil, bool, string:
		return v, nil
	case []byte:
		return string(v), nil
	case time.Time:
		return TimeOf(v).text(), nil
	}
	return nil, fmt.Errorf("no portable form for a value of type %T", value)
}
