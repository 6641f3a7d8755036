package db

import (
	"strconv"
	"strings"

	"github.com/govalues/decimal"
)

// ParseDecimal parses a decimal number exactly, with its trailing zeros. It returns a BadInput error for text that is
// not a number, and for a number with more than 19 significant digits or 19 decimal places, which would have to be
// rounded.
func ParseDecimal(s string) (decimal.Decimal, error) {
	d, err := decimal.Parse(s)
	if err == nil && len(s) <= decimal.MaxPrec && !strings.ContainsAny(s, "eE") {
		return d, nil // too short to be rounded, as most numbers are
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

// lostScale reports whether Parse rounded a number with an exponent: its digits then differ from those of its mantissa.
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
