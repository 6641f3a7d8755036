package demo

import (
	"encoding/json"
	"time"
)

// reports are dxp's consumption reports, the latest of each line that has one: every fourth of stn's.
type reports struct {
	*world
	member, line int
}

func newReports(w *world) *reports { return &reports{world: w} }

func (d *reports) next(w *writer) bool {
	line, ok := d.nextLine()
	if ok {
		d.write(w, line)
	}
	return ok
}

// nextLine goes on to the next line that has a report; false after the last.
func (d *reports) nextLine() (int, bool) {
	for d.member < d.countSTN() {
		first, lines := d.lines(inSTN.nth(d.member))
		line := first + d.line
		if d.line++; d.line == lines {
			d.line = 0
			d.member++
		}
		if line%4 == 0 {
			return line, true
		}
	}
	return 0, false
}

// total returns how many reports there are.
func (d *reports) total() int {
	n := 0
	for rest := newReports(d.world); ; n++ {
		if _, ok := rest.nextLine(); !ok {
			return n
		}
	}
}

func (d *reports) write(w *writer, line int) {
	text, err := json.Marshal(d.report(line))
	if err != nil {
		panic(err) // strings, numbers and lists of them
	}
	w.literal("", string(text))
}

// report is dxp's usage consumption report. Its times are local, without a zone.
type report struct {
	Description    string           `json:"description"`
	EffectiveDate  string           `json:"effectiveDate"`
	Type           string           `json:"@type"`
	Characteristic []characteristic `json:"characteristic"`
	Bucket         []bucket         `json:"bucket"`
}

type characteristic struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

type bucket struct {
	ID             string           `json:"id"`
	Name           string           `json:"name"`
	UsageType      string           `json:"usageType"`
	IsShared       bool             `json:"isShared"`
	Type           string           `json:"@type"`
	Characteristic []characteristic `json:"characteristic"`
	Product        []publicID       `json:"product"`
	Balance        []balance        `json:"bucketBalance,omitempty"`
	Counter        []counter        `json:"bucketCounter"`
}

type publicID struct {
	PublicIdentifier string `json:"publicIdentifier"`
}

type balance struct {
	RemainingValueName string           `json:"remainingValueName"`
	RemainingValue     quantity         `json:"remainingValue"`
	ValidFor           validity         `json:"validFor"`
	Characteristic     []characteristic `json:"characteristic"`
}

// quantity has a whole amount, or "infinity".
type quantity struct {
	Amount any    `json:"amount"`
	Units  string `json:"units,omitempty"`
}

type validity struct {
	StartDateTime string `json:"startDateTime"`
	EndDateTime   string `json:"endDateTime"`
}

type counter struct {
	CounterType string   `json:"counterType"`
	Level       string   `json:"level"`
	Value       quantity `json:"value"`
	ValueName   string   `json:"valueName"`
}

// local writes a time as dxp does.
func local(t time.Time) string { return t.Format("2006-01-02T15:04:05") }
