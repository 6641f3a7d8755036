package dxp

import (
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

const localForm = "2006-01-02T15:04:05"

// clock reads the times of one report, which are local unless they have an offset.
type clock struct {
	zone *time.Location
	// truncated and ambiguous report whether a time was finer than a microsecond, and whether a local time occurs twice in the
	// zone, or never.
	truncated, ambiguous bool
}

// parse reads a time, to the nanosecond.
func (c *clock) parse(text string) (time.Time, error) {
	t, err := db.ReadTime(text)
	if err != nil {
		var twofold bool
		if t, twofold, err = parseLocal(text, c.zone); err != nil {
			return t, ingest.Field("", "want a date and time, such as 2025-01-31T22:15:00, with at most nine decimal places, local or with an offset")
		}
		c.ambiguous = c.ambiguous || twofold
	}
	c.truncated = c.truncated || t.Nanosecond()%1000 != 0
	return t, nil
}

// parseLocal reads a local time of a zone, and reports whether it occurs twice there, or never, where clocks are changed. Of
// two instants it returns the first. Of none it returns the one by the offset before the change.
func parseLocal(text string, zone *time.Location) (at time.Time, ambiguous bool, err error) {
	wall, err := db.ReadTime(text + "Z")
	if err != nil {
		return time.Time{}, false, err
	}
	const day = 24 * time.Hour
	before, after := wall.Add(-offsetAt(wall.Add(-day), zone)), wall.Add(-offsetAt(wall.Add(day), zone))
	exists := func(t time.Time) bool { return wall.Sub(t) == offsetAt(t, zone) }
	switch {
	case exists(before):
		return before, !before.Equal(after) && exists(after), nil
	case exists(after):
		return after, false, nil
	}
	return before, true, nil
}

// offsetAt returns the offset of a zone at an instant.
func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// instant returns a time in UTC.
func (c *clock) instant(text string) (db.Time, error) {
	t, err := c.parse(text)
	if err != nil {
		return db.Time{}, err
	}
	if err := db.CheckTime(t); err != nil {
		return db.Time{}, ingest.Field("", err.Error())
	}
	return db.TimeOf(t), nil
}

// bound returns the start or end of a period in UTC; nil for an open one: no text, or a time that lies beyond the years
// that can be stored.
func (c *clock) bound(text *string) (*db.Time, error) {
	if text == nil || *text == "" {
		return nil, nil
	}
	t, err := c.parse(*text)
	if err != nil || db.CheckTime(t) != nil {
		return nil, err
	}
	at := db.TimeOf(t)
	return &at, nil
}

// lost returns the text of a time that its stored instant does not give back, or that is local and occurs twice.
func (c *clock) lost(text *string, at *db.Time) *string {
	if text == nil || at == nil || at.In(c.zone).Format(localForm+".999999") != *text {
		return text
	}
	if _, ambiguous, _ := parseLocal(*text, c.zone); ambiguous {
		return text
	}
	return nil
}
