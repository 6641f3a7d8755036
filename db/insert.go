package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/jmoiron/sqlx"
)

func insertAll[T any](ctx context.Context, tx *Tx, r *relation[T], list []*T) error {
	rows := make([][]any, len(list))
	for i, row := range list {
		rows[i] = r.values(row)
	}
	return tx.insert(ctx, r.name, r.columns, rows)
}

// insert inserts rows into a table. It omits columns in which all rows are nil.
func (tx *Tx) insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	columns, narrow := withValues(columns, rows)
	if err := tx.store.dialect.insert(ctx, tx.tx, table, columns, narrow); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// rowsPerInsert is the number of rows that one INSERT of SQLite inserts.
const rowsPerInsert = 100

// insertRows inserts rows into a table of SQLite. An INSERT of many rows reuses its position in each index. OR FAIL
// avoids a statement journal: an error rolls back the whole transaction anyway.
func insertRows(ctx context.Context, tx *sqlx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	return insertInto(ctx, tx, "INSERT OR FAIL INTO "+table, columns, "", rows)
}

// insertInto runs a statement of SQLite with all rows, a number of them at a time. insert is the text of the statement
// before the columns, end the text after the rows.
func insertInto(ctx context.Context, tx *sqlx.Tx, insert string, columns []string, end string, rows iter.Seq[[]any]) error {
	// SQLite looks numbered placeholders up by name, one by one. Plain ? placeholders avoid that.
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	prepare := func(n int) (*sql.Stmt, error) {
		return tx.PrepareContext(ctx, insert+" ("+strings.Join(columns, ", ")+") VALUES "+
			strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")+end)
	}
	var many *sql.Stmt
	var values []any
	for row := range rows {
		values = append(values, row...)
		if len(values) < rowsPerInsert*len(columns) {
			continue
		}
		if many == nil {
			var err error
			if many, err = prepare(rowsPerInsert); err != nil {
				return err
			}
			defer many.Close()
		}
		if _, err := many.ExecContext(ctx, values...); err != nil {
			return err
		}
		values = values[:0]
	}
	if len(values) == 0 {
		return nil
	}
	rest, err := prepare(len(values) / len(columns))
	if err != nil {
		return err
	}
	defer rest.Close()
	_, err = rest.ExecContext(ctx, values...)
	return err
}
