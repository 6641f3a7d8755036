package db

import (
	"database/sql/driver"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/govalues/decimal"
)

// DecimalSum is an exact sum of decimals, with any number of digits. The zero value is 0.
type DecimalSum struct {
	// units is the sum in units of 10 to the power of -scale; large replaces it once 64 bits no longer suffice.
	units int64
	large *big.Int
	scale int
}

// SumDecimals returns the sum of decimals.
func SumDecimals(values ...decimal.Decimal) DecimalSum {
	var s DecimalSum
	for _, d := range values {
		s.addUnits(d.Coef(), d.IsNeg(), d.Scale())
	}
	return s
}

// ParseDecimalSum parses a decimal number with any number of digits.
func ParseDecimalSum(text string) (DecimalSum, error) {
	if s, ok := parseShortSum(text); ok {
		return s, nil
	}
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	large, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return DecimalSum{}, fmt.Errorf("parse sum: %q is not a decimal number", text)
	}
	if negative {
		large.Neg(large)
	}
	if large.IsInt64() {
		return DecimalSum{units: large.Int64(), scale: len(fraction)}, nil
	}
	return DecimalSum{large: large, scale: len(fraction)}, nil
}

// maxShortDigits is the maximum number of digits that fit into 64 bits for sure.
const maxShortDigits = 18

// parseShortSum parses a decimal number of at most maxShortDigits digits. It returns false for another text.
func parseShortSum[T string | []byte](text T) (s DecimalSum, ok bool) {
	digits, point := 0, -1
	for i := range len(text) {
		switch c := text[i]; {
		case c == '-' && i == 0:
		case c == '.' && point < 0:
			point = digits
		case c >= '0' && c <= '9' && digits < maxShortDigits:
			s.units = 10*s.units + int64(c-'0')
			digits++
		default:
			return DecimalSum{}, false
		}
	}
	if point >= 0 {
		s.scale = digits - point
	}
	if len(text) > 0 && text[0] == '-' {
		s.units = -s.units
	}
	return s, digits > 0
}

// Add adds another sum.
func (s *DecimalSum) Add(other DecimalSum) {
	if s.large == nil && other.large == nil {
		s.addUnits(magnitude(other.units), other.units < 0, other.scale)
		return
	}
	s.addLarge(other.bigUnits(), other.scale)
}

// Subtract subtracts another sum.
func (s *DecimalSum) Subtract(other DecimalSum) {
	negative := DecimalSum{scale: other.scale}
	negative.large = new(big.Int).Neg(other.bigUnits())
	if other.large == nil && other.units != math.MinInt64 {
		negative = DecimalSum{units: -other.units, scale: other.scale}
	}
	s.Add(negative)
}

// addUnits adds a number of units of 10 to the power of -scale, in one machine word if the result fits.
func (s *DecimalSum) addUnits(units uint64, negative bool, scale int) {
	if s.large == nil {
		mine, okMine := scaled(magnitude(s.units), scale-s.scale)
		other, okOther := scaled(units, s.scale-scale)
		if okMine && okOther {
			a, b := int64(mine), int64(other)
			if s.units < 0 {
				a = -a
			}
			if negative {
				b = -b
			}
			if sum := a + b; (sum > a) == (b > 0) {
				s.units, s.scale = sum, max(s.scale, scale)
				return
			}
		}
	}
	large := new(big.Int).SetUint64(units)
	if negative {
		large.Neg(large)
	}
	s.addLarge(large, scale)
}

// scaled returns n times ten to the power of places, or n if places is negative. It returns false if that exceeds 63
// bits.
func scaled(n uint64, places int) (uint64, bool) {
	for range max(places, 0) {
		high, low := bits.Mul64(n, 10)
		if high != 0 {
			return 0, false
		}
		n = low
	}
	return n, n <= math.MaxInt64
}

func (s *DecimalSum) addLarge(units *big.Int, scale int) {
	s.large, s.units = s.bigUnits(), 0
	if scale > s.scale {
		s.large.Mul(s.large, powerOfTen(scale-s.scale))
		s.scale = scale
	}
	s.large.Add(s.large, new(big.Int).Mul(units, powerOfTen(s.scale-scale)))
}

// bigUnits returns a copy of the number of units.
func (s *DecimalSum) bigUnits() *big.Int {
	if s.large != nil {
		return new(big.Int).Set(s.large)
	}
	return big.NewInt(s.units)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

func (s DecimalSum) isZero() bool { return s.units == 0 && (s.large == nil || s.large.Sign() == 0) }

// Cmp compares two sums: -1, 0 or 1.
func (s DecimalSum) Cmp(other DecimalSum) int {
	s.Subtract(other)
	return s.bigUnits().Sign()
}

// Average returns the sum divided by a count. It is exact if 19 digits suffice; otherwise it is rounded once, half to
// even, to 19 significant digits and at most 19 decimal places. So it is never outside the range of the values.
func (s DecimalSum) Average(count int64) DecimalSum {
	quotient := new(big.Rat).SetFrac(s.bigUnits(), new(big.Int).Mul(powerOfTen(s.scale), big.NewInt(count)))
	whole := new(big.Int).Quo(quotient.Num(), quotient.Denom())
	places := decimal.MaxScale
	if whole.Sign() != 0 {
		places = max(0, decimal.MaxPrec-len(whole.Abs(whole).String()))
	}
	return DecimalSum{large: roundHalfEven(quotient, places), scale: places}
}

// roundHalfEven returns r in units of 10 to the power of -places, rounded half to even.
func roundHalfEven(r *big.Rat, places int) *big.Int {
	units, rest := new(big.Int).QuoRem(new(big.Int).Mul(r.Num(), powerOfTen(places)), r.Denom(), new(big.Int))
	half := rest.Abs(rest).Lsh(rest, 1).Cmp(r.Denom())
	if half > 0 || half == 0 && units.Bit(0) == 1 {
		units.Add(units, big.NewInt(int64(r.Sign())))
	}
	return units
}

// String returns the sum without trailing zeros, so that equal sums have the same text.
func (s DecimalSum) String() string { return string(s.AppendText(nil)) }

// AppendText appends the text of String.
func (s DecimalSum) AppendText(b []byte) []byte {
	var digits []byte
	if s.large != nil {
		digits = new(big.Int).Abs(s.large).Append(nil, 10)
	} else {
		digits = strconv.AppendUint(nil, magnitude(s.units), 10)
	}
	scale := s.scale
	for scale > 0 && digits[len(digits)-1] == '0' && len(digits) > 1 {
		digits, scale = digits[:len(digits)-1], scale-1
	}
	if string(digits) == "0" {
		return append(b, '0')
	}
	if s.units < 0 || s.large != nil && s.large.Sign() < 0 {
		b = append(b, '-')
	}
	if scale == 0 {
		return append(b, digits...)
	}
	for len(digits) <= scale {
		digits = append([]byte{'0'}, digits...)
	}
	b = append(b, digits[:len(digits)-scale]...)
	return append(append(b, '.'), digits[len(digits)-scale:]...)
}

// Scan reads a sum of the database; NULL is 0.
func (s *DecimalSum) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*s = DecimalSum{}
	case int64:
		*s = DecimalSum{units: v}
	case string:
		*s, err = ParseDecimalSum(v)
	case []byte:
		var ok bool
		if *s, ok = parseShortSum(v); !ok {
			*s, err = ParseDecimalSum(string(v))
		}
	default:
		err = fmt.Errorf("scan %T as a sum", src)
	}
	return err
}

// Value returns the stored form.
func (s DecimalSum) Value() (driver.Value, error) { return s.String(), nil }
