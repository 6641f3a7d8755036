package ingest

import (
	"time"

	"usagegraph/db"
)

// Instant is a time of a document that carries its offset.
type Instant struct {
	At            db.Time
	OffsetMinutes int32
	// Text is the time as the document writes it; nil where FormatInstant writes the same.
	Text *string
	// Truncated reports whether the document's time is finer than the stored one.
	Truncated bool
}

// ReadInstant reads a field's time as db.ReadTime does. What is finer than a microsecond is cut off.
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

// FormatInstant writes a stored time with an offset in minutes, and no fraction unless there is one.
func FormatInstant(at db.Time, offsetMinutes int32) string {
	return at.In(time.FixedZone("", int(offsetMinutes)*60)).Format(time.RFC3339Nano)
}
