package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// bulkLoadTables are the tables whose indexes a bulk load drops, and creates again at its end.
var bulkLoadTables = []string{"usage_records", "rated_usages", "usage_summaries", "consumption_reports", "buckets"}

// bulkLoad collects the stored totals of a bulk load, which are written once.
type bulkLoad struct {
	totals *hourCells
	// revision is that of the last transaction. others is true after other transactions have changed records meanwhile.
	revision int64
	others   bool
}

// committed adds the totals of a transaction that was committed. A nil load ignores it.
func (l *bulkLoad) committed(tx *Tx) {
	if l == nil || tx.revision == 0 {
		return
	}
	l.follow(tx)
	if tx.totals != nil {
		l.totals.usage.add(tx.totals.usage)
		l.totals.charges.add(tx.totals.charges)
	}
}

// follow compares the revision of a transaction with that of the last one.
func (l *bulkLoad) follow(tx *Tx) {
	l.others = l.others || tx.revision != l.revision+1
	l.revision = tx.revision
}

// BulkLoad runs a block with a store that writes into empty tables several times as fast as usual: the indexes are
// created when the block has ended, with or without an error, and records are not compared with stored ones, so that no
// record may be written twice. The stored totals are written at the end, too, unless another process has written meanwhile:
// then BuildTotals builds them. If there are records already, the block gets the store itself.
func (s *Store) BulkLoad(ctx context.Context, block func(*Store) error) error {
	load, err := s.dropIndexes(ctx)
	if err != nil {
		return fmt.Errorf("drop indexes: %w", err)
	}
	if load == nil {
		return block(s)
	}
	loading := *s
	loading.bulkLoad = load
	err = block(&loading)
	// Create the indexes even if ctx was cancelled: without them, the database is too slow to use.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, s.Write(ctx, func(tx *Tx) error {
		if err := tx.writeLoaded(ctx, load); err != nil {
			return err
		}
		if err := tx.makeIndexes(ctx); err != nil || s.dialect.analyze == "" {
			return err
		}
		_, err := tx.tx.ExecContext(ctx, s.dialect.analyze)
		return err
	}))
}

// writeLoaded writes the stored totals of a bulk load.
func (tx *Tx) writeLoaded(ctx context.Context, load *bulkLoad) error {
	if err := tx.Revise(ctx); err != nil {
		return err
	}
	if load.follow(tx); load.others {
		return nil
	}
	for _, t := range cellTables {
		if err := tx.insertCells(ctx, t, t.of(load.totals)); err != nil {
			return err
		}
	}
	return tx.setTotalsState(ctx, totalsState{totalsReady, noTotals})
}

// dropIndexes drops the indexes of bulkLoadTables and stores the statements that create them again. Until the end of the
// bulk load there are no stored totals. It does nothing and returns nil if one of the tables is not empty.
func (s *Store) dropIndexes(ctx context.Context) (load *bulkLoad, err error) {
	return load, s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var empty bool
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
		load = &bulkLoad{totals: newHourCells(), revision: tx.revision}
		return tx.dropTotals(ctx)
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
