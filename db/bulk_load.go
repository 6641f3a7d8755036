package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// bulkLoadTables are the tables whose indexes are made after they were bulkLoadTables.
var bulkLoadTables = []string{"usage_records", "usage_summaries", "consumption_reports", "buckets"}

// BulkLoad runs a block with a store that writes into tables which hold no records, several times as fast as otherwise:
// their indexes are made when it has ended, with or without an error, and it does not look for what a record replaces,
// so that no record may be put twice. Where there are records already, the block has the store as it is.
func (s *Store) BulkLoad(ctx context.Context, block func(*Store) error) error {
	empty, err := s.dropIndexes(ctx)
	if err != nil {
		return fmt.Errorf("drop indexes: %w", err)
	}
	if !empty {
		return block(s)
	}
	fresh := *s
	fresh.bulkLoading = true
	err = block(&fresh)
	// Also for who is stopped: without its indexes a database is of little use.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, s.Write(ctx, func(tx *Tx) error {
		if err := tx.makeIndexes(ctx); err != nil || s.dialect.analyze == "" {
			return err
		}
		_, err := tx.tx.ExecContext(ctx, s.dialect.analyze)
		return err
	}))
}

// dropIndexes drops the indexes of tables that hold nothing, and notes how to make them again; false where one of the
// tables holds something.
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

// dropIndexes drops the indexes of tables and returns the statements that make them again.
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

// makeIndexes makes the indexes that were dropped, if any were. A program that starts calls it for one that was killed.
func (tx *Tx) makeIndexes(ctx context.Context) error {
	var indexes []string
	if err := tx.tx.SelectContext(ctx, &indexes, "SELECT sql FROM dropped_indexes"); err != nil {
		return err
	}
	for _, sql := range indexes {
		if _, err := tx.tx.ExecContext(ctx, sql); err != nil {
			return fmt.Errorf("make an index: %w", err)
		}
	}
	_, err := tx.tx.ExecContext(ctx, "DELETE FROM dropped_indexes")
	return err
}
