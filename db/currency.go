package db

import (
	"slices"
	"strings"

	"golang.org/x/text/currency"
)

// laterCurrencies are the codes added to ISO 4217 since the list of golang.org/x/text.
var laterCurrencies = []string{"MRU", "SLE", "UYW", "VED", "VES", "XAD", "XCG", "ZWG"}

// CurrencyCode returns a word in capitals if that is an ISO 4217 code, otherwise "". Codes that are no longer in use
// count, too.
func CurrencyCode(word string) string {
	code := strings.ToUpper(word)
	if slices.Contains(laterCurrencies, code) {
		return code
	}
	if _, err := currency.ParseISO(code); err != nil {
		return ""
	}
	return code
}
