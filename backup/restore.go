package backup

import (
	"context"
	"fmt"
	"io"
	"slices"

	"usagegraph/db"
)

// Restore loads the backup into an empty database, compares the stored rows with the file, and migrates the tables to
// the version of this program, all in one transaction. The database must not contain records; it may have tables of the
// backup's version or an earlier one, or none.
func (f *File) Restore(ctx context.Context, store *db.Store, show Progress) error {
	r, err := open(f.Path)
	if err != nil {
		return err
	}
	defer r.Close()
	l := &loader{file: f, reader: r, show: show}
	return store.Restore(ctx, f.SchemaVersion, func(to *db.Restore) error { return l.load(ctx, to) })
}

// loader loads a file into a database.
type loader struct {
	file *File
	*reader
	show Progress
}

func (l *loader) load(ctx context.Context, to *db.Restore) error {
	for {
		t, err := l.nextTable()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := sameTable(t, to); err != nil {
			return fmt.Errorf("%s: %w", l.path, err)
		}
		if err := l.loadTable(ctx, to, t); err != nil {
			return err
		}
	}
	if l.tables != len(to.Tables) {
		return fmt.Errorf("%s has %d tables, a database of version %d has %d", l.path, l.tables, to.Version, len(to.Tables))
	}
	return l.verify(ctx, to)
}

// sameTable returns an error unless the database has a table with this name and the same columns.
func sameTable(t *Table, to *db.Restore) error {
	i := slices.IndexFunc(to.Tables, func(s *db.StoredTable) bool { return s.Name == t.Name })
	if i < 0 || !slices.Equal(to.Tables[i].Columns, t.Columns) {
		return fmt.Errorf("its table %s does not have the columns of version %d", t.Name, to.Version)
	}
	return nil
}

func (l *loader) loadTable(ctx context.Context, to *db.Restore, t *Table) error {
	var broken error
	values := make([]any, len(t.Columns))
	err := to.Load(ctx, t.Name, t.Columns, func(yield func([]any) bool) {
		for {
			var more bool
			if more, broken = l.nextRow(values); broken != nil || !more {
				return
			}
			if l.rows%step == 0 {
				l.show("restoring", l.rows, l.header.Rows)
			}
			if !yield(values) {
				return
			}
		}
	})
	if broken != nil {
		return broken
	}
	return err
}

// verify compares the stored rows with those of the file.
func (l *loader) verify(ctx context.Context, to *db.Restore) error {
	var done int64
	for _, t := range to.Tables {
		sums := newSummer()
		var row []byte
		err := to.Rows(ctx, t, func(values []any) (err error) {
			if row, err = appendRow(row[:0], values); err != nil {
				return err
			}
			sums.add(row)
			if done++; done%step == 0 {
				l.show("comparing the database", done, l.header.Rows)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if got, want := sums.sum(), l.file.Sums[t.Name]; got != want {
			return fmt.Errorf("table %s has %d rows instead of %d after the restore, or other values: nothing was restored", t.Name, got.Rows, want.Rows)
		}
	}
	return nil
}
