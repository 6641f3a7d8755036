package elevate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// The operators that a filter's value may begin with.
const (
	in   = "in:"
	like = "like:"
	lt   = "lt:"
	gt   = "gt:"
)

// cut splits a value into its operator, which may be none, and the rest.
func cut(text string, operators ...string) (operator, operand string) {
	for _, operator := range operators {
		if rest, ok := strings.CutPrefix(text, operator); ok {
			return operator, rest
		}
	}
	return "", text
}

// match is a condition on a text: xyz, in:x,y or like:xyz.
type match struct{ operator, operand string }

// unescapedPlus is the + of a phone number that a client did not escape, as it arrives: a space before a digit.
var unescapedPlus = regexp.MustCompile(`(^|,)[ ]([0-9])`)

// withPlus returns a filter's value with the + signs that arrived as spaces: no value begins with a space before a digit.
func withPlus(text string) string {
	operator, operand := cut(text, in, like)
	return operator + unescapedPlus.ReplaceAllString(operand, "$1+$2")
}

// maxPattern is how long a pattern may be in bytes, each backslash counted twice.
const maxPattern = 900

// parseNumber is parseMatch for a field that holds phone numbers.
func parseNumber(text string) (*match, error) { return parseMatch(withPlus(text)) }

func parseMatch(text string) (*match, error) {
	m := &match{}
	m.operator, m.operand = cut(text, in, like)
	switch {
	case m.operator == in && slices.Contains(strings.Split(m.operand, ","), ""):
		return nil, errors.New("want in: and values between commas")
	case m.operator == like && m.operand == "":
		return nil, errors.New("want like: and a pattern")
	case m.operator == like && len(pattern(m.operand)) > maxPattern:
		return nil, fmt.Errorf("a pattern of more than %d bytes", maxPattern)
	}
	return m, nil
}

func (m *match) filter() *db.StringFilter {
	switch {
	case m == nil:
		return nil
	case m.operator == in:
		return &db.StringFilter{In: strings.Split(m.operand, ",")}
	case m.operator == like:
		return &db.StringFilter{Like: new(pattern(m.operand))}
	}
	return &db.StringFilter{Eq: &m.operand}
}

// pattern returns elevate's pattern as the store's: a backslash is one like any other character, and a pattern
// without % is sought anywhere in the text.
func pattern(text string) string {
	if !strings.Contains(text, "%") {
		text = "%" + text + "%"
	}
	return strings.ReplaceAll(text, `\`, `\\`)
}

// bound is a condition on a time: the time alone, lt: or gt: and the time. Times are compared by whole seconds, as they are
// printed: a record belongs to the second in which it lies.
type bound struct {
	operator string
	at       db.Time
}

func parseBound(text string) (*bound, error) {
	b := &bound{}
	b.operator, text = cut(text, lt, gt)
	// The + of an offset is a space where the client did not escape it.
	at, err := db.ParseTime(strings.ReplaceAll(text, " ", "+"))
	b.at = at
	return b, err
}

func (b *bound) String() string { return b.operator + b.at.Format(time.RFC3339Nano) }

// What a time alone means in eventDateFrom and in eventDateTo.
func notBefore(t db.Time) *db.DateTimeFilter { return &db.DateTimeFilter{Gte: new(secondFrom(t))} }
func notAfter(t db.Time) *db.DateTimeFilter  { return &db.DateTimeFilter{Lt: new(secondAfter(t))} }

// secondFrom returns the first whole second that is not before a time, secondAfter the first one after it.
func secondFrom(t db.Time) db.Time {
	return db.TimeOf(t.Add(time.Second - time.Nanosecond).Truncate(time.Second))
}
func secondAfter(t db.Time) db.Time { return db.TimeOf(t.Truncate(time.Second).Add(time.Second)) }

func (b *bound) filter(alone func(db.Time) *db.DateTimeFilter) *db.DateTimeFilter {
	switch {
	case b == nil:
		return nil
	case b.operator == lt:
		return &db.DateTimeFilter{Lt: new(secondFrom(b.at))}
	case b.operator == gt:
		return &db.DateTimeFilter{Gte: new(secondAfter(b.at))}
	}
	return alone(b.at)
}
