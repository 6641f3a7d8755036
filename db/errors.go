package db

import "fmt"

// Code says what sort of thing went wrong. The list is closed: a surface maps each code to its own shape, and
// anything without one is an internal error.
type Code string

// The codes.
const (
	// BadInput is returned where a caller's value cannot be used: a page size, an id, a pattern, a date.
	BadInput Code = "BAD_USER_INPUT"
	// BadCursor is returned by lists for a cursor that this server did not make for that list and order.
	BadCursor Code = "BAD_CURSOR"
	// NotFound is returned by look-ups for what is absent or outside the reader's scope.
	NotFound Code = "NOT_FOUND"
	// Ambiguous is returned by look-ups where several things are known by the same name.
	Ambiguous Code = "AMBIGUOUS"
	// Conflict is returned by writes that contradict what is stored.
	Conflict Code = "CONFLICT"
	// Unavailable is returned by whatever needs the database while it is away, out of room, or too slow: the same request
	// may go well soon.
	Unavailable Code = "UNAVAILABLE"
)

// Error is an error that may be shown to whoever caused it.
type Error struct {
	Code    Code
	Message string
	// cause is what a driver said; it is for the log, never for the client.
	cause error
}

// Error is for the log; a client is shown the Message.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.Message + ": " + e.cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an Error of a code; the message names what was wrong and holds nothing secret.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
