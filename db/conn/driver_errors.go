package conn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// IsUnavailable reports whether an error means that the database is unreachable, out of resources or too slow, and not
// that the statement is wrong.
func IsUnavailable(err error) bool {
	var postgres *pq.Error
	var network net.Error
	switch code := sqliteCode(err); {
	case errors.As(err, &postgres):
		// Class 08 is connection exceptions, 53 insufficient resources, 57014 a cancelled query; a standby ends
		// statements that conflict with recovery by 40001.
		class := postgres.Code.Class()
		return class == "08" || class == "53" || postgres.Code == "57014" || postgres.Code == "40001" || isShutdown(postgres)
	case code >= 0:
		switch code {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	return isWrongServer(err) || errors.As(err, &network) || errors.Is(err, ErrOutage) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isWrongServer reports whether none of the hosts that answered has the target_session_attrs of the connection string, as
// in a failover. The driver has no value for these errors.
func isWrongServer(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "server is in hot standby mode") || strings.Contains(err.Error(), "session is read-only"))
}

// IsFull reports whether a statement failed because the disk of the database is full.
func IsFull(err error) bool {
	var postgres *pq.Error
	return errors.As(err, &postgres) && postgres.Code == "53100" || sqliteCode(err) == sqlite3.SQLITE_FULL
}

// IsDamaged reports whether SQLite found a damaged page.
func IsDamaged(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// sqliteCode returns the primary result code of an error of SQLite, or -1 for another error.
func sqliteCode(err error) int {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return -1
	}
	return lite.Code() & 0xff
}

// IsDenied reports whether a statement failed because PostgreSQL is a standby, or because the role has no right to it.
func IsDenied(err error) bool {
	var postgres *pq.Error
	return errors.As(err, &postgres) && (postgres.Code == "42501" || IsReadOnly(err))
}

// IsReadOnly reports whether a write transaction cannot begin because PostgreSQL is a standby.
func IsReadOnly(err error) bool {
	var postgres *pq.Error
	return errors.As(err, &postgres) && (postgres.Code == "25006" || postgres.Code == "0A000")
}

// isShutdown reports whether a server refuses because it shuts down, has crashed, or starts (57P01 to 57P05).
func isShutdown(err *pq.Error) bool { return strings.HasPrefix(string(err.Code), "57P") }
