package db_test

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// randomDecimal returns a decimal of up to 19 digits, short ones as often as long ones.
func randomDecimal(r *rand.Rand) decimal.Decimal {
	coefficient := r.Int64() >> r.IntN(63)
	if r.IntN(2) == 0 {
		coefficient = -coefficient
	}
	return decimal.MustNew(coefficient, r.IntN(decimal.MaxScale+1))
}

func ratOf(t *testing.T, text string) *big.Rat {
	t.Helper()
	v, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return v
}

// TestDecimalSum adds and subtracts random decimals and compares with rational numbers.
func TestDecimalSum(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var sum, other db.DecimalSum
		want := new(big.Rat)
		for range 1 + r.IntN(12) {
			a, b := randomDecimal(r), randomDecimal(r)
			sum.Add(db.SumDecimals(a))
			want.Add(want, ratOf(t, a.String()))
			if r.IntN(3) == 0 {
				other = db.SumDecimals(a, b)
				sum.Subtract(other)
				want.Sub(want, ratOf(t, a.String()))
				want.Sub(want, ratOf(t, b.String()))
			}
		}
		text := sum.String()
		if ratOf(t, text).Cmp(want) != 0 || sum.Cmp(other) != want.Cmp(ratOf(t, other.String())) {
			t.Fatalf("got %s, want %s", text, want.FloatString(40))
		}
		if strings.Contains(text, ".") && strings.HasSuffix(text, "0") || text == "-0" {
			t.Fatalf("%s is not in its shortest form", text)
		}
		parsed, err := db.ParseDecimalSum(text)
		if err != nil || parsed.String() != text {
			t.Fatal(text, parsed, err)
		}
	}
}

func TestDecimalSumAverage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sum   string
		count int64
		want  string
	}{
		{"19999999999999999.998", 2, "9999999999999999.999"},
		{"1", 3, "0.3333333333333333333"},
		{"-2", 3, "-0.6666666666666666667"},
		{"200", 3, "66.66666666666666667"},
		{"0.0000000000000000005", 10, "0"},
		{"0.000000000000000003", 20, "0.0000000000000000002"},
		{"7", 2, "3.5"},
	} {
		sum, err := db.ParseDecimalSum(tt.sum)
		if err != nil {
			t.Fatal(err)
		}
		if got := sum.Average(tt.count).String(); got != tt.want {
			t.Errorf("%s / %d is %s, want %s", tt.sum, tt.count, got, tt.want)
		}
	}
	if _, err := db.ParseDecimalSum("1e3"); err == nil {
		t.Error("a number with an exponent was accepted")
	}
}
