package dxp

import (
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

const localForm = "2006-01-02T15:04:05"

// parse reads a time that is local unless it has a zone.
func (s Settings) parse(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t, err = time.ParseInLocation(localForm, text, s.Location)
	}
	if err != nil || t.Nanosecond()%1000 != 0 {
		return t, ingest.Field("", "want a date and time, such as 2025-01-31T22:15:00, with at most six decimal places")
	}
	return t, nil
}

// storable tells whether an instant lies in the years that can be stored.
func storable(t time.Time) bool { return t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 }

// instant returns a time in UTC.
func (s Settings) instant(text string) (db.Time, error) {
	t, err := s.parse(text)
	if err == nil && !storable(t) {
		err = ingest.Field("", "want a time in UTC between the years 0001 and 9999")
	}
	if err != nil {
		return db.Time{}, err
	}
	return db.TimeOf(t), nil
}

// bound returns the start or end of a period in UTC; nil for an open one: no text, or a time that lies beyond the years
// that can be stored.
func (s Settings) bound(text *string) (*db.Time, error) {
	if text == nil || *text == "" {
		return nil, nil
	}
	t, err := s.parse(*text)
	if err != nil || !storable(t) {
		return nil, err
	}
	at := db.TimeOf(t)
	return &at, nil
}

// lost returns the text of a time that its stored instant does not give back.
func (s Settings) lost(text *string, at *db.Time) *string {
	if text == nil || at != nil && at.In(s.Location).Format(localForm+".999999") == *text {
		return nil
	}
	return text
}
