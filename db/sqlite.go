package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
)

// registerSQLite tells sqlx and the driver what this package needs of them, once.
var registerSQLite = sync.OnceFunc(func() {
	sqlx.BindDriver("sqlite", sqlx.DOLLAR)
	sqlite.MustRegisterCollationUtf8("decimal", compareDecimals)
	sqlite.MustRegisterDeterministicScalarFunction("masked_number", 1, maskedInSQLite)
	sqlite.MustRegisterFunction("decimal_sum", &sqlite.FunctionImpl{NArgs: 1, Deterministic: true, MakeAggregate: newDecimalSum})
})

// compareDecimals orders stored decimals by value.
func compareDecimals(a, b string) int {
	x, errX := ParseDecimal(a)
	y, errY := ParseDecimal(b)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	return x.Cmp(y)
}

func (s *Store) openSQLite(path string, o Options) error {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "sqlite://"), "file:")
	if path == "" || strings.Contains(path, ":memory:") {
		return fmt.Errorf("open SQLite: want the path of a file")
	}
	registerSQLite()
	open := func(mode string, n int) (*sqlx.DB, error) {
		dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: strings.Join([]string{
			"_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)",
			"_pragma=foreign_keys(ON)", mode,
		}, "&")}).String()
		named, err := sql.Open("sqlite", dsn)
		if err != nil {
			return nil, fmt.Errorf("open SQLite: %w", err)
		}
		pool := sqlx.NewDb(openPool(fileConnector{named.Driver(), dsn, o.Unprepared}, o.Tracer), "sqlite")
		pool.SetMaxOpenConns(n)
		pool.SetMaxIdleConns(n)
		return pool, nil
	}
	s.dialect = sqliteDialect
	// Caches are in KiB, one for each connection: what many readers have in common is the operating system's to keep,
	// and they read it in place, as memory, where SQLite can: in the first 2 GiB of the file. The writer's takes twice
	// what it says, by how the driver allocates. The journal may have 64 MiB before it goes into the file: an import
	// writes the same pages batch by batch.
	var err error
	if s.write, err = open("_txlock=immediate&_pragma=cache_size(-32768)&_pragma=wal_autocheckpoint(16384)", 1); err != nil {
		return err
	}
	// The file and its journal mode are there before a reader opens it.
	if err := s.write.Ping(); err != nil {
		return fmt.Errorf("open SQLite: %w", err)
	}
	s.read, err = open("_pragma=query_only(ON)&_pragma=cache_size(-4096)&_pragma=mmap_size(2147418112)", o.Connections)
	return err
}

// fileConnector opens a file by the driver that has this package's functions.
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
	return fileConnection{newPreparer(conn.(connection))}, nil
}

func (c fileConnector) Driver() driver.Driver { return c.driver }

// fileConnection is a connection to a file, of which SQLite lets go when all its statements are closed: only then does
// the last connection bring the journal into the file.
type fileConnection struct{ *preparer }

// Close closes the statements and the connection.
func (c fileConnection) Close() error {
	c.byText.Purge()
	return c.preparer.Close()
}
