package db_test

import (
	"testing"
	"time"

	"usagegraph/db"
)

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

func TestParseDateAndYearMonth(t *testing.T) {
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

func TestTimeOfTruncatesToMicroseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, time.March, 30, 3, 0, 0, 1999, time.FixedZone("", 7200))
	if got := db.TimeOf(at).Format(time.RFC3339Nano); got != "2025-03-30T01:00:00.000001Z" {
		t.Errorf("got %s", got)
	}
}
