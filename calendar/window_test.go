package calendar_test

import (
	"archive/zip"
	"flag"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"usagegraph/calendar"
)

var (
	allZones = flag.Bool("calendar.all-zones", false, "test the windows of every IANA zone and year, which takes long")
	seed     = flag.Uint64("calendar.seed", 1, "the seed of the random periods")
)

// tellingZones have the changes that are easy to get wrong: at midnight, at 00:01, by half an hour, across the date line.
var tellingZones = []string{"UTC", "Europe/Amsterdam", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "America/St_Johns",
	"America/Scoresbysund", "Pacific/Apia", "Asia/Beirut", "America/Havana", "Africa/Casablanca"}

func loadZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := calendar.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// changes returns the instants at which the offset of a zone changes between two instants, in order.
func changes(zone *time.Location, from, to time.Time) (list []time.Time) {
	for at := from; ; {
		_, before := at.In(zone).Zone()
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return list
		}
		if _, after := end.In(zone).Zone(); after != before {
			list = append(list, end.UTC())
		}
		at = end
	}
}

// slowWindows finds the windows of a period by looking at the local time of each minute. name returns the name of the
// window of a local time; names ascend.
func slowWindows(p calendar.Period, zone *time.Location, name func(time.Time) string, repeats bool) (starts []time.Time) {
	last, _, offset := "", "", 0
	for at := p.Start; at.Before(p.End); at = at.Add(time.Minute) {
		local := at.In(zone)
		_, now := local.Zone()
		if n := name(local); n > last || repeats && now != offset {
			last = n
			starts = append(starts, at)
		}
		offset = now
	}
	return starts
}

func startsOf(windows []calendar.Window) (starts []time.Time) {
	for _, w := range windows {
		starts = append(starts, w.Start)
	}
	return starts
}

// TestWindowsOverClockChanges compares hours and days around clock changes with those found minute by minute.
func TestWindowsOverClockChanges(t *testing.T) {
	t.Parallel()
	zones, most := tellingZones, 12
	if *allZones {
		zones, most = ianaZones(t), 1000
	}
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := loadZone(t, name)
			list := changes(zone, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC))
			rand.New(rand.NewPCG(*seed, 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			for _, change := range append(list[:min(most, len(list))], time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)) {
				day := calendar.DayAt(change, zone)
				p, err := calendar.Days(day-1, day+1, zone)
				if err != nil {
					t.Fatal(err)
				}
				for unit, slow := range map[calendar.Unit][]time.Time{
					calendar.DayUnit: slowWindows(p, zone, func(t time.Time) string { return t.Format(time.DateOnly) }, false),
					calendar.Hour:    slowWindows(p, zone, func(t time.Time) string { return t.Format("2006-01-02 15") }, true),
				} {
					windows, err := p.Windows(calendar.Division{Unit: unit, MonthStartsOn: 1})
					if err != nil {
						t.Fatal(err)
					}
					if got := startsOf(windows); !slices.Equal(got, slow) {
						t.Errorf("%s around %v:\ngot  %v\nwant %v", unit, change, got, slow)
					}
					checkAdjacent(t, p, windows)
				}
			}
		})
	}
}

// checkAdjacent fails unless the windows cover the period without gaps.
func checkAdjacent(t *testing.T, p calendar.Period, windows []calendar.Window) {
	t.Helper()
	at := p.Start
	for i, w := range windows {
		if !w.Start.Equal(at) || !w.Start.Before(w.End) {
			t.Errorf("window %d is %v, want it to begin at %v", i, w, at)
		}
		at = w.End
	}
	if !at.Equal(p.End) {
		t.Errorf("the windows end at %v, not at %v", at, p.End)
	}
}

// ianaZones returns the names of the zones in Go's own time zone database.
func ianaZones(t *testing.T) (names []string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, "/") && f.Name != "Factory" {
			names = append(names, f.Name)
		}
	}
	return names
}

// TestLongWindows compares weeks, months, quarters and years with local days that a slow search finds.
func TestLongWindows(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(*seed, 1))
	for range 300 {
		zone := loadZone(t, tellingZones[random.IntN(len(tellingZones))])
		first := calendar.DayOf(1990+random.IntN(45), time.Month(1+random.IntN(12)), 1+random.IntN(31))
		p, err := calendar.Days(first, first+calendar.Day(random.IntN(1500)), zone)
		if err != nil {
			continue // the only day was skipped
		}
		d := calendar.Division{WeekStartsOn: time.Weekday(random.IntN(7)), MonthStartsOn: 1 + random.IntN(31)}
		for unit, begins := range map[calendar.Unit]func(calendar.Day) bool{
			calendar.Week:      func(day calendar.Day) bool { return day.Weekday() == d.WeekStartsOn },
			calendar.MonthUnit: func(day calendar.Day) bool { return beginsMonth(day, d.MonthStartsOn, 1) },
			calendar.Quarter:   func(day calendar.Day) bool { return beginsMonth(day, d.MonthStartsOn, 3) },
			calendar.Year:      func(day calendar.Day) bool { return beginsMonth(day, d.MonthStartsOn, 12) },
		} {
			want := []time.Time{p.Start}
			for day := first + 1; day.Start(zone).Before(p.End); day++ {
				if begins(day) && day.Start(zone).After(p.Start) {
					want = append(want, day.Start(zone))
				}
			}
			d.Unit = unit
			windows, err := p.Windows(d)
			if err != nil {
				t.Fatal(err)
			}
			if got := startsOf(windows); !slices.Equal(got, want) {
				t.Fatalf("%v of %v to %v in %v:\ngot  %v\nwant %v", d, p.Start, p.End, zone, got, want)
			}
			checkAdjacent(t, p, windows)
		}
	}
}

// beginsMonth reports whether a day is the one on which a month, or every third or twelfth one, begins.
func beginsMonth(day calendar.Day, startsOn, months int) bool {
	_, month, of := day.Date()
	_, _, tomorrow := (day + 1).Date()
	return (int(month)-1)%months == 0 && (of == startsOn || of < startsOn && tomorrow == 1)
}

func TestWindowLimits(t *testing.T) {
	t.Parallel()
	year := calendar.DayOf(2025, 1, 1)
	for _, tt := range []struct {
		days calendar.Day
		d    calendar.Division
		want string
	}{
		{438, calendar.Division{Unit: calendar.Hour, MonthStartsOn: 1}, "10512 windows of HOUR: at most 10000"},
		{10_000, calendar.Division{Unit: calendar.Hour, MonthStartsOn: 1}, "more than 100000 windows of HOUR: at most 10000"},
		{1, calendar.Division{Unit: calendar.DayUnit, MonthStartsOn: 32}, "monthStartsOn: want a day of the month, 1 to 31, not 32"},
		{1, calendar.Division{Unit: "FORTNIGHT", MonthStartsOn: 1}, "unknown unit FORTNIGHT"},
	} {
		p, err := calendar.Days(year, year+tt.days-1, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Windows(tt.d); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
