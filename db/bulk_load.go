package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// bulkLoadTables are the tables whose indexes a bulk load drops, and creates again at its end.
var bulkLoadTables = []string{"usage_records", "rated_usages", "usage_summaries", "consumption_reports", "buckets"}

// BulkLoad runs a block with a store that writes into empty tables several times as fast as usual: the indexes are
// created when the block has ended, with or without an error, and records are not compared with stored ones, so that no
// record may be written twice. If there are records already, the block gets the store itself.
func (s *Store) BulkLoad(ctx context.Context, block func(*Store) error) error {
	empty, err := s.dropIndexes(ctx)
	if err != nil {
		return fmt.Errorf("drop indexes: %w", err)
	}
	if !empty {
		return block(s)
	}
	loading := *s
	loading.bulkLoading = true
	err = block(&loading)
	// Create the indexes even if ctx was cancelled: without them, the database is too slow to use.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, s.Write(ctx, func(tx *Tx) error {
		if err := tx.makeIndexes(ctx); err != nil || s.dialect.analyze == "" {
			return err
		}
		_, err := tx.tx.ExecContext(ctx, s.dialect.analyze)
		return err
	}))
}

// dropIndexes drops the indexes of bulkLoadTables and stores the statements that create them again. It does nothing and
// returns false if one of the tables is not empty.
func (s *Store) dropIndexes(ctx context.Context) (bool, error) {
	empty := true
	return empty, s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		exists := "EXISTS (SELECT 1 FROM " + strings.Join(bulkLoadTables, ") OR EXISTS (SELECT 1 FROM ") + ")"
		if err := tx.tx.GetContext(ctx, &empty, "SELECT NOT ("+exists+")"); err != nil || !empty {
			return err
		}
		indexes, err := tx.dropIndexes(ctx, bulkLoadTables)
		if err != nil {
			return err
		}
		for _, statement := range indexes {
			if _, err := tx.tx.ExecContext(ctx, "INSERT INTO dropped_indexes VALUES ($1)", statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropIndexes drops the indexes of tables and returns the statements that create them again.
func (tx *Tx) dropIndexes(ctx context.Context, tables []string) ([]string, error) {
	var indexes []struct{ Name, SQL string }
	list := "'" + strings.Join(tables, "', '") + "'"
	if err := tx.tx.SelectContext(ctx, &indexes, fmt.Sprintf(tx.store.dialect.indexes, list)); err != nil {
		return nil, err
	}
	var statements []string
	for _, index := range indexes {
		statements = append(statements, index.SQL)
		if _, err := tx.tx.ExecContext(ctx, "DROP INDEX "+index.Name); err != nil {
			return nil, err
		}
	}
	return statements, nil
}

// makeIndexes creates the indexes that a bulk load dropped, if any. Migrate calls it for a bulk load that was killed.
func (tx *Tx) makeIndexes(ctx context.Context) error {
	var indexes []string
	if err := tx.tx.SelectContext(ctx, &indexes, "SELECT sql FROM dropped_indexes"); err != nil {
		return err
	}
	for _, sql := range indexes {
		if _, err := tx.tx.ExecContext(ctx, sql); err != nil {
			return fmt.Errorf("create index: %w", err)
		}
	}
	_, err := tx.tx.ExecContext(ctx, "DELETE FROM dropped_indexes")
	return err
}
