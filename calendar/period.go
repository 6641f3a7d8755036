package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Period is a time from Start, inclusive, to End, exclusive, in UTC.
type Period struct {
	Start, End time.Time

	zone *time.Location
	// previous and yearBefore return the periods to compare with.
	previous, yearBefore func() (Period, error)
}

var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Microsecond)
)

// Between returns the period between two instants. It returns an error if the end is not after the beginning. The
// previous period has the same duration; that of the year before begins and ends at the same local dates and times.
func Between(from, to time.Time, zone *time.Location) (Period, error) {
	return newPeriod(from, to, zone,
		func() (Period, error) { return Between(from.Add(-to.Sub(from)), from, zone) },
		func() (Period, error) {
			start, end := instantYearBefore(from, zone), instantYearBefore(to, zone)
			if !start.Before(end) { // the local times are those of an hour that the clocks repeat
				end = start.Add(to.Sub(from))
			}
			return Between(start, end, zone)
		})
}

// Days returns the period from a first to a last local day, both inclusive.
func Days(first, last Day, zone *time.Location) (Period, error) {
	n := last - first + 1
	return newPeriod(first.Start(zone), (last + 1).Start(zone), zone,
		func() (Period, error) { return Days(first-n, last-n, zone) },
		func() (Period, error) { return Days(first.yearBefore(), last.yearBefore(), zone) })
}

// Month returns a local calendar month.
func Month(year int, month time.Month, zone *time.Location) (Period, error) {
	return cycle(year, month, 1, zone)
}

// Cycle returns the monthly billing cycle that contains a local day. It begins on a day of the month, 1 to 31; in a
// shorter month on its last day.
func Cycle(of Day, beginsOn int, zone *time.Location) (Period, error) {
	if err := checkDayOfMonth(beginsOn); err != nil {
		return Period{}, fmt.Errorf("beginsOn: %w", err)
	}
	year, month, _ := of.Date()
	if of < clampedDay(year, month, beginsOn) {
		month--
	}
	return cycle(year, month, beginsOn, zone)
}

// cycle returns the billing cycle that begins in a month.
func cycle(year int, month time.Month, beginsOn int, zone *time.Location) (Period, error) {
	return newPeriod(clampedDay(year, month, beginsOn).Start(zone), clampedDay(year, month+1, beginsOn).Start(zone), zone,
		func() (Period, error) { return cycle(year, month-1, beginsOn, zone) },
		func() (Period, error) { return cycle(year-1, month, beginsOn, zone) })
}

func newPeriod(start, end time.Time, zone *time.Location, previous, yearBefore func() (Period, error)) (Period, error) {
	if !start.Before(end) {
		return Period{}, errors.New("its end is not after its beginning")
	}
	if start.Before(earliest) || end.After(latest) {
		return Period{}, errors.New("want a time in UTC between the years 0001 and 9999")
	}
	return Period{start.UTC(), end.UTC(), zone, previous, yearBefore}, nil
}

// Previous returns the preceding period: of as many days, of one month or one cycle; of the same duration for two
// instants.
func (p Period) Previous() (Period, error) { return p.previous() }

// YearBefore returns the same dates one year earlier; 28 February for 29 February.
func (p Period) YearBefore() (Period, error) { return p.yearBefore() }

// instantYearBefore returns the instant with the same local time one year earlier.
func instantYearBefore(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	year, month, day := DayAt(t, zone).yearBefore().Date()
	return time.Date(year, month, day, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone)
}

func checkDayOfMonth(day int) error {
	if day < 1 || day > 31 {
		return fmt.Errorf("want a day of the month, 1 to 31, not %d", day)
	}
	return nil
}
