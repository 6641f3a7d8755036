package graph_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/graph"
)

// written returns the output of a marshaler.
func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// scalars unmarshal a value of each scalar and return its marshalled JSON.
var scalars = map[string]func(any) (string, error){
	"ID":        func(v any) (string, error) { return roundTrip(graph.UnmarshalID, graph.MarshalID, v) },
	"String":    func(v any) (string, error) { return roundTrip(graph.UnmarshalString, graph.MarshalString, v) },
	"Decimal":   func(v any) (string, error) { return roundTrip(graph.UnmarshalDecimal, graph.MarshalDecimal, v) },
	"DateTime":  func(v any) (string, error) { return roundTrip(graph.UnmarshalDateTime, graph.MarshalDateTime, v) },
	"Date":      func(v any) (string, error) { return roundTrip(graph.UnmarshalDate, graph.MarshalDate, v) },
	"YearMonth": func(v any) (string, error) { return roundTrip(graph.UnmarshalYearMonth, graph.MarshalYearMonth, v) },
	"Int":       func(v any) (string, error) { return roundTrip(graph.UnmarshalInt, graph.MarshalInt, v) },
	"Long":      func(v any) (string, error) { return roundTrip(graph.UnmarshalLong, graph.MarshalLong, v) },
}

func roundTrip[T any](read func(any) (T, error), write func(T) graphql.Marshaler, v any) (string, error) {
	value, err := read(v)
	if err != nil {
		return "", err
	}
	return written(write(value)), nil
}

const number = json.Number("12")

var (
	id       = db.CustomerID(db.SourceID{Source: db.Elevate, Value: "17"}).String()
	readings = []struct {
		name, scalar string
		value        any
		want         string
	}{
		{"an id", "ID", id, `"` + id + `"`},
		{"a text", "String", "a \"b\" <é>\n", `"a \"b\" <é>\n"`},
		{"an empty text", "String", "", `""`},
		{"a decimal as a string", "Decimal", "12.50", `"12.50"`},
		{"a decimal as a number", "Decimal", json.Number("12.50"), `"12.50"`},
		{"a decimal with an exponent", "Decimal", json.Number("1.5e3"), `"1500"`},
		{"a whole number as a decimal", "Decimal", int64(-12), `"-12"`},
		{"the largest decimal", "Decimal", "9999999999999999999", `"9999999999999999999"`},
		{"the smallest decimal", "Decimal", "0.0000000000000000001", `"0.0000000000000000001"`},
		{"an instant in UTC", "DateTime", "2025-01-31T22:15:00Z", `"2025-01-31T22:15:00Z"`},
		{"an instant elsewhere", "DateTime", "2025-01-31T22:15:00.120+01:00", `"2025-01-31T21:15:00.12Z"`},
		{"an instant with microseconds", "DateTime", "2025-01-31T22:15:00.000001Z", `"2025-01-31T22:15:00.000001Z"`},
		{"the first instant", "DateTime", "0001-01-01T00:00:00Z", `"0001-01-01T00:00:00Z"`},
		{"a day", "Date", "2024-02-29", `"2024-02-29"`},
		{"a month", "YearMonth", "2024-02", `"2024-02"`},
		{"a number", "Int", int64(-12), `-12`},
		{"a number of a variable", "Int", number, `12`},
		{"the largest number of 32 bits", "Int", int64(1<<31 - 1), `2147483647`},
		{"the smallest number of 32 bits", "Int", json.Number("-2147483648"), `-2147483648`},
		{"a long", "Long", int64(1 << 53), `9007199254740992`},
		{"the largest number of 64 bits", "Long", json.Number("9223372036854775807"), `9223372036854775807`},
		{"the smallest number of 64 bits", "Long", json.Number("-9223372036854775808"), `-9223372036854775808`},
	}
)

func TestScalarRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tt := range readings {
		t.Run(tt.name, func(t *testing.T) {
			got, err := scalars[tt.scalar](tt.value)
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

const (
	notAnID    = "invalid id: use an id from a response, unchanged"
	badText    = "text must be UTF-8 without NUL characters"
	notDecimal = "want a decimal number, such as 12.50"
	longer     = "a decimal has at most 19 significant digits and 19 decimal places"
	notTime    = "want a date and time with its offset, such as 2025-01-31T22:15:00Z"
	notDay     = "want a day, such as 2025-01-31"
	notMonth   = "want a month, such as 2025-01"
)

var invalid = []struct {
	name, scalar string
	value        any
	want         string
}{
	{"an invalid id", "ID", "17", notAnID},
	{"an id that is empty", "ID", "", notAnID},
	{"an id that is a number", "ID", number, "ID: want a string, not this number"},
	{"an id with NUL", "ID", "\x00", badText},
	{"a text with NUL", "String", "a\x00b", badText},
	{"a text that is not UTF-8", "String", "a\xff", badText},
	{"a text that is a number", "String", number, "String: want a string, not this number"},
	{"a text that is a boolean", "String", true, "String: want a string, not a boolean"},
	{"a text that is null", "String", nil, "String: want a string, not null"},
	{"a text that is a list", "String", []any{"a"}, "String: want a string, not a list or object"},
	{"a text that is an object", "String", map[string]any{}, "String: want a string, not a list or object"},
	{"a decimal that is a word", "Decimal", "ten", notDecimal},
	{"a decimal that is empty", "Decimal", "", notDecimal},
	{"a decimal with a comma", "Decimal", "12,50", notDecimal},
	{"a decimal that is not a number", "Decimal", "NaN", notDecimal},
	{"a decimal of 30 digits", "Decimal", "123456789012345678901234567890", longer},
	{"a decimal of 30 digits as a number", "Decimal", json.Number("123456789012345678901234567890"), longer},
	{"a decimal that is too small", "Decimal", json.Number("1e-30"), longer},
	{"a decimal with NUL", "Decimal", "1\x00", notDecimal},
	{"a decimal that a float has rounded", "Decimal", 12.5, `Decimal: want a string such as "12.50", not this number`},
	{"a decimal that is a boolean", "Decimal", false, `Decimal: want a string such as "12.50", not a boolean`},
	{"a decimal that is null", "Decimal", nil, `Decimal: want a string such as "12.50", not null`},
	{"an instant without a zone", "DateTime", "2025-01-31T22:15:00", notTime},
	{"a day for an instant", "DateTime", "2025-01-31", notTime},
	{"an impossible instant", "DateTime", "2025-02-30T00:00:00Z", notTime},
	{"an instant of nanoseconds", "DateTime", "2025-01-31T22:15:00.0000001Z", "times are kept to the microsecond: at most six decimal places"},
	{"an instant before the first", "DateTime", "0000-01-31T22:15:00Z", "want a time in UTC between the years 0001 and 9999"},
	{"an instant after the last", "DateTime", "9999-12-31T23:59:59-00:01", "want a time in UTC between the years 0001 and 9999"},
	{"an instant that is a number", "DateTime", json.Number("1738361700"), "DateTime: want a string, not this number"},
	{"an instant with NUL", "DateTime", "2025-01-31T22:15:00Z\x00", badText},
	{"an impossible day", "Date", "2025-02-29", notDay},
	{"an instant for a day", "Date", "2025-01-31T00:00:00Z", notDay},
	{"a day that is a number", "Date", int64(20250131), "Date: want a string, not this number"},
	{"an impossible month", "YearMonth", "2025-13", notMonth},
	{"a day for a month", "YearMonth", "2025-01-31", notMonth},
	{"a month that is a list", "YearMonth", []any{}, "YearMonth: want a string, not a list or object"},
	{"a number of 33 bits", "Int", int64(1 << 31), "Int: want a whole number of 32 bits, not this number"},
	{"a negative number of 33 bits", "Int", json.Number("-2147483649"), "Int: want a whole number of 32 bits, not this number"},
	{"a number with a point", "Int", json.Number("1.0"), "Int: want a whole number of 32 bits, not this number"},
	{"a number with an exponent", "Int", json.Number("1e3"), "Int: want a whole number of 32 bits, not this number"},
	{"a number that is a string", "Int", "1", "Int: want a whole number of 32 bits, not a string"},
	{"a number that is a float", "Int", 1.0, "Int: want a whole number of 32 bits, not this number"},
	{"a number that is a boolean", "Int", true, "Int: want a whole number of 32 bits, not a boolean"},
	{"a number that is null", "Int", nil, "Int: want a whole number of 32 bits, not null"},
	{"a number of 65 bits", "Long", json.Number("9223372036854775808"), "Long: want a whole number of 64 bits, not this number"},
	{"a long with a point", "Long", json.Number("1.0"), "Long: want a whole number of 64 bits, not this number"},
	{"a long that is a string", "Long", "1", "Long: want a whole number of 64 bits, not a string"},
	{"a long that is an object", "Long", map[string]any{}, "Long: want a whole number of 64 bits, not a list or object"},
}

func TestScalarErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range invalid {
		t.Run(tt.name, func(t *testing.T) {
			got, err := scalars[tt.scalar](tt.value)
			var refused *db.Error
			if !errors.As(err, &refused) || refused.Code != db.BadInput || refused.Message != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestMarshalDateTimeInUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, time.January, 31, 23, 15, 0, 5_000_000, time.FixedZone("", 3600))
	if got := written(graph.MarshalDateTime(db.TimeOf(at))); got != `"2025-01-31T22:15:00.005Z"` {
		t.Error(got)
	}
}

func TestMarshalDecimalKeepsZeros(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0", "20.0", "-0.10", "9999999999999999999", "1000000000000000000", "0.0000000000000000000"} {
		if got := written(graph.MarshalDecimal(decimal.MustParse(s))); got != `"`+s+`"` {
			t.Errorf("%s is written as %s", s, got)
		}
	}
}
