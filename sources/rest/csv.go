package rest

import (
	"regexp"
	"strings"
)

// number is a cell that a spreadsheet reads as a number and not as a formula.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Cell returns text as a cell of a CSV file. A spreadsheet would calculate text that begins as a formula does; it gets an
// apostrophe before it.
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) && !number.MatchString(text) {
		return "'" + text
	}
	return text
}
