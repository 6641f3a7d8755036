package db

import (
	"database/sql/driver"
	"strings"
	"unicode"

	"modernc.org/sqlite"
)

// MaskNumber stars a phone number's digits, but for those before its first dash and the last four. What stands between the
// digits stays, and so does a number that is masked already; one without a dash shows its last four digits alone.
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

// maskedInPostgres is MaskNumber as an expression, for digits from 0 to 9.
func maskedInPostgres(number string) string {
	return "(COALESCE(substring(" + number + " FROM '^[^-]*-'), '') || " +
		"regexp_replace(regexp_replace(" + number + ", '^[^-]*-', ''), '[0-9](?=([^0-9]*[0-9]){4})', '*', 'g'))"
}

// maskedInSQLite is MaskNumber as SQLite's function masked_number.
func maskedInSQLite(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if number, ok := args[0].(string); ok {
		return MaskNumber(number), nil
	}
	return args[0], nil
}
