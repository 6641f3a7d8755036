package graph_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"usagegraph/db"
)

// FuzzDecimalScalar and FuzzDateTimeScalar unmarshal any JSON value, as those of variables are unmarshalled.
func FuzzDecimalScalar(f *testing.F)  { fuzzScalar(f, "Decimal") }
func FuzzDateTimeScalar(f *testing.F) { fuzzScalar(f, "DateTime") }

func fuzzScalar(f *testing.F, scalar string) {
	for _, seed := range []string{
		`"12.50"`, `12.50`, `-1e3`, `1E-19`, `123456789012345678901234567890`, `""`, `null`, `true`, `[]`, `[1]`, `{"a":1}`, `"\u0000"`, `"\ud800"`,
		`"2025-01-31T22:15:00Z"`, `"2025-01-31T22:15:00.120+01:00"`, `"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999Z"`, `"2025-01-31"`, `"NaN"`, `0`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if dec.Decode(&value) != nil {
			return
		}
		first, err := scalars[scalar](value)
		if err != nil {
			if refused := new(db.Error); !errors.As(err, &refused) || refused.Code != db.BadInput {
				t.Errorf("%s: %v", text, err)
			}
			return
		}
		var printed string
		if err := json.Unmarshal([]byte(first), &printed); err != nil {
			t.Fatalf("%s is written as %s, which is not a JSON string: %v", text, first, err)
		}
		if second, err := scalars[scalar](printed); err != nil || second != first {
			t.Errorf("%s is written as %s, which is written as %s, %v", text, first, second, err)
		}
	})
}
