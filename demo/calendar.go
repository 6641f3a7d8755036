package demo

import "time"

// busyness is how much is used on a day of the week, against others.
var busyness = [...]int{
	time.Sunday: 7, time.Monday: 19, time.Tuesday: 20, time.Wednesday: 20, time.Thursday: 20, time.Friday: 18, time.Saturday: 10,
}

// hourly is how much is used in an hour of a day, against others.
var hourly = [24]int{2, 1, 1, 1, 1, 2, 5, 10, 18, 24, 26, 25, 20, 22, 25, 25, 23, 21, 18, 16, 14, 11, 8, 4}

// timetable spreads a day's records over its hours, in order.
type timetable struct {
	hour int
	// passed is the weight of the hours before hour, whole of all.
	passed, whole int
}

func newTimetable() timetable {
	t := timetable{}
	for _, weight := range hourly {
		t.whole += weight
	}
	return t
}

func (t *timetable) restart() { t.hour, t.passed = 0, 0 }

// second draws the second of the day of record nth of count; nth must not be smaller than before.
func (t *timetable) second(r *random, nth, count int) int {
	const grain = 1 << 16
	at := (nth*grain + r.below(grain)) * t.whole / count // in grains of weight
	for at >= (t.passed+hourly[t.hour])*grain {
		t.passed += hourly[t.hour]
		t.hour++
	}
	return 3600*t.hour + 3600*(at-t.passed*grain)/(hourly[t.hour]*grain)
}

// britishOffset returns how far British clocks are ahead of UTC on a day: an hour from the last Sunday of March to the
// last of October.
func britishOffset(day time.Time) time.Duration {
	if !day.Before(lastSunday(day.Year(), time.March)) && day.Before(lastSunday(day.Year(), time.October)) {
		return time.Hour
	}
	return 0
}

func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}
