package db

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Restore is a transaction that loads the tables of an empty database. Its Dump reads the loaded rows.
type Restore struct {
	Dump
	write *Tx
}

// Restore migrates an empty database to a version, calls load, and migrates on to the version of this program, in one
// transaction under the migration lock. It returns a Conflict error if the database has rows other than those that
// migrations insert, or a newer schema.
func (s *Store) Restore(ctx context.Context, version int, load func(*Restore) error) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.prepareEmpty(ctx, version); err != nil {
			return err
		}
		r := &Restore{Dump{tx: tx.tx}, tx}
		var err error
		if r.Tables, r.Version, err = readCatalogue(ctx, s.dialect, tx.tx); err != nil {
			return err
		}
		if err := inKeyOrder(ctx, s.dialect, tx.tx); err != nil {
			return err
		}
		indexes, err := r.clear(ctx)
		if err != nil {
			return err
		}
		if err := load(r); err != nil {
			return err
		}
		for _, statement := range indexes {
			if _, err := tx.tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make an index: %w", err)
			}
		}
		if _, err := tx.migrate(ctx, LatestVersion()); err != nil {
			return err
		}
		if err := tx.mark(ctx); err != nil {
			return err
		}
		if err := tx.makeIndexes(ctx); err != nil || s.dialect.analyze == "" {
			return err
		}
		_, err = tx.tx.ExecContext(ctx, s.dialect.analyze)
		return err
	})
}

// prepareEmpty checks that the database is empty, locks its tables and migrates them to a version.
func (tx *Tx) prepareEmpty(ctx context.Context, version int) error {
	d := tx.store.dialect
	if err := d.lockMigrations(ctx, tx.tx); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	existing := Dump{tx: tx.tx}
	var err error
	if existing.Tables, existing.Version, err = readCatalogue(ctx, d, tx.tx); err != nil {
		return err
	}
	if d.lockTables != "" && len(existing.Tables) > 0 {
		if _, err := tx.tx.ExecContext(ctx, fmt.Sprintf(d.lockTables, strings.Join(existing.names(), ", "))); err != nil {
			return err
		}
	}
	initial, err := initialRows(ctx, existing.Version)
	if err != nil {
		return err
	}
	found, err := existing.rowsBeyond(ctx, initial)
	if err != nil {
		return err
	}
	if found != "" {
		return Errorf(Conflict, "the database is not empty, it has %s: restore into an empty one", found)
	}
	if existing.Version > version {
		return Errorf(Conflict, "the tables of the database are of version %d, the backup of version %d: restore into a database without tables", existing.Version, version)
	}
	_, err = tx.migrate(ctx, version)
	return err
}

// initialRows returns the number of rows that the migrations up to a version insert into each table.
func initialRows(ctx context.Context, version int) (map[string]int64, error) {
	rows := map[string]int64{}
	if version == 0 {
		return rows, nil
	}
	folder, err := os.MkdirTemp("", "usagegraph")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	scratch, err := Open(ctx, filepath.Join(folder, "scratch.db"), Options{})
	if err != nil {
		return nil, err
	}
	defer scratch.Close()
	err = scratch.Write(ctx, func(tx *Tx) error {
		_, err := tx.migrate(ctx, min(version, LatestVersion()))
		return err
	})
	if err != nil {
		return nil, err
	}
	return rows, scratch.Dump(ctx, func(d *Dump) error {
		for _, t := range d.Tables {
			if rows[t.Name], err = t.count(ctx, d.tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowsBeyond lists the tables that have more rows than their limit, with their numbers of rows; empty if there are
// none.
func (d *Dump) rowsBeyond(ctx context.Context, limits map[string]int64) (string, error) {
	var list []string
	for _, t := range d.Tables {
		n, err := t.count(ctx, d.tx)
		if err != nil {
			return "", err
		}
		if n > limits[t.Name] {
			list = append(list, fmt.Sprintf("%d rows in %s", n, t.Name))
		}
	}
	return strings.Join(list, ", "), nil
}

func (d *Dump) names() []string {
	names := make([]string, len(d.Tables))
	for i, t := range d.Tables {
		names[i] = t.Name
	}
	return names
}

// clear deletes the rows that migrations inserted and drops all indexes. It returns the statements that create them
// again.
func (r *Restore) clear(ctx context.Context) ([]string, error) {
	for _, t := range r.Tables {
		if _, err := r.write.tx.ExecContext(ctx, "DELETE FROM "+t.Name); err != nil {
			return nil, err
		}
	}
	return r.write.dropIndexes(ctx, r.names())
}

// Load inserts rows into a table. The columns can be in any order. The values are those of Dump.Rows; a row may be
// reused after the next one is requested.
func (r *Restore) Load(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	names := strings.Split(quoted(columns), ", ")
	if err := r.write.store.dialect.insert(ctx, r.write.tx, table, names, rows); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}
