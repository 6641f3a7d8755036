package db_test

import (
	"testing"

	"usagegraph/db"
)

func TestCurrencyCodes(t *testing.T) {
	for word, want := range map[string]string{
		"USD": "USD", "EUR": "EUR", "usd": "USD", "XCG": "XCG", "sle": "SLE", "HRK": "HRK", "XXX": "XXX",
		"MIN": "", "SEC": "", "MB": "", "": "", "840": "", "US Dollar": "", " USD": "", "US": "", "USDT": "", "€": "",
	} {
		if got := db.CurrencyCode(word); got != want {
			t.Errorf("%q is read as %q, want %q", word, got, want)
		}
	}
}
