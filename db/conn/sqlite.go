package conn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// SQLitePath returns the path of an SQLite file from a path or a URL (sqlite:// or file:). It returns an error if there
// is none, for another scheme, and for a database in memory.
func SQLitePath(url string) (string, error) {
	path := strings.TrimPrefix(strings.TrimPrefix(url, "sqlite://"), "file:")
	if scheme, _, ok := strings.Cut(path, "://"); ok && !strings.ContainsAny(scheme, "/.") {
		return "", fmt.Errorf("the database has the scheme %s: want postgres://..., or the path of an SQLite file", scheme)
	}
	if path == "" || strings.Contains(path, ":memory:") {
		return "", errors.New("open SQLite: want the path of a file")
	}
	return path, nil
}

// busyTimeout is the maximum time that a statement waits for a lock.
const busyTimeout = 10 * time.Second

// OpenSQLite opens the connection pools of the database in a file, and creates the file where it is missing.
func OpenSQLite(path string, o Options) (*Pools, error) {
	open := func(n int, parameters ...string) (*sqlx.DB, error) {
		dsn := sqliteDSN(path, append([]string{fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()), "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)",
			"_pragma=foreign_keys(ON)"}, parameters...)...)
		named, err := sql.Open("sqlite", dsn)
		if err != nil {
			return nil, openError(path, err)
		}
		pool := sqlx.NewDb(openPool(fileConnector{named.Driver(), dsn, o.Unprepared}, o.Tracer), "sqlite")
		pool.SetMaxOpenConns(n)
		pool.SetMaxIdleConns(n)
		return pool, nil
	}
	// Cache sizes are in KiB and per connection. Readers share the operating system's cache and map the first 2 GiB of
	// the file as memory. The writer's cache takes twice its size, because of how the driver allocates. The journal may
	// have 64 MiB before a checkpoint: an import writes the same pages batch by batch.
	write, err := open(1, "_txlock=immediate", "_pragma=cache_size(-32768)", "_pragma=wal_autocheckpoint(16384)",
		fmt.Sprintf("_pragma=journal_size_limit(%d)", maxJournal))
	if err != nil {
		return nil, err
	}
	// Creates the file and sets its journal mode before a reader opens it.
	if err := write.Ping(); err != nil {
		return nil, errors.Join(openError(path, err), write.Close())
	}
	file, err := newSQLiteFile(path)
	if err != nil {
		return nil, errors.Join(openError(path, err), write.Close())
	}
	read, err := open(o.Connections, "_pragma=query_only(ON)", "_pragma=cache_size(-4096)", "_pragma=mmap_size(2147418112)")
	return &Pools{Read: read, Write: write, file: file}, err
}

// sqliteDSN returns the data source name of a file.
func sqliteDSN(path string, parameters ...string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: strings.Join(parameters, "&")}).String()
}

// SQLiteConnector returns a connector to a database in a file, by a driver with registered functions and collations.
func SQLiteConnector(driver driver.Driver, dsn string, unprepared bool) driver.Connector {
	return fileConnector{driver, dsn, unprepared}
}

// fileConnector opens connections to a file.
type fileConnector struct {
	driver     driver.Driver
	dsn        string
	unprepared bool
}

func (c fileConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.dsn)
	if err != nil || c.unprepared {
		return conn, err
	}
	return fileConn{newCachingConn(conn.(connection))}, nil
}

func (c fileConnector) Driver() driver.Driver { return c.driver }

// fileConn is a connection to a file. SQLite closes the file, and the last connection checkpoints the journal, only when
// all statements are closed.
type fileConn struct{ *cachingConn }

// Close closes the statements and the connection.
func (c fileConn) Close() error {
	c.byText.Purge()
	return c.cachingConn.Close()
}
