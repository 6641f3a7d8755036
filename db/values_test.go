package db_test

import (
	"testing"
	"time"

	"usagegraph/db"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"0", "0"}, {"-0", "0"}, {"1", "1"}, {"-1", "-1"}, {"+1", "1"}, {"20.0", "20.0"}, {"1.50", "1.50"}, {"007", "7"}, {".5", "0.5"}, {"1.", "1"},
		{"1e3", "1000"}, {"1E3", "1000"}, {"1.5e+2", "150"}, {"1.50e1", "15.0"}, {"-2e-2", "-0.02"}, {"0e5", "0"}, {"1e18", "1000000000000000000"},
		{"1e-19", "0.0000000000000000001"}, {"20e-20", "0.0000000000000000002"},
		{"9999999999999999999", "9999999999999999999"}, {"-9999999999999999999", "-9999999999999999999"},
		{"0.1234567890123456789", "0.1234567890123456789"}, {"0000000000000000000000000000000001", "1"}, {"0.0000000000000000000", "0.0000000000000000000"},
		{"1234567890.123456789", "1234567890.123456789"},
		{text: ""}, {text: " "}, {text: " 1"}, {text: "1 "}, {text: "1 000"}, {text: "1,5"}, {text: "1_000"}, {text: "."}, {text: "-"}, {text: "--1"}, {text: "+-1"},
		{text: "1.2.3"}, {text: "e5"}, {text: "1e"}, {text: "1e1.5"}, {text: "1e1e1"}, {text: "0x10"}, {text: "NaN"}, {text: "Infinity"}, {text: "inf"},
		{text: "1\x00"}, {text: "١"}, {text: "1e999999999"}, {text: "1e99999999999999999999"},
		{text: "10000000000000000000"}, {text: "123456789012345678901234567890"}, {text: "0.12345678901234567890"}, {text: "1.0000000000000000000"},
		{text: "0.00000000000000000000"}, {text: "1e19"}, {text: "1e-20"}, {text: "1e-30"}, {text: "1.5e-19"}, {text: "25e-20"}, {text: "1e-999999999"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := db.ParseDecimal(tt.text)
			if tt.want == "" {
				failsAs(t, err, db.BadInput)
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestParseDecimalSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ten":                            "want a decimal number, such as 12.50",
		"123456789012345678901234567890": "a decimal has at most 19 significant digits and 19 decimal places",
		"1e-30":                          "a decimal has at most 19 significant digits and 19 decimal places",
	} {
		if _, err := db.ParseDecimal(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"2025-01-31T22:15:00Z", "2025-01-31T22:15:00Z"},
		{"2025-01-31T22:15:00.5Z", "2025-01-31T22:15:00.5Z"},
		{"2025-01-31T22:15:00.123456Z", "2025-01-31T22:15:00.123456Z"},
		{"2025-01-31T22:15:00.123456000Z", "2025-01-31T22:15:00.123456Z"},
		{"2025-01-31T22:15:00+05:45", "2025-01-31T16:30:00Z"},
		{"2025-01-31T22:15:00-10:00", "2025-02-01T08:15:00Z"},
		{"2024-02-29T00:00:00+00:00", "2024-02-29T00:00:00Z"},
		{"2025-01-31T22:15:00+0545", "2025-01-31T16:30:00Z"},
		{"2025-01-31T22:15:00-1000", "2025-02-01T08:15:00Z"},
		{"2025-01-31T22:15:00.120+0000", "2025-01-31T22:15:00.12Z"},
		{"2025-01-31T22:15:00.123456000-0000", "2025-01-31T22:15:00.123456Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
		{text: ""}, {text: "now"}, {text: "2025-01-31"}, {text: "2025-01-31T22:15:00"}, {text: "2025-01-31 22:15:00Z"}, {text: "2025-01-31t22:15:00z"},
		{text: "2025-01-31T22:15Z"}, {text: "2025-02-29T00:00:00Z"}, {text: "2025-13-01T00:00:00Z"}, {text: "2025-00-01T00:00:00Z"},
		{text: "2025-01-31T24:00:00Z"}, {text: "2025-01-31T23:60:00Z"}, {text: "2025-01-31T23:59:60Z"}, {text: "2025-1-31T22:15:00Z"},
		{text: "2025-01-31T1:15:00Z"}, {text: "2025-01-31T22:15:00,5Z"}, {text: "2025-01-31T22:15:00+24:00"}, {text: "2025-01-31T22:15:00+2400"},
		{text: "2025-01-31T22:15:00+01"}, {text: "2025-01-31T22:15:00+010"}, {text: "2025-01-31T22:15:00 0100"}, {text: "2025-01-31T22:15:00+01000"}, {text: "2025-01-31T22:15:00+0x10"},
		{text: "2025-01-31T22:15:00.1234560000Z"}, {text: "2025-01-31T22:15:00.1234560001Z"},
		{text: "2025-01-31T22:15:00.1234567Z"}, {text: "2025-01-31T22:15:00.123456001Z"}, {text: " 2025-01-31T22:15:00Z"}, {text: "2025-01-31T22:15:00Z\x00"},
		{text: "0000-12-31T00:00:00Z"}, {text: "0001-01-01T00:00:00+00:01"}, {text: "9999-12-31T23:59:59-00:01"}, {text: "12025-01-31T22:15:00Z"}, {text: "-2025-01-31T22:15:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := db.ParseTime(tt.text)
			if tt.want == "" {
				failsAs(t, err, db.BadInput)
				return
			}
			if err != nil || got.Format(time.RFC3339Nano) != tt.want || got.Location() != time.UTC {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestDaysAndMonths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2025-01-31": true, "2024-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"": false, "2025-02-29": false, "2025-1-31": false, "25-01-31": false, "2025-01-31T00:00:00Z": false, "2025-01": false, "0000-01-01": false, "2025/01/31": false,
	} {
		if got, err := db.ParseDate(text); (err == nil) != want || want && got != db.Date(text) {
			t.Errorf("day %q: %q, %v; want it to be one: %v", text, got, err, want)
		}
	}
	for text, want := range map[string]bool{
		"2025-01": true, "0001-12": true, "9999-12": true,
		"": false, "2025-1": false, "2025-13": false, "2025-00": false, "2025_01": false, "2025-01-01": false, "0000-01": false,
	} {
		if got, err := db.ParseYearMonth(text); (err == nil) != want || want && got != db.YearMonth(text) {
			t.Errorf("month %q: %q, %v; want it to be one: %v", text, got, err, want)
		}
	}
	if got := db.YearMonth("2025-03").Start().Format(time.RFC3339Nano); got != "2025-03-01T00:00:00Z" {
		t.Errorf("March begins at %s", got)
	}
}

func TestQuantitiesAsText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		q    db.Quantity
		want string
	}{
		{"megabytes", db.Quantity{Amount: number("1.50"), Unit: new(db.Megabyte)}, "1.50 MB"},
		{"minutes", db.Quantity{Amount: number("3"), Unit: new(db.Minute)}, "3 min"},
		{"a count", db.Quantity{Amount: number("3"), Unit: new(db.Count)}, "3"},
		{"no unit", db.Quantity{Amount: number("3")}, "3"},
		{"unlimited", db.Quantity{Unlimited: true, Unit: new(db.Megabyte)}, "unlimited"},
		{"unlimited, with the source's number", db.Quantity{Amount: number("-1"), Unlimited: true}, "unlimited"},
		{"the source's own text", db.Quantity{Amount: number("1"), Unlimited: true, SourceText: "2694 MB"}, "2694 MB"},
		{"nothing", db.Quantity{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.q.Text(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTimesAreStoredWithAFixedWidth(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2025, time.March, 30, 3, 0, 0, 120_034_000, time.FixedZone("", 7200)),
		time.Date(9999, time.December, 31, 23, 59, 59, 999_999_999, time.UTC),
	} {
		got, err := db.TimeOf(at).Value()
		if want := at.UTC().Format("2006-01-02T15:04:05.000000Z"); err != nil || got != want {
			t.Errorf("got %v, %v, want %s", got, err, want)
		}
	}
}

func TestTimesAreCutToTheMicrosecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, time.March, 30, 3, 0, 0, 1999, time.FixedZone("", 7200))
	if got := db.TimeOf(at).Format(time.RFC3339Nano); got != "2025-03-30T01:00:00.000001Z" {
		t.Errorf("got %s", got)
	}
}
