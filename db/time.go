package db

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// TimePeriod is from Start to before End; either may be open.
type TimePeriod struct {
	Start, End *Time
}

func periodOf(start, end *Time) *TimePeriod {
	if start == nil && end == nil {
		return nil
	}
	return &TimePeriod{start, end}
}

// Time is an instant in UTC, to the microsecond. It is stored in one form that sorts as text.
type Time struct{ time.Time }

// timeForm is RFC 3339 with a fixed width.
const timeForm = "2006-01-02T15:04:05.000000Z"

// TimeOf cuts an instant to what is stored.
func TimeOf(t time.Time) Time { return Time{t.UTC().Truncate(time.Microsecond)} }

// ParseTime reads an instant as ReadTime does. It returns a BadInput error, also for what lies outside the years 1 to 9999 or
// is finer than a microsecond.
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

// ReadTime reads a date and time with its offset, to the nanosecond: RFC 3339, or the same with an offset without its colon.
// It returns a BadInput error.
func ReadTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, withColon(s))
	_, offset := t.Zone()
	// Parse also takes an hour of one digit, a decimal comma and an offset of 24 hours.
	if err != nil || s[13] != ':' || strings.Contains(s, ",") || max(offset, -offset) >= 24*3600 {
		return time.Time{}, Errorf(BadInput, "want a date and time with its offset, such as 2025-01-31T22:15:00Z")
	}
	// Parse drops what comes after nine decimal places.
	if _, fraction, _ := strings.Cut(s, "."); len(fraction)-len(strings.TrimLeft(fraction, "0123456789")) > 9 {
		return time.Time{}, Errorf(BadInput, "want a time with at most nine decimal places")
	}
	return t, nil
}

// withColon writes the offset at the end of a time with a colon: 2025-01-31T22:15:00+0700 lacks it.
func withColon(s string) string {
	const form = "2006-01-02T15:04:05+0700"
	at := len(s) - len("0700")
	if len(s) < len(form) || s[at-1] != '+' && s[at-1] != '-' {
		return s
	}
	return s[:at+2] + ":" + s[at+2:]
}

// CheckTime returns a BadInput error for an instant outside the years that are stored.
func CheckTime(t time.Time) error {
	if u := t.UTC(); u.Year() < 1 || u.Year() > 9999 {
		return Errorf(BadInput, "want a time in UTC between the years 0001 and 9999")
	}
	return nil
}

// Value stores the instant.
func (t Time) Value() (driver.Value, error) { return t.text(), nil }

func (t Time) text() string {
	var b [len(timeForm)]byte
	return string(t.appendText(b[:0]))
}

// appendText appends the form that is stored. It is RFC 3339, which the package time has a fast way for, with a fixed
// number of decimal places.
func (t Time) appendText(b []byte) []byte {
	u := t.UTC()
	b = u.AppendFormat(b, time.RFC3339)
	b[len(b)-1] = '.' // was Z
	micro := u.Nanosecond() / 1000
	for unit := 100_000; unit > 0; unit /= 10 {
		b = append(b, '0'+byte(micro/unit%10))
	}
	return append(b, 'Z')
}

// Scan reads what Value stored, or what PostgreSQL makes of it.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*t = TimeOf(v)
		return nil
	case string:
		// The package time reads and writes this form by a shorter way than any of ours.
		parsed, err := time.Parse(time.RFC3339Nano, v)
		*t = Time{parsed.UTC()}
		return err
	}
	return fmt.Errorf("scan %T as a time", src)
}

// Date is a day, as 2006-01-02.
type Date string

// ParseDate reads an RFC 3339 full-date. It returns a BadInput error.
func ParseDate(s string) (Date, error) {
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1 {
		return "", Errorf(BadInput, "want a day, such as 2025-01-31")
	}
	return Date(s), nil
}

// YearMonth is a month of a year, as 2006-01.
type YearMonth string

// ParseYearMonth reads a month. It returns a BadInput error.
func ParseYearMonth(s string) (YearMonth, error) {
	if t, err := time.Parse("2006-01", s); err != nil || t.Year() < 1 {
		return "", Errorf(BadInput, "want a month, such as 2025-01")
	}
	return YearMonth(s), nil
}

// Start returns the first moment of the month, in UTC.
func (m YearMonth) Start() Time {
	t, _ := time.Parse("2006-01", string(m))
	return Time{t}
}
