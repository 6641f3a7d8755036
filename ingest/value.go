package ingest

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
)

// Number is an exact JSON number. Decoding fails if the number would have to be rounded.
type Number decimal.Decimal

// UnmarshalJSON parses a number literal.
func (n *Number) UnmarshalJSON(text []byte) error {
	if jsontext.Value(text).Kind() != '0' {
		return Field("", "want a number, not "+kindName(jsontext.Value(text).Kind()))
	}
	d, err := db.ParseDecimal(string(text))
	*n = Number(d)
	return err
}

// MarshalJSON writes the number as it was read, with its trailing zeros.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(decimal.Decimal(n).String()), nil }

// Decimal returns the number as a decimal; nil for nil.
func (n *Number) Decimal() *decimal.Decimal { return (*decimal.Decimal)(n) }

// Stored returns JSON without white space, for a column; nil for null or an empty value.
func Stored(v jsontext.Value) db.JSON {
	if v == nil || v.Kind() == 'n' {
		return nil
	}
	v = v.Clone()
	v.Compact()
	return db.JSON(v)
}

// CheckCurrency returns an error if the currency setting of a system is no ISO 4217 code.
func CheckCurrency(source db.Source, code string) error {
	if code == "" || db.CurrencyCode(code) != code {
		return fmt.Errorf("%s: want an ISO 4217 currency code in capitals, such as EUR, not %q", strings.ToLower(string(source)), code)
	}
	return nil
}
