package conn

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of an SQLite file that was changed while it is open. The process must be restarted with a whole file.
var (
	errDeleted = errors.New("the database file was deleted or replaced")
	errCut     = errors.New("the database file was cut off")
	errDamaged = errors.New("the database file is damaged")
)

// sqliteFile is an open database file. A nil sqliteFile has no changes.
type sqliteFile struct {
	path   string
	opened os.FileInfo
	// size is the largest size of the file so far. SQLite only grows it, except by VACUUM.
	size atomic.Int64
	// damaged is true once SQLite found a damaged page.
	damaged atomic.Bool
	// maxJournal is the size of the journal in bytes from which LimitJournal empties it.
	maxJournal int64
	// nextLimit is the time of the next attempt to empty the journal, in Unix nanoseconds.
	nextLimit atomic.Int64
}

func newSQLiteFile(path string) (*sqliteFile, error) {
	opened, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f := &sqliteFile{path: path, opened: opened, maxJournal: maxJournal}
	f.size.Store(opened.Size())
	return f, nil
}

// check returns an error if the file was deleted, replaced or cut off, or if its header or a page is damaged.
func (f *sqliteFile) check() error {
	if f == nil {
		return nil
	}
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errDeleted
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	last := f.size.Load()
	f.size.CompareAndSwap(last, max(last, info.Size()))
	header := make([]byte, sqliteHeaderSize)
	_, err = io.ReadFull(file, header)
	switch {
	case !os.SameFile(f.opened, info):
		return errDeleted
	case last > 0 && err != nil, info.Size() < min(last, sizeInHeader(header)):
		return errCut
	case last > 0 && !isSQLite(header), f.damaged.Load():
		return errDamaged
	}
	return nil
}

// sqliteHeaderSize is the size of the header of a database file (https://sqlite.org/fileformat.html).
const sqliteHeaderSize = 100

func isSQLite(header []byte) bool { return string(header[:16]) == "SQLite format 3\x00" }

// sizeInHeader returns the size of the database file as its header has it.
func sizeInHeader(header []byte) int64 {
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 1 << 16
	}
	return pageSize * int64(binary.BigEndian.Uint32(header[28:]))
}

// CheckFile returns an error if the SQLite file was deleted, replaced, cut off or damaged since it was opened. It returns
// nil for PostgreSQL.
func (p *Pools) CheckFile() error { return p.file.check() }

// SetDamaged records that SQLite found a damaged page.
func (p *Pools) SetDamaged() {
	if p.file != nil {
		p.file.damaged.Store(true)
	}
}

// SQLiteOwner returns the application id and the tables of an SQLite file, which may have changes in its journal. It
// returns no tables if there is no file, or an empty one. It does not change the file.
func SQLiteOwner(ctx context.Context, path string) (applicationID int64, tables []string, err error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0, nil, nil
	}
	if isCut(path) {
		return 0, nil, fmt.Errorf("open SQLite database %s: it was cut off: restore a backup", path)
	}
	pool, err := sql.Open("sqlite", sqliteDSN(path, fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()), "_pragma=query_only(ON)"))
	if err != nil {
		return 0, nil, err
	}
	defer pool.Close()
	if err := pool.QueryRowContext(ctx, "PRAGMA application_id").Scan(&applicationID); err != nil {
		return 0, nil, openError(path, err)
	}
	rows, err := pool.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		return 0, nil, openError(path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return 0, nil, err
		}
		tables = append(tables, name)
	}
	return applicationID, tables, rows.Err()
}

// isCut reports whether a file without a journal is smaller than its header says. With a journal, a checkpoint may be
// about to write the rest.
func isCut(path string) bool {
	if journal, err := os.Stat(path + "-wal"); err == nil && journal.Size() > 0 {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	header := make([]byte, sqliteHeaderSize)
	if _, readErr := io.ReadFull(file, header); err != nil || readErr != nil {
		return false
	}
	return isSQLite(header) && info.Size() < sizeInHeader(header)
}

// openError returns an error that names the path of a file that cannot be opened and the likely cause.
func openError(path string, err error) error {
	info, statErr := os.Stat(path)
	_, folderErr := os.Stat(filepath.Dir(path))
	cause := err.Error()
	switch code := sqliteCode(err); {
	case errors.Is(folderErr, fs.ErrNotExist):
		cause = "its folder does not exist"
	case statErr == nil && info.IsDir():
		cause = "it is a folder"
	case code == sqlite3.SQLITE_NOTADB:
		cause = "it is not an SQLite database"
	case code == sqlite3.SQLITE_CORRUPT:
		cause = "it is damaged: restore a backup"
	case code == sqlite3.SQLITE_BUSY:
		cause = "another process has locked it"
	case code == sqlite3.SQLITE_CANTOPEN, code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_PERM:
		cause = "the user of this process may not write to it or to its folder, or the disk is read-only"
	}
	return fmt.Errorf("open SQLite database %s: %s", path, cause)
}
