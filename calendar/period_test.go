package calendar_test

import (
	"testing"
	"time"

	"usagegraph/calendar"
)

const minutes = "2006-01-02T15:04Z07:00"

// at parses an instant.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(minutes, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	amsterdam, santiago, apia := loadZone(t, "Europe/Amsterdam"), loadZone(t, "America/Santiago"), loadZone(t, "Pacific/Apia")
	day := calendar.DayOf
	days := func(first, last calendar.Day, zone *time.Location) func() (calendar.Period, error) {
		return func() (calendar.Period, error) { return calendar.Days(first, last, zone) }
	}
	month := func(year int, month time.Month) func() (calendar.Period, error) {
		return func() (calendar.Period, error) { return calendar.Month(year, month, amsterdam) }
	}
	cycle := func(of calendar.Day, beginsOn int) func() (calendar.Period, error) {
		return func() (calendar.Period, error) { return calendar.Cycle(of, beginsOn, time.UTC) }
	}
	between := func(from, to string, zone *time.Location) func() (calendar.Period, error) {
		return func() (calendar.Period, error) { return calendar.Between(at(t, from), at(t, to), zone) }
	}
	for _, tt := range []struct {
		name                       string
		period                     func() (calendar.Period, error)
		start, end                 string
		previousStart, previousEnd string
		beforeStart, beforeEnd     string
	}{
		{"a day of 25 hours", days(day(2025, 10, 26), day(2025, 10, 26), amsterdam), "2025-10-25T22:00Z", "2025-10-26T23:00Z",
			"2025-10-24T22:00Z", "2025-10-25T22:00Z", "2024-10-25T22:00Z", "2024-10-26T22:00Z"},
		{"a day without a midnight", days(day(2025, 9, 7), day(2025, 9, 7), santiago), "2025-09-07T04:00Z", "2025-09-08T03:00Z",
			"2025-09-06T04:00Z", "2025-09-07T04:00Z", "2024-09-07T04:00Z", "2024-09-08T04:00Z"},
		{"days with one that was skipped", days(day(2011, 12, 29), day(2011, 12, 31), apia), "2011-12-29T10:00Z", "2011-12-31T10:00Z",
			"2011-12-26T10:00Z", "2011-12-29T10:00Z", "2010-12-29T10:00Z", "2011-01-01T10:00Z"},
		{"29 February", days(day(2024, 2, 29), day(2024, 2, 29), time.UTC), "2024-02-29T00:00Z", "2024-03-01T00:00Z",
			"2024-02-28T00:00Z", "2024-02-29T00:00Z", "2023-02-28T00:00Z", "2023-03-01T00:00Z"},
		{"a month", month(2025, 3), "2025-02-28T23:00Z", "2025-03-31T22:00Z", "2025-01-31T23:00Z", "2025-02-28T23:00Z", "2024-02-29T23:00Z", "2024-03-31T22:00Z"},
		{"a month after December", month(2025, 1), "2024-12-31T23:00Z", "2025-01-31T23:00Z", "2024-11-30T23:00Z", "2024-12-31T23:00Z", "2023-12-31T23:00Z", "2024-01-31T23:00Z"},
		{"a cycle", cycle(day(2025, 3, 24), 25), "2025-02-25T00:00Z", "2025-03-25T00:00Z", "2025-01-25T00:00Z", "2025-02-25T00:00Z", "2024-02-25T00:00Z", "2024-03-25T00:00Z"},
		{"a cycle that begins on the last day", cycle(day(2025, 2, 28), 31), "2025-02-28T00:00Z", "2025-03-31T00:00Z", "2025-01-31T00:00Z", "2025-02-28T00:00Z", "2024-02-29T00:00Z", "2024-03-31T00:00Z"},
		{"two instants", between("2025-03-01T12:00Z", "2025-03-03T00:00Z", amsterdam), "2025-03-01T12:00Z", "2025-03-03T00:00Z",
			"2025-02-28T00:00Z", "2025-03-01T12:00Z", "2024-03-01T12:00Z", "2024-03-03T00:00Z"},
		{"a repeated hour", between("2025-10-26T00:30Z", "2025-10-26T01:30Z", amsterdam), "2025-10-26T00:30Z", "2025-10-26T01:30Z",
			"2025-10-25T23:30Z", "2025-10-26T00:30Z", "2024-10-26T00:30Z", "2024-10-26T01:30Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := tt.period()
			if err != nil {
				t.Fatal(err)
			}
			previous, err := p.Previous()
			if err != nil {
				t.Fatal(err)
			}
			before, err := p.YearBefore()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				name       string
				got        calendar.Period
				start, end string
			}{{"the period", p, tt.start, tt.end}, {"the previous one", previous, tt.previousStart, tt.previousEnd}, {"a year before", before, tt.beforeStart, tt.beforeEnd}} {
				if start, end := c.got.Start.Format(minutes), c.got.End.Format(minutes); start != c.start || end != c.end {
					t.Errorf("%s is %s to %s, want %s to %s", c.name, start, end, c.start, c.end)
				}
			}
		})
	}
}

func TestPeriodErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		period func() (calendar.Period, error)
		want   string
	}{
		{"the end before the beginning", func() (calendar.Period, error) { return calendar.Days(1, 0, time.UTC) }, "its end is not after its beginning"},
		{"no time between", func() (calendar.Period, error) {
			return calendar.Between(at(t, "2025-01-01T00:00Z"), at(t, "2025-01-01T01:00+01:00"), time.UTC)
		}, "its end is not after its beginning"},
		{"the year 10000", func() (calendar.Period, error) { return calendar.Month(9999, 12, time.UTC) }, "want a time in UTC between the years 0001 and 9999"},
		{"a cycle from the 32nd", func() (calendar.Period, error) { return calendar.Cycle(0, 32, time.UTC) }, "beginsOn: want a day of the month, 1 to 31, not 32"},
	} {
		if _, err := tt.period(); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestLoadZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "Mars/Base", "right/Europe/Amsterdam", "posix/Europe/Amsterdam", "localtime", "../etc/passwd", "CET+1"} {
		if _, err := calendar.LoadZone(name); err == nil {
			t.Errorf("%q is a zone", name)
		}
	}
	for range 2 {
		if zone, err := calendar.LoadZone("Asia/Kolkata"); err != nil || zone.String() != "Asia/Kolkata" {
			t.Error(zone, err)
		}
	}
}
