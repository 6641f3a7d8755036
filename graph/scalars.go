// Package graph contains the executor that gqlgen generates from schema.graphqls, the generated encoder, and the custom
// scalars.
package graph

//go:generate go run usagegraph/queryplan/generate

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"usagegraph/db"
)

// MarshalID writes a global ID.
func MarshalID(id db.ID) graphql.Marshaler { return graphql.MarshalString(id.String()) }

// AppendID appends the output of MarshalID. Each Append function does the same for its scalar.
func AppendID(b []byte, id db.ID) []byte { return append(id.AppendText(append(b, '"')), '"') }

// UnmarshalID parses a global ID of this server. It returns a BadInput error.
func UnmarshalID(v any) (db.ID, error) {
	s, err := text(v, "ID")
	if err != nil {
		return db.ID{}, err
	}
	return db.ParseID(s)
}

// MarshalIDText writes the text of an ID.
func MarshalIDText(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// AppendIDText appends the text of an ID.
func AppendIDText(b []byte, id string) []byte { return AppendString(b, id) }

// UnmarshalIDText parses the text of an ID, or a whole number in its place, for a field that validates each ID
// separately. It returns a BadInput error.
func UnmarshalIDText(v any) (string, error) {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10), nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return strconv.FormatInt(n, 10), nil
		}
	}
	return text(v, "ID")
}

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// AppendString appends a text.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		default:
			const digits = "0123456789ABCDEF"
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
		}
	}
	return append(append(b, s[start:]...), '"')
}

// AppendBoolean appends the output of gqlgen's MarshalBoolean.
func AppendBoolean(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// UnmarshalString parses a text that both databases can store: UTF-8 without NUL. It returns a BadInput error.
func UnmarshalString(v any) (string, error) { return text(v, "String") }

// MarshalDecimal writes a decimal exactly, as a string.
func MarshalDecimal(d decimal.Decimal) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { io.WriteString(w, strconv.Quote(d.String())) })
}

// AppendDecimal appends a decimal.
func AppendDecimal(b []byte, d decimal.Decimal) []byte {
	b, err := d.AppendText(append(b, '"'))
	if err != nil {
		panic("graph: " + err.Error()) // AppendText of a decimal returns no error
	}
	return append(b, '"')
}

// UnmarshalDecimal parses a decimal exactly, from a string or a number literal. It returns a BadInput error.
func UnmarshalDecimal(v any) (decimal.Decimal, error) {
	switch v := v.(type) {
	case string:
		return db.ParseDecimal(v)
	case json.Number:
		return db.ParseDecimal(v.String())
	case int64:
		return db.ParseDecimal(strconv.FormatInt(v, 10))
	}
	return decimal.Decimal{}, WrongType(v, "Decimal", `a string such as "12.50"`)
}

// MarshalDecimalSum writes a sum exactly, as a string.
func MarshalDecimalSum(s db.DecimalSum) graphql.Marshaler { return graphql.MarshalString(s.String()) }

// AppendDecimalSum appends a sum.
func AppendDecimalSum(b []byte, s db.DecimalSum) []byte {
	return append(s.AppendText(append(b, '"')), '"')
}

// UnmarshalDecimalSum parses a decimal as a sum. It returns a BadInput error.
func UnmarshalDecimalSum(v any) (db.DecimalSum, error) {
	d, err := UnmarshalDecimal(v)
	return db.SumDecimals(d), err
}

// dateTime is RFC 3339 with up to nine decimals without trailing zeros. Package time formats this layout faster than
// others.
const dateTime = time.RFC3339Nano

// MarshalDateTime writes an instant in UTC.
func MarshalDateTime(t db.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { io.WriteString(w, strconv.Quote(t.Format(dateTime))) })
}

// AppendDateTime appends an instant.
func AppendDateTime(b []byte, t db.Time) []byte {
	return append(t.AppendFormat(append(b, '"'), dateTime), '"')
}

// UnmarshalDateTime parses an instant with its offset. It returns a BadInput error.
func UnmarshalDateTime(v any) (db.Time, error) {
	s, err := text(v, "DateTime")
	if err != nil {
		return db.Time{}, err
	}
	return db.ParseTime(s)
}

// MarshalDate writes a day.
func MarshalDate(d db.Date) graphql.Marshaler { return graphql.MarshalString(string(d)) }

// AppendDate appends a day.
func AppendDate(b []byte, d db.Date) []byte { return AppendString(b, string(d)) }

// UnmarshalDate parses a day. It returns a BadInput error.
func UnmarshalDate(v any) (db.Date, error) {
	s, err := text(v, "Date")
	if err != nil {
		return "", err
	}
	return db.ParseDate(s)
}

// MarshalYearMonth writes a month.
func MarshalYearMonth(m db.YearMonth) graphql.Marshaler { return graphql.MarshalString(string(m)) }

// AppendYearMonth appends a month.
func AppendYearMonth(b []byte, m db.YearMonth) []byte { return AppendString(b, string(m)) }

// UnmarshalYearMonth parses a month. It returns a BadInput error.
func UnmarshalYearMonth(v any) (db.YearMonth, error) {
	s, err := text(v, "YearMonth")
	if err != nil {
		return "", err
	}
	return db.ParseYearMonth(s)
}

// MarshalInt writes a whole number.
func MarshalInt(n int32) graphql.Marshaler { return graphql.MarshalInt32(n) }

// AppendInt appends a whole number.
func AppendInt(b []byte, n int32) []byte { return strconv.AppendInt(b, int64(n), 10) }

// UnmarshalInt parses a whole number of 32 bits, without a point or exponent. It returns a BadInput error.
func UnmarshalInt(v any) (int32, error) {
	n, err := UnmarshalLong(v)
	if err != nil || n != int64(int32(n)) {
		return 0, WrongType(v, "Int", "a whole number of 32 bits")
	}
	return int32(n), nil
}

// MarshalLong writes a whole number.
func MarshalLong(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// AppendLong appends a whole number.
func AppendLong(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// UnmarshalLong parses a whole number of 64 bits, without a point or exponent. It returns a BadInput error.
func UnmarshalLong(v any) (int64, error) {
	switch v := v.(type) {
	case int: // the default of a field of an input object
		return int64(v), nil
	case int64:
		return v, nil
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, WrongType(v, "Long", "a whole number of 64 bits")
}

func text(v any, scalar string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", WrongType(v, scalar, "a string")
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", db.Errorf(db.BadInput, "text must be UTF-8 without NUL characters")
	}
	return s, nil
}

// WrongType returns the BadInput error for a JSON value of another type than a scalar wants.
func WrongType(v any, scalar, want string) error {
	return db.Errorf(db.BadInput, "%s: want %s, not %s", scalar, want, Kind(v))
}

// Kind returns the name of a JSON value's type, without its content.
func Kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64, float64, json.Number:
		return "this number"
	}
	return "a list or object"
}
