package db

import (
	"database/sql/driver"
	"strings"
	"unicode"

	"modernc.org/sqlite"
)

// MaskNumber replaces the digits of a phone number by stars, except those before the first dash and the last four.
// Separators and existing stars stay. Without a dash, only the last four digits stay.
func MaskNumber(number string) string {
	open, hidden, dash := strings.Cut(number, "-")
	if !dash {
		open, hidden = "", number
	}
	runes, digits := []rune(hidden), 0
	for i := len(runes) - 1; i >= 0; i-- {
		if !unicode.IsDigit(runes[i]) {
			continue
		}
		if digits++; digits > 4 {
			runes[i] = '*'
		}
	}
	if !dash {
		return string(runes)
	}
	return open + "-" + string(runes)
}

// maskedInPostgres returns MaskNumber as an SQL expression, for the digits 0 to 9.
func maskedInPostgres(number string) string {
	return "(COALESCE(substring(" + number + " FROM '^[^-]*-'), '') || " +
		"regexp_replace(regexp_replace(" + number + ", '^[^-]*-', ''), '[0-9](?=([^0-9]*[0-9]){4})', '*', 'g'))"
}

// maskedInSQLite implements the SQLite function masked_number with MaskNumber.
func maskedInSQLite(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if number, ok := args[0].(string); ok {
		return MaskNumber(number), nil
	}
	return args[0], nil
}
