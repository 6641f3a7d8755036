package db

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// TimePeriod is a time from Start, inclusive, to End, exclusive. A nil bound is open.
type TimePeriod struct {
	Start, End *Time
}

func periodOf(start, end *Time) *TimePeriod {
	if start == nil && end == nil {
		return nil
	}
	return &TimePeriod{start, end}
}

// Time is an instant in UTC with a precision of microseconds. Its stored form sorts as text.
type Time struct{ time.Time }

// timeForm is the stored form: RFC 3339 with a fixed width.
const timeForm = "2006-01-02T15:04:05.000000Z"

// TimeOf converts an instant to UTC and truncates it to microseconds.
func TimeOf(t time.Time) Time { return Time{t.UTC().Truncate(time.Microsecond)} }

// ParseTime is ReadTime for an instant to be stored. It also returns a BadInput error outside the years 1 to 9999 and
// for digits beyond microseconds.
func ParseTime(s string) (Time, error) {
	t, err := ReadTime(s)
	if err == nil {
		err = CheckTime(t)
	}
	if err == nil && t.Nanosecond()%1000 != 0 {
		err = Errorf(BadInput, "times are kept to the microsecond: at most six decimal places")
	}
	if err != nil {
		return Time{}, err
	}
	return TimeOf(t), nil
}

// ReadTime parses a date and time with an offset, up to nanoseconds: RFC 3339, also with the offset's colon left out.
// It returns a BadInput error for other texts.
func ReadTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, withColon(s))
	_, offset := t.Zone()
	// time.Parse also accepts an hour of one digit, a decimal comma and an offset of 24 hours.
	if err != nil || s[13] != ':' || strings.Contains(s, ",") || max(offset, -offset) >= 24*3600 {
		return time.Time{}, Errorf(BadInput, "want a date and time with its offset, such as 2025-01-31T22:15:00Z")
	}
	// time.Parse ignores digits after the ninth decimal place.
	if _, fraction, _ := strings.Cut(s, "."); len(fraction)-len(strings.TrimLeft(fraction, "0123456789")) > 9 {
		return time.Time{}, Errorf(BadInput, "want a time with at most nine decimal places")
	}
	return t, nil
}

// withColon inserts the colon into an offset without one: 2025-01-31T22:15:00+0700.
func withColon(s string) string {
	const form = "2006-01-02T15:04:05+0700"
	at := len(s) - len("0700")
	if len(s) < len(form) || s[at-1] != '+' && s[at-1] != '-' {
		return s
	}
	return s[:at+2] + ":" + s[at+2:]
}

// CheckTime returns a BadInput error for an instant outside the years 1 to 9999 in UTC.
func CheckTime(t time.Time) error {
	if u := t.UTC(); u.Year() < 1 || u.Year() > 9999 {
		return Errorf(BadInput, "want a time in UTC between the years 0001 and 9999")
	}
	return nil
}

// Value returns the stored form.
func (t Time) Value() (driver.Value, error) { return t.text(), nil }

func (t Time) text() string {
	var b [len(timeForm)]byte
	return string(t.appendText(b[:0]))
}

// appendText appends the stored form. It formats as time.RFC3339, which package time has a fast path for, and appends
// the decimal places itself.
func (t Time) appendText(b []byte) []byte {
	u := t.UTC()
	b = u.AppendFormat(b, time.RFC3339)
	b[len(b)-1] = '.' // replaces Z
	micro := u.Nanosecond() / 1000
	for unit := 100_000; unit > 0; unit /= 10 {
		b = append(b, '0'+byte(micro/unit%10))
	}
	return append(b, 'Z')
}

// Scan reads the stored form of SQLite or a timestamp of PostgreSQL.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*t = TimeOf(v)
		return nil
	case string:
		// time.Parse has a fast path for RFC 3339.
		parsed, err := time.Parse(time.RFC3339Nano, v)
		*t = Time{parsed.UTC()}
		return err
	}
	return fmt.Errorf("scan %T as a time", src)
}

// Date is a day in the form 2006-01-02.
type Date string

// ParseDate parses an RFC 3339 full-date. It returns a BadInput error for other texts.
func ParseDate(s string) (Date, error) {
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1 {
		return "", Errorf(BadInput, "want a day, such as 2025-01-31")
	}
	return Date(s), nil
}

// YearMonth is a month in the form 2006-01.
type YearMonth string

// ParseYearMonth parses a month. It returns a BadInput error for other texts.
func ParseYearMonth(s string) (YearMonth, error) {
	if t, err := time.Parse("2006-01", s); err != nil || t.Year() < 1 {
		return "", Errorf(BadInput, "want a month, such as 2025-01")
	}
	return YearMonth(s), nil
}

// Start returns the first instant of the month in UTC.
func (m YearMonth) Start() Time {
	t, _ := time.Parse("2006-01", string(m))
	return Time{t}
}
