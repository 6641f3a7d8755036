package ingest

import (
	"time"

	"usagegraph/db"
)

// Instant is a time in a document, with its offset.
type Instant struct {
	At            db.Time
	OffsetMinutes int32
	// Text is the time as the document writes it; nil if FormatInstant writes the same text.
	Text *string
	// Truncated reports whether the document's time is finer than a microsecond.
	Truncated bool
}

// ReadInstant parses the time of a field as db.ReadTime does, and truncates it to the microsecond. It returns a
// FieldError.
func ReadInstant(field, text string) (Instant, error) {
	t, err := db.ReadTime(text)
	if err == nil {
		err = db.CheckTime(t)
	}
	if err != nil {
		return Instant{}, Field(field, err.Error())
	}
	_, offset := t.Zone()
	i := Instant{At: db.TimeOf(t), OffsetMinutes: int32(offset / 60)}
	i.Truncated = !i.At.Equal(t)
	if FormatInstant(i.At, i.OffsetMinutes) != text {
		i.Text = &text
	}
	return i, nil
}

// FormatInstant formats a stored time with an offset in minutes, and with a fraction only if it is not zero.
func FormatInstant(at db.Time, offsetMinutes int32) string {
	return at.In(time.FixedZone("", int(offsetMinutes)*60)).Format(time.RFC3339Nano)
}
