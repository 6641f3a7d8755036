package demo

import "time"

// DayWeights are the relative amounts of usage on the days of a week.
var DayWeights = [...]int{
	time.Sunday: 7, time.Monday: 19, time.Tuesday: 20, time.Wednesday: 20, time.Thursday: 20, time.Friday: 18, time.Saturday: 10,
}

// hourWeights are the relative amounts of usage in the hours of a day.
var hourWeights = [24]int{2, 1, 1, 1, 1, 2, 5, 10, 18, 24, 26, 25, 20, 22, 25, 25, 23, 21, 18, 16, 14, 11, 8, 4}

// Timetable draws the times of the records of one day, in order, by the weights of the hours.
type Timetable struct {
	hour int
	// before is the weight of the hours before hour, total that of the day.
	before, total int
}

// NewTimetable returns the timetable of a day.
func NewTimetable() Timetable {
	t := Timetable{}
	for _, weight := range hourWeights {
		t.total += weight
	}
	return t
}

// Second draws the time of record n of count, in seconds since midnight. Each n must be at least the one before.
func (t *Timetable) Second(r *Random, n, count int) int {
	const grain = 1 << 16
	at := (n*grain + r.Below(grain)) * t.total / count // in units of weight/grain
	for at >= (t.before+hourWeights[t.hour])*grain {
		t.before += hourWeights[t.hour]
		t.hour++
	}
	return 3600*t.hour + 3600*(at-t.before*grain)/(hourWeights[t.hour]*grain)
}
