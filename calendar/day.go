package calendar

import "time"

// Day is a calendar day, as the number of days since 1970-01-01.
type Day int

const secondsPerDay = 24 * 60 * 60

// DayOf returns the day of a year, month and day of the month. Values outside their range carry over, as in time.Date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), secondsPerDay))
}

// DayAt returns the local day of an instant.
func DayAt(t time.Time, zone *time.Location) Day {
	year, month, day := t.In(zone).Date()
	return DayOf(year, month, day)
}

// clampedDay returns a day of a month, or the month's last day if the month is shorter.
func clampedDay(year int, month time.Month, day int) Day {
	return min(DayOf(year, month, day), DayOf(year, month+1, 1)-1)
}

// Midnight returns midnight UTC of the day.
func (d Day) Midnight() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Date returns year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) { return d.Midnight().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Midnight().Weekday() }

// yearBefore returns the same date one year earlier; 28 February for 29 February.
func (d Day) yearBefore() Day {
	year, month, day := d.Date()
	return clampedDay(year-1, month, day)
}

// Start returns the first instant in a zone whose local date is this day or later. That is not always midnight: some
// days begin at 01:00, some after an hour that the clocks repeat, and a few are skipped.
func (d Day) Start(zone *time.Location) time.Time {
	midnight := d.Midnight()
	for at := midnight.Add(-48 * time.Hour); ; { // no zone is so far from UTC
		offset, to := offsetAt(at, zone)
		start := midnight.Add(-offset)
		if start.Before(at) {
			start = at // the clocks went forward across midnight
		}
		if to.IsZero() || start.Before(to) {
			return start
		}
		at = to
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
