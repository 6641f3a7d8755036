package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

// Dump is the contents of a database at one moment.
type Dump struct {
	// Version is the number of the last migration, 0 for a database without tables.
	Version int
	// Tables are all tables with contents, by name.
	Tables []*StoredTable
	tx     *sqlx.Tx
}

// Dump runs a block with the contents of the database, in one read transaction: what others write meanwhile is not part
// of them.
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

// inKeyOrder has a transaction read tables by their primary keys: a large table that PostgreSQL sorted first would keep the
// connection silent for longer than it may be.
func inKeyOrder(ctx context.Context, d *dialect, tx *sqlx.Tx) error {
	if d.byIndex == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.byIndex)
	return err
}

// Count returns the number of rows of all tables.
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
	err := conn.GuardFaults(func() error {
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
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	return nil
}

// portable returns a driver's value in the form that both databases share: a time as Time is stored, a decimal and JSON
// as their text.
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
	return nil, fmt.Errorf("a value of type %T has no form that both databases share", value)
}
