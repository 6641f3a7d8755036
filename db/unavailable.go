package db

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

// failure makes an Unavailable error of one that means that the database is away, out of room or out of time; others
// stay as they are.
func (s *Store) failure(ctx context.Context, err error) error {
	var known *Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(ctx.Err(), context.Canceled):
		return err
	case ctx.Err() != nil, isAway(err):
		s.pulse.doubt()
		return unavailable(err)
	}
	return err
}

func unavailable(cause error) error {
	return &Error{Code: Unavailable, Message: "the database does not answer: try again soon", cause: cause}
}

// isAway tells whether a driver's error is about the database and not about the statement.
func isAway(err error) bool {
	var postgres *pq.Error
	var lite *sqlite.Error
	var network net.Error
	switch {
	case errors.As(err, &postgres):
		// 08 is about connections, 53 about what runs out; a standby ends statements that are in its way by 40001.
		class := postgres.Code.Class()
		return class == "08" || class == "53" || postgres.Code == "57014" || postgres.Code == "40001" || isGoing(postgres)
	case errors.As(err, &lite):
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isGoing tells whether a server refuses because it shuts down, has crashed, or has only just begun (57P01 to 57P05).
func isGoing(err *pq.Error) bool { return strings.HasPrefix(string(err.Code), "57P") }
