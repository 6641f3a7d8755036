package db

import (
	"slices"
	"time"

	"usagegraph/calendar"
)

// PeriodInput selects a period of time; exactly one field is set. Days and months are local to a time zone.
type PeriodInput struct {
	Between *InstantsInput
	Dates   *DatesInput
	Month   *YearMonth
	Cycle   *CycleInput
}

// InstantsInput is the time from an instant, inclusive, to another, exclusive.
type InstantsInput struct{ From, To Time }

// DatesInput is the time from a first to a last day, both inclusive.
type DatesInput struct{ First, Last Date }

// CycleInput is the billing cycle that contains a day and begins on a day of the month.
type CycleInput struct {
	Of       Date
	BeginsOn int32
}

// In returns the period in a time zone. It returns a BadInput error for an invalid or empty period.
func (p PeriodInput) In(zone *time.Location) (calendar.Period, error) {
	var period calendar.Period
	var err error
	switch {
	case p.Between != nil:
		period, err = calendar.Between(p.Between.From.Time, p.Between.To.Time, zone)
	case p.Dates != nil:
		period, err = calendar.Days(p.Dates.First.day(), p.Dates.Last.day(), zone)
	case p.Month != nil:
		start := p.Month.Start()
		period, err = calendar.Month(start.Year(), start.Month(), zone)
	case p.Cycle != nil:
		period, err = calendar.Cycle(p.Cycle.Of.day(), int(p.Cycle.BeginsOn), zone)
	}
	if err != nil {
		return period, Errorf(BadInput, "period: %s", err)
	}
	return period, nil
}

func (d Date) day() calendar.Day {
	t, _ := time.Parse(time.DateOnly, string(d))
	return calendar.DayOf(t.Date())
}

// Weekday is a day of the week.
type Weekday string

// The days of the week, in the order of time.Weekday.
const (
	Sunday    Weekday = "SUNDAY"
	Monday    Weekday = "MONDAY"
	Tuesday   Weekday = "TUESDAY"
	Wednesday Weekday = "WEDNESDAY"
	Thursday  Weekday = "THURSDAY"
	Friday    Weekday = "FRIDAY"
	Saturday  Weekday = "SATURDAY"
)

func (d Weekday) weekday() time.Weekday {
	return time.Weekday(slices.Index([]Weekday{Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday}, d))
}

// WindowInput divides a period into windows.
type WindowInput struct {
	Unit          calendar.Unit
	WeekStartsOn  Weekday
	MonthStartsOn int32
	// IncludeEmpty adds windows without records, for every key that occurs in the period.
	IncludeEmpty bool
}

// Comparison is a period to compare with.
type Comparison string

// The comparisons.
const (
	PreviousPeriod Comparison = "PREVIOUS_PERIOD"
	PreviousYear   Comparison = "PREVIOUS_YEAR"
)

// TimeWindow is a window of time from Start, inclusive, to End, exclusive.
type TimeWindow struct {
	Start, End Time
	// Date is the local date of the start, UTCOffsetMinutes the local offset from UTC there.
	Date             Date
	UTCOffsetMinutes int32
}

func windowOf(w calendar.Window) *TimeWindow {
	return &TimeWindow{Time{w.Start}, Time{w.End}, Date(w.Date.Midnight().Format(time.DateOnly)), int32(w.OffsetMinutes)}
}
