package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

func (tx *Tx) insertAllParts(ctx context.Context, p parts) error {
	for _, insert := range []func() error{
		func() error { return insertParts(ctx, tx, ratedUsages, p.prices) },
		func() error { return insertParts(ctx, tx, usageSummaryLines, p.lines) },
		func() error { return insertAll(ctx, tx, buckets, p.buckets) },
		func() error { return insertParts(ctx, tx, bucketBalances, p.balances) },
		func() error { return insertParts(ctx, tx, bucketCounters, p.counters) },
	} {
		if err := insert(); err != nil {
			return err
		}
	}
	return nil
}

func insertParts[T any](ctx context.Context, tx *Tx, t *childTable[T], parts []*T) error {
	return tx.insert(ctx, t.name, t.columns, len(parts), func(i int) []any { return t.values(parts[i]) })
}

func insertAll[T any, K ~string](ctx context.Context, tx *Tx, t *table[T, K], list []*T) error {
	return tx.insert(ctx, t.name, t.columns, len(list), func(i int) []any { return t.values(list[i]) })
}

// insert adds n rows to a table.
func (tx *Tx) insert(ctx context.Context, table string, columns []string, n int, row func(int) []any) error {
	if n == 0 {
		return nil
	}
	if err := tx.store.dialect.insert(ctx, tx.tx, table, columns, ahead(n, row)); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// together is how many rows one statement of SQLite's inserts.
const together = 100

// ahead makes rows, so many together, while those before them are written.
func ahead(n int, row func(int) []any) iter.Seq[[][]any] {
	return func(yield func([][]any) bool) {
		chunks, quit := make(chan [][]any, 4), make(chan struct{})
		defer close(quit)
		go func() {
			defer close(chunks)
			for from := 0; from < n; from += together {
				chunk := make([][]any, 0, together)
				for i := from; i < min(from+together, n); i++ {
					chunk = append(chunk, row(i))
				}
				select {
				case chunks <- chunk:
				case <-quit:
					return
				}
			}
		}()
		for chunk := range chunks {
			if !yield(chunk) {
				return
			}
		}
	}
}

// insertRows adds rows to a table of SQLite. A statement of many rows keeps its place in each index from one row to the
// next; what it fails with takes the whole transaction along, so that it needs no journal of its own.
func insertRows(ctx context.Context, tx *sqlx.Tx, table string, columns []string, chunks iter.Seq[[][]any]) error {
	var stmt *sql.Stmt
	for rows := range chunks {
		if stmt == nil || len(rows) < together {
			// Numbered placeholders are names to SQLite, which it looks up one among all: here there are none.
			row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
			var err error
			stmt, err = tx.PrepareContext(ctx, "INSERT OR FAIL INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+
				strings.TrimSuffix(strings.Repeat(row+", ", len(rows)), ", "))
			if err != nil {
				return err
			}
			defer stmt.Close()
		}
		if _, err := stmt.ExecContext(ctx, slices.Concat(rows...)...); err != nil {
			return err
		}
	}
	return nil
}
