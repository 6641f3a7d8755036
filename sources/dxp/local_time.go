package dxp

import (
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// localForm is the layout of a local time without its fraction.
const localForm = "2006-01-02T15:04:05"

// reportDecoder decodes one report. Its times are local times of the zone unless they have an offset.
type reportDecoder struct {
	zone *time.Location
	// truncated reports whether a time was finer than a microsecond, ambiguous whether a local time occurs twice in the
	// zone or is skipped.
	truncated, ambiguous bool
}

// parseTime parses a time to the nanosecond, and sets truncated and ambiguous.
func (c *reportDecoder) parseTime(text string) (time.Time, error) {
	t, err := db.ReadTime(text)
	if err != nil {
		var ambiguous bool
		if t, ambiguous, err = parseLocal(text, c.zone); err != nil {
			return t, ingest.Field("", "want a date and time, such as 2025-01-31T22:15:00, with at most nine decimal places, local or with an offset")
		}
		c.ambiguous = c.ambiguous || ambiguous
	}
	c.truncated = c.truncated || t.Nanosecond()%1000 != 0
	return t, nil
}

// parseLocal parses a local time of a zone, and reports whether a clock change makes it occur twice or skips it. It
// returns the first instant of two; for a skipped time, the instant by the offset before the change.
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

// offsetAt returns the UTC offset of a zone at an instant.
func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// instant parses a time and returns it in UTC. It returns an error for one beyond the storable years.
func (c *reportDecoder) instant(text string) (db.Time, error) {
	t, err := c.parseTime(text)
	if err != nil {
		return db.Time{}, err
	}
	if err := db.CheckTime(t); err != nil {
		return db.Time{}, ingest.Field("", err.Error())
	}
	return db.TimeOf(t), nil
}

// bound parses the start or end of a period and returns it in UTC. It returns nil for an open one: no text, or a time
// beyond the storable years.
func (c *reportDecoder) bound(text *string) (*db.Time, error) {
	if text == nil || *text == "" {
		return nil, nil
	}
	t, err := c.parseTime(*text)
	if err != nil || db.CheckTime(t) != nil {
		return nil, err
	}
	at := db.TimeOf(t)
	return &at, nil
}

// originalText returns the text of a time that formatting its stored instant does not reproduce, or that is ambiguous;
// otherwise nil.
func (c *reportDecoder) originalText(text *string, at *db.Time) *string {
	if text == nil || at == nil || at.In(c.zone).Format(localForm+".999999") != *text {
		return text
	}
	if _, ambiguous, _ := parseLocal(*text, c.zone); ambiguous {
		return text
	}
	return nil
}
