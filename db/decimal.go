package db

import (
	"strconv"
	"strings"

	"github.com/govalues/decimal"
)

// ParseDecimal reads a decimal number exactly, with its trailing zeros. It returns a BadInput error for what is no
// number, and for one of more than 19 significant digits or 19 places, which would have to be rounded.
func ParseDecimal(s string) (decimal.Decimal, error) {
	d, err := decimal.Parse(s)
	if err == nil && len(s) <= decimal.MaxPrec && !strings.ContainsAny(s, "eE") {
		return d, nil // most are so short that nothing of them can be lost
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(strings.TrimLeft(mantissa, "+-"), ".")
	digits := len(strings.TrimLeft(whole+fraction, "0"))
	if err != nil && digits <= decimal.MaxPrec {
		return decimal.Decimal{}, Errorf(BadInput, "want a decimal number, such as 12.50")
	}
	if digits > decimal.MaxPrec || len(fraction) > decimal.MaxScale || lostScale(d, s) {
		return decimal.Decimal{}, Errorf(BadInput, "a decimal has at most %d significant digits and %d decimal places", decimal.MaxPrec, decimal.MaxScale)
	}
	return d, nil
}

// lostScale tells whether a number with an exponent came out rounded: then its digits are not its mantissa's.
func lostScale(d decimal.Decimal, s string) bool {
	mantissa, _, ok := strings.Cut(strings.ToLower(s), "e")
	if !ok {
		return false
	}
	m, err := decimal.Parse(mantissa)
	return err != nil || digitsOf(m) != digitsOf(d)
}

func digitsOf(d decimal.Decimal) string {
	return strings.TrimRight(strconv.FormatUint(d.Coef(), 10), "0")
}
