package ingest

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
)

// Number is a JSON number, read exactly: one that would have to be rounded is refused.
type Number decimal.Decimal

// UnmarshalJSON reads a number literal.
func (n *Number) UnmarshalJSON(text []byte) error {
	if jsontext.Value(text).Kind() != '0' {
		return Field("", "want a number, not "+kindName(jsontext.Value(text).Kind()))
	}
	d, err := db.ParseDecimal(string(text))
	*n = Number(d)
	return err
}

// MarshalJSON writes the number as it was read, trailing zeros and all.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(decimal.Decimal(n).String()), nil }

// Decimal returns the number as it is stored; nil is nil.
func (n *Number) Decimal() *decimal.Decimal { return (*decimal.Decimal)(n) }

// Stored returns JSON as it is stored, without white space; null and nothing are nil.
func Stored(v jsontext.Value) db.JSON {
	if v == nil || v.Kind() == 'n' {
		return nil
	}
	v = v.Clone()
	v.Compact()
	return db.JSON(v)
}

// CheckCurrency returns an error for a system's setting that is no ISO 4217 code.
func CheckCurrency(source db.Source, code string) error {
	if code == "" || db.CurrencyCode(code) != code {
		return fmt.Errorf("%s: the currency must be an ISO 4217 code in capitals, such as EUR, not %q", strings.ToLower(string(source)), code)
	}
	return nil
}
