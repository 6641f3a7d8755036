package rest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainNumber matches text that a spreadsheet reads as a number, not as a formula.
var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// formulaPrefixes holds the characters that begin a formula, including Unicode's full-width forms.
const formulaPrefixes = "=+-@＝＋－＠"

// Cell returns text as a CSV cell that no spreadsheet evaluates: it puts an apostrophe before text that begins with a
// formula prefix (leading white space ignored), a tab or a carriage return. Numbers stay as they are.
func Cell(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, unicode.IsSpace))
	formula := strings.ContainsRune(formulaPrefixes, first) || strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r")
	if formula && !plainNumber.MatchString(text) {
		return "'" + text
	}
	return text
}
