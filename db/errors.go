package db

import (
	"errors"
	"fmt"
)

// Code is the category of an error. The list is closed: each API maps a code to its own error format, and treats an
// error without a code as an internal error.
type Code string

// The codes.
const (
	// BadInput is returned for an invalid value from the caller: a page size, an id, a pattern, a date.
	BadInput Code = "BAD_USER_INPUT"
	// BadCursor is returned by lists for a cursor that was not made for the same list and order.
	BadCursor Code = "BAD_CURSOR"
	// NotFound is returned by lookups for records that do not exist or are outside the reader's scope.
	NotFound Code = "NOT_FOUND"
	// Ambiguous is returned by lookups if several records have the same name.
	Ambiguous Code = "AMBIGUOUS"
	// Forbidden is returned for a request, by name, for data that the reader's scope hides: cost, profit and margin, or
	// data for staff.
	Forbidden Code = "FORBIDDEN"
	// LimitExceeded is returned for a request that would read or return too much.
	LimitExceeded Code = "LIMIT_EXCEEDED"
	// Conflict is returned by writes that contradict what is stored.
	Conflict Code = "CONFLICT"
	// Unavailable is returned if the database cannot be reached, has no space left, or is too slow. The same request
	// may succeed soon.
	Unavailable Code = "UNAVAILABLE"
	// Overloaded is returned if too many expensive statements run. The same request may succeed soon.
	Overloaded Code = "TOO_MANY_REQUESTS"
)

// RetryAfter is the number of seconds after which a client may repeat a request that failed with Unavailable or
// Overloaded, or that was not admitted: the value of the header Retry-After of all APIs.
const RetryAfter = 1

// Error is an error whose Message may be shown to the client.
type Error struct {
	Code    Code
	Message string
	// Limit is the name of the limit of a LimitExceeded error.
	Limit string
	// cause is the driver's error; it is for the log, never for the client.
	cause error
	// onReplica is true if reading from the primary may succeed.
	onReplica bool
}

// FailedOnReplica reports whether an answer could not be read from a replica and may be read with Reader.FromPrimary.
func FailedOnReplica(err error) bool {
	var known *Error
	return errors.As(err, &known) && known.onReplica
}

// Error returns the message with its cause, for the log. Clients get the Message only.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.Message + ": " + e.cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.cause }

// Errorf returns an Error with a code. The message says what is wrong and contains nothing secret.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// The names of the limits of totals and values.
const (
	limitRecords = "totals_records"
	limitGroups  = "groups"
	limitWindows = "windows"
)

// LimitErrorf returns a LimitExceeded error for the named limit.
func LimitErrorf(limit, format string, args ...any) *Error {
	err := Errorf(LimitExceeded, format, args...)
	err.Limit = limit
	return err
}
