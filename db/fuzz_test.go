package db_test

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{
		"", "Q3VzdG9tZXI6MTox", "Q3VzdG9tZXI6MTox=", "QnVja2V0Oi0xOjk5", "Q3VzdG9tZXI6KzE6MQ", "garbage",
		db.ID{Type: db.TypeSubscription, Source: db.STN, Customer: "a:b", Value: "#c:d"}.String(), db.ID{Type: db.TypeSubscription, Source: db.DXP, Value: "S-1001"}.String(),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := db.ParseID(s)
		if err != nil {
			failsAs(t, err, db.BadInput)
			return
		}
		if id.String() != s {
			t.Errorf("%q is read as %v, which is %q", s, id, id.String())
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{
		"0", "-0", "+1", "20.0", "1.50", ".5", "1.", "1e3", "1.50e-3", "1e-30", "1e19", "9999999999999999999", "123456789012345678901234567890",
		"0.0000000000000000001", "NaN", "Inf", "", ".", "0x10", "1_000", " 1", "1e99999999999", "25e-20",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := db.ParseDecimal(s)
		if err != nil {
			failsAs(t, err, db.BadInput)
			return
		}
		// A parsed number has few digits, so that its exponent is small unless its mantissa is zero.
		mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
		if strings.Trim(mantissa, "+-0.") == "" {
			if d.Sign() != 0 {
				t.Errorf("%q is read as %s", s, d)
			}
			return
		}
		want, ok := new(big.Rat).SetString(s)
		got, _ := new(big.Rat).SetString(d.String())
		if !ok || want.Cmp(got) != 0 {
			t.Errorf("%q is read as %s", s, d)
		}
		if again, err := db.ParseDecimal(d.String()); err != nil || again.String() != d.String() {
			t.Errorf("%q is printed as %s, which is read as %s, %v", s, d, again, err)
		}
		if d.Prec() > decimal.MaxPrec || d.Scale() > decimal.MaxScale {
			t.Errorf("%q has more digits than a decimal can have", s)
		}
	})
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"2025-01-31T22:15:00Z", "2025-01-31T22:15:00.123456+05:45", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2024-02-29T00:00:00-23:59",
		"2025-01-31T22:15:00+0700", "2025-01-31T22:15:00.123456000-0330", "2025-01-31T22:15:00.1234567891Z",
		"", "2025-01-31", "2025-01-31T1:15:00Z", "2025-01-31T22:15:00,5Z", "2025-01-31T22:15:00+24:00", "0000-01-01T00:00:00Z", "2016-12-31T23:59:60Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := db.ParseTime(s)
		if err != nil {
			failsAs(t, err, db.BadInput)
			return
		}
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			want, err = time.Parse("2006-01-02T15:04:05.999999999Z0700", s)
		}
		if err != nil || !got.Equal(want) || got.Location() != time.UTC || got.Year() < 1 || got.Year() > 9999 {
			t.Errorf("%q is read as %s, want %s", s, got, want)
		}
		stored, err := got.Value()
		if err != nil {
			t.Fatal(err)
		}
		var again db.Time
		if err := again.Scan(stored); err != nil || !again.Equal(got.Time) {
			t.Errorf("%s is stored as %v, which is read as %s, %v", got, stored, again, err)
		}
		if len(stored.(string)) != len("2006-01-02T15:04:05.000000Z") {
			t.Errorf("%v is not as long as other times", stored)
		}
	})
}
