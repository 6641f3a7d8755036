package ingest

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// FieldError is the reason why a record cannot be decoded.
type FieldError struct {
	// Field is the path of the field, such as usageDetails[0].volume; empty for the record as a whole.
	Field string
	// Reason describes the expected value; it does not repeat the actual one.
	Reason string
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Field makes a FieldError.
func Field(field, reason string) *FieldError { return &FieldError{field, reason} }

// Within prefixes the field of an error with the name of its parent.
func Within(parent string, err error) error {
	var field *FieldError
	switch {
	case !errors.As(err, &field):
		return fmt.Errorf("%s: %w", parent, err)
	case field.Field == "":
		return Field(parent, field.Reason)
	}
	return Field(parent+"."+field.Field, field.Reason)
}

// abbreviate shortens a name from a document to 60 bytes and replaces unprintable characters, for use in messages.
func abbreviate(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
