package calendar

import (
	"fmt"
	"time"
)

// Unit is the length of a window.
type Unit string

// The units of windows.
const (
	Hour      Unit = "HOUR"
	DayUnit   Unit = "DAY"
	Week      Unit = "WEEK"
	MonthUnit Unit = "MONTH"
	Quarter   Unit = "QUARTER"
	Year      Unit = "YEAR"
)

// Division describes the windows of a period.
type Division struct {
	Unit Unit
	// WeekStartsOn is the first day of a week.
	WeekStartsOn time.Weekday
	// MonthStartsOn is the day on which months, quarters and years begin, 1 to 31; in a shorter month its last day.
	MonthStartsOn int
}

// Window is a time from Start, inclusive, to End, exclusive, in UTC, with the local date and the UTC offset at its
// start.
type Window struct {
	Start, End    time.Time
	Date          Day
	OffsetMinutes int
}

// MaxWindows is the maximum number of windows of a period.
const MaxWindows = 10_000

// countedWindows is the number of windows up to which an error says how many there are.
const countedWindows = 100_000

// Whole returns the period as one window.
func (p Period) Whole() Window { return p.window(p.Start, p.End) }

func (p Period) window(start, end time.Time) Window {
	offset, _ := offsetAt(start, p.zone)
	return Window{start, end, DayAt(start, p.zone), int(offset / time.Minute)}
}

// TooManyWindowsError is returned for a period that has more than MaxWindows windows.
type TooManyWindowsError struct{ message string }

func (e *TooManyWindowsError) Error() string { return e.message }

// Windows divides the period into windows of local time, in order. The first and the last one are cut at the ends of
// the period. It returns an error for an invalid division, and a TooManyWindowsError.
func (p Period) Windows(d Division) ([]Window, error) {
	if err := checkDayOfMonth(d.MonthStartsOn); err != nil {
		return nil, fmt.Errorf("monthStartsOn: %w", err)
	}
	next, err := p.boundaries(d)
	if err != nil {
		return nil, err
	}
	var windows []Window
	n := 0
	for start := p.Start; start.Before(p.End); n++ {
		if n == countedWindows {
			return nil, &TooManyWindowsError{fmt.Sprintf("more than %d windows of %s: at most %d", countedWindows, d.Unit, MaxWindows)}
		}
		end := next(start)
		if end.After(p.End) {
			end = p.End
		}
		if n < MaxWindows {
			windows = append(windows, p.window(start, end))
		}
		start = end
	}
	if n > MaxWindows {
		return nil, &TooManyWindowsError{fmt.Sprintf("%d windows of %s: at most %d", n, d.Unit, MaxWindows)}
	}
	return windows, nil
}

// boundaries returns a function for the first boundary after an instant. It is called with ascending instants.
func (p Period) boundaries(d Division) (func(after time.Time) time.Time, error) {
	var next func(Day) Day
	switch d.Unit {
	case Hour:
		return p.nextHour, nil
	case DayUnit:
		next = func(day Day) Day { return day + 1 }
	case Week:
		next = func(day Day) Day { return day + 7 - Day(day.Weekday()-d.WeekStartsOn+7)%7 }
	case MonthUnit:
		next = func(day Day) Day { return nextMonth(day, 1, d.MonthStartsOn) }
	case Quarter:
		next = func(day Day) Day { return nextMonth(day, 3, d.MonthStartsOn) }
	case Year:
		next = func(day Day) Day { return nextMonth(day, 12, d.MonthStartsOn) }
	default:
		return nil, fmt.Errorf("unknown unit %s", d.Unit)
	}
	return func(after time.Time) time.Time {
		// The local date of an instant may be earlier than the day that it belongs to, while clocks repeat an hour.
		for day := DayAt(after, p.zone); ; {
			day = next(day)
			if start := day.Start(p.zone); start.After(after) {
				return start
			}
		}
	}, nil
}

// nextMonth returns the first day after another that begins a number of months, counted from January.
func nextMonth(after Day, months int, startsOn int) Day {
	year, month, _ := after.Date()
	first := time.Month((int(month)-1)/months*months + 1)
	for ; ; first += time.Month(months) {
		if day := clampedDay(year, first, startsOn); day > after {
			return day
		}
	}
}

// nextHour returns the next instant at which the local time is a full hour, or at which the clocks change.
func (p Period) nextHour(after time.Time) time.Time {
	offset, to := offsetAt(after, p.zone)
	local := after.Add(offset)
	next := local.Truncate(time.Hour).Add(time.Hour).Add(-offset)
	for !to.IsZero() && to.Before(next) {
		changed, later := offsetAt(to, p.zone)
		if changed != offset {
			return to
		}
		to = later
	}
	return next
}
