package ingest

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// FieldError is why a record cannot be read.
type FieldError struct {
	// Field is the path of the field, such as usageDetails[0].volume; empty for the record as a whole.
	Field string
	// Reason says what was wanted; it does not echo the value.
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

// Within says of an error whose field is named from a parent which parent that was.
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

// short cuts a name that comes from a document to what a report can show: some printable characters.
func short(s string) string {
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
