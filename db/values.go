package db

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"
)

// Source is a system that records are imported from.
type Source string

// The sources.
const (
	Elevate Source = "ELEVATE"
	BRM     Source = "BRM"
	STN     Source = "STN"
	DXP     Source = "DXP"
)

// Lower returns the source's name in lower case, as people type it: elevate.
func (s Source) Lower() string { return strings.ToLower(string(s)) }

// UsageType is what was used.
type UsageType string

// The usage types.
const (
	Voice     UsageType = "VOICE"
	Data      UsageType = "DATA"
	SMS       UsageType = "SMS"
	MMS       UsageType = "MMS"
	Monetary  UsageType = "MONEY"
	Recurring UsageType = "RECURRING"
	OneOff    UsageType = "ONE_OFF"
	Other     UsageType = "OTHER"
)

// UsageStatus is where a usage record stands, as TMF635 lists it.
type UsageStatus string

// The statuses.
const (
	Received UsageStatus = "RECEIVED"
	Rejected UsageStatus = "REJECTED"
	Recycled UsageStatus = "RECYCLED"
	Guided   UsageStatus = "GUIDED"
	Rated    UsageStatus = "RATED"
	Rerated  UsageStatus = "RERATED"
	Billed   UsageStatus = "BILLED"
)

// UsageDirection is who began a call or session.
type UsageDirection string

// The directions.
const (
	Inbound  UsageDirection = "INBOUND"
	Outbound UsageDirection = "OUTBOUND"
)

// Unit is what an amount counts.
type Unit string

// The units.
const (
	Kilobyte Unit = "KILOBYTE"
	Megabyte Unit = "MEGABYTE"
	Gigabyte Unit = "GIGABYTE"
	Second   Unit = "SECOND"
	Minute   Unit = "MINUTE"
	Hour     Unit = "HOUR"
	Message  Unit = "MESSAGE"
	Count    Unit = "COUNT"
	Currency Unit = "CURRENCY"
)

// symbols are the units as a person reads them.
var symbols = map[Unit]string{
	Kilobyte: "KB", Megabyte: "MB", Gigabyte: "GB", Second: "s", Minute: "min", Hour: "h",
}

// Quantity is an amount of something that is not money.
type Quantity struct {
	Amount    *decimal.Decimal
	Unit      *Unit
	Unlimited bool
	// SourceText is the source's own text of it; empty where it has none.
	SourceText string
}

// quantityOf returns nil for what is not known.
func quantityOf(amount *decimal.Decimal, unit Unit, unlimited bool) *Quantity {
	if amount == nil && !unlimited {
		return nil
	}
	q := &Quantity{Amount: amount, Unlimited: unlimited}
	if unit != "" {
		q.Unit = &unit
	}
	return q
}

// Text returns the amount as a person reads it.
func (q *Quantity) Text() string {
	switch {
	case q.SourceText != "":
		return q.SourceText
	case q.Unlimited:
		return "unlimited"
	case q.Amount == nil:
		return ""
	case q.Unit != nil && symbols[*q.Unit] != "":
		return q.Amount.String() + " " + symbols[*q.Unit]
	}
	return q.Amount.String()
}

// Money is an amount of money: whole units of an ISO 4217 currency, which is nil where the source's unit is another one.
type Money struct {
	Amount   *decimal.Decimal
	Currency *string
}

func moneyOf(amount *decimal.Decimal, currency *string) *Money {
	if amount == nil {
		return nil
	}
	return &Money{amount, currency}
}

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

// ParseDecimal reads a decimal number exactly, with its trailing zeros. It returns a BadInput error for what is no
// number, and for one of more than 19 significant digits or 19 places, which would have to be rounded.
func ParseDecimal(s string) (decimal.Decimal, error) {
	d, err := decimal.Parse(s)
	if err == nil && len(s) <= decimal.MaxPrec && !strings.ContainsAny(s, "eE") {
		return d, nil // most are so short that nothing of them can be lost
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(strings.TrimLeft(mantissa, "+-"), ".")
	digits := len(strings.TrimLeft(whole+fraction, "0"))
	if err != nil && digits <= decimal.MaxPrec {
		return decimal.Decimal{}, Errorf(BadInput, "want a decimal number, such as 12.50")
	}
	if digits > decimal.MaxPrec || len(fraction) > decimal.MaxScale || lostScale(d, s) {
		return decimal.Decimal{}, Errorf(BadInput, "a decimal has at most %d significant digits and %d decimal places", decimal.MaxPrec, decimal.MaxScale)
	}
	return d, nil
}

// lostScale tells whether a number with an exponent came out rounded: then its digits are not its mantissa's.
func lostScale(d decimal.Decimal, s string) bool {
	mantissa, _, ok := strings.Cut(strings.ToLower(s), "e")
	if !ok {
		return false
	}
	m, err := decimal.Parse(mantissa)
	return err != nil || digitsOf(m) != digitsOf(d)
}

func digitsOf(d decimal.Decimal) string {
	return strings.TrimRight(strconv.FormatUint(d.Coef(), 10), "0")
}
