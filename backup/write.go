package backup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"usagegraph/db"
)

// Progress receives the number of completed rows and the total. phase names the work, such as "backing up".
type Progress func(phase string, done, total int64)

// step is the number of rows between calls of Progress.
const step = 1000

// Write writes a backup of a database to a new file that only its owner can read, and checks the file. The backup is a
// consistent snapshot; the database may be in use. The name of the file ends in .partial until it is complete and
// checked.
func Write(ctx context.Context, store *db.Store, path, program string, show Progress) (*File, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s exists already: name another file", path)
	}
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s exists already: another backup is running; if it was killed, remove the file", partial)
	}
	if err != nil {
		return nil, err
	}
	defer os.Remove(partial)
	w := &writer{header: Header{CreatedAt: time.Now().UTC().Truncate(time.Second), Program: program}, show: show}
	if err := errors.Join(w.write(ctx, store, f), f.Close()); err != nil {
		return nil, err
	}
	file, err := Open(ctx, partial, show)
	if err != nil {
		return nil, fmt.Errorf("check the backup: %w", err)
	}
	if err := w.compare(file); err != nil {
		return nil, fmt.Errorf("check the backup: %w", err)
	}
	file.Path = path
	return file, publish(partial, path)
}

// publish renames a file to its final name, and syncs its folder so that the name survives a crash.
func publish(partial, path string) error {
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// writer writes the contents of a database, and computes the sums of its tables.
type writer struct {
	header Header
	sums   map[string]Sum
	done   int64
	show   Progress
	encoder
}

// write writes the whole file and syncs it.
func (w *writer) write(ctx context.Context, store *db.Store, f *os.File) error {
	if _, err := f.WriteString(magic + formatVersion + "\n"); err != nil {
		return err
	}
	compressed, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	defer compressed.Close()
	w.out = bufio.NewWriter(compressed)
	err = store.Dump(ctx, func(d *db.Dump) error {
		if err := w.dump(ctx, d); err != nil {
			// The error is not wrapped: db could mistake an error number of the file for one of its connection.
			return fmt.Errorf("write the backup: %v", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := errors.Join(w.out.Flush(), compressed.Close()); err != nil {
		return err
	}
	return f.Sync()
}

func (w *writer) dump(ctx context.Context, d *db.Dump) error {
	switch last := db.LatestVersion(); {
	case d.Version == 0:
		return errors.New("the database has no tables of usagegraph: check --database")
	case d.Version > last:
		return fmt.Errorf("the database is of version %d, this program of version %d: use a newer program", d.Version, last)
	}
	var err error
	if w.header.Rows, err = d.Count(ctx); err != nil {
		return err
	}
	w.header.SchemaVersion, w.sums = d.Version, map[string]Sum{}
	if err := w.json(headerItem, w.header); err != nil {
		return err
	}
	for _, t := range d.Tables {
		if err := w.table(ctx, d, t); err != nil {
			return err
		}
	}
	return w.json(trailerItem, trailer{len(d.Tables), w.done})
}

func (w *writer) table(ctx context.Context, d *db.Dump, t *db.StoredTable) error {
	if err := w.json(tableItem, Table{t.Name, t.Columns}); err != nil {
		return err
	}
	sums := newSummer()
	var row []byte
	err := d.Rows(ctx, t, func(values []any) (err error) {
		if row, err = appendRow(row[:0], values); err != nil {
			return err
		}
		sums.add(row)
		if w.done++; w.done%step == 0 {
			w.show("backing up", w.done, w.header.Rows)
		}
		return w.item(rowItem, row)
	})
	if err != nil {
		return err
	}
	w.sums[t.Name] = sums.sum()
	return w.json(endItem, sums.sum())
}

// compare returns an error unless a file has the tables and rows that were read from the database.
func (w *writer) compare(f *File) error {
	if len(f.Sums) != len(w.sums) {
		return fmt.Errorf("it has %d tables, the database %d", len(f.Sums), len(w.sums))
	}
	for name, sum := range w.sums {
		if f.Sums[name] != sum {
			return fmt.Errorf("table %s has %d rows in the file and %d in the database, or they differ", name, f.Sums[name].Rows, sum.Rows)
		}
	}
	return nil
}
