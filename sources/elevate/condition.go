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

// The operators that the value of a filter may begin with.
const (
	in   = "in:"
	like = "like:"
	lt   = "lt:"
	gt   = "gt:"
)

// cutOperator splits a value into its operator, which may be empty, and the operand.
func cutOperator(text string, operators ...string) (operator, operand string) {
	for _, operator := range operators {
		if rest, ok := strings.CutPrefix(text, operator); ok {
			return operator, rest
		}
	}
	return "", text
}

// textCondition is a condition on a text: xyz, in:x,y or like:xyz.
type textCondition struct{ operator, operand string }

// unescapedPlus matches a space before a digit: the + of a phone number that the client did not escape.
var unescapedPlus = regexp.MustCompile(`(^|,)[ ]([0-9])`)

// restorePlus replaces the spaces that were unescaped + signs. No stored value begins with a space before a digit.
func restorePlus(text string) string {
	operator, operand := cutOperator(text, in, like)
	return operator + unescapedPlus.ReplaceAllString(operand, "$1+$2")
}

// maxPattern is the maximum length of a pattern in bytes. A backslash counts twice, because likePattern escapes it.
const maxPattern = 900

// parsePhoneCondition is parseTextCondition for a field with phone numbers.
func parsePhoneCondition(text string) (*textCondition, error) {
	return parseTextCondition(restorePlus(text))
}

func parseTextCondition(text string) (*textCondition, error) {
	m := &textCondition{}
	m.operator, m.operand = cutOperator(text, in, like)
	switch {
	case m.operator == in && slices.Contains(strings.Split(m.operand, ","), ""):
		return nil, errors.New("want in: and values separated by commas")
	case m.operator == like && m.operand == "":
		return nil, errors.New("want like: and a pattern")
	case m.operator == like && len(likePattern(m.operand)) > maxPattern:
		return nil, fmt.Errorf("want a pattern of at most %d bytes", maxPattern)
	}
	return m, nil
}

// filter returns the condition as a filter of the store; nil for nil.
func (m *textCondition) filter() *db.StringFilter {
	switch {
	case m == nil:
		return nil
	case m.operator == in:
		return &db.StringFilter{In: strings.Split(m.operand, ",")}
	case m.operator == like:
		return &db.StringFilter{Like: new(likePattern(m.operand))}
	}
	return &db.StringFilter{Eq: &m.operand}
}

// likePattern returns a pattern of Elevate as one of the store: it escapes backslashes, and lets a pattern without %
// match anywhere in the text.
func likePattern(text string) string {
	if !strings.Contains(text, "%") {
		text = "%" + text + "%"
	}
	return strings.ReplaceAll(text, `\`, `\\`)
}

// timeCondition is a condition on a time: the time alone, or lt: or gt: and the time. Times are compared by whole
// seconds, because responses contain no fractions.
type timeCondition struct {
	operator string
	at       db.Time
}

func parseTimeCondition(text string) (*timeCondition, error) {
	b := &timeCondition{}
	b.operator, text = cutOperator(text, lt, gt)
	// A space is the unescaped + of an offset.
	at, err := db.ParseTime(strings.ReplaceAll(text, " ", "+"))
	b.at = at
	return b, err
}

func (b *timeCondition) String() string { return b.operator + b.at.Format(time.RFC3339Nano) }

// notBefore and notAfter return the conditions of a time without an operator in eventDateFrom and in eventDateTo.
func notBefore(t db.Time) *db.DateTimeFilter { return &db.DateTimeFilter{Gte: new(ceilSecond(t))} }
func notAfter(t db.Time) *db.DateTimeFilter  { return &db.DateTimeFilter{Lt: new(nextSecond(t))} }

// ceilSecond rounds a time up to a whole second; nextSecond returns the first whole second after a time.
func ceilSecond(t db.Time) db.Time {
	return db.TimeOf(t.Add(time.Second - time.Nanosecond).Truncate(time.Second))
}
func nextSecond(t db.Time) db.Time { return db.TimeOf(t.Truncate(time.Second).Add(time.Second)) }

// filter returns the condition as a filter of the store. plain converts a time without an operator.
func (b *timeCondition) filter(plain func(db.Time) *db.DateTimeFilter) *db.DateTimeFilter {
	switch {
	case b == nil:
		return nil
	case b.operator == lt:
		return &db.DateTimeFilter{Lt: new(ceilSecond(b.at))}
	case b.operator == gt:
		return &db.DateTimeFilter{Gte: new(nextSecond(b.at))}
	}
	return plain(b.at)
}
