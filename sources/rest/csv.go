package rest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number is a cell that a spreadsheet reads as a number and not as a formula.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// formulaSigns are what a formula begins with, also in the wide forms of Unicode.
const formulaSigns = "=+-@＝＋－＠"

// Cell returns text as a cell of a CSV file. A spreadsheet would calculate text that begins as a formula does, after blanks or
// not; it gets an apostrophe before it, and so does what begins with a tab or a carriage return.
func Cell(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, unicode.IsSpace))
	formula := strings.ContainsRune(formulaSigns, first) || strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r")
	if formula && !number.MatchString(text) {
		return "'" + text
	}
	return text
}
