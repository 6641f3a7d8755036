package stn

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// operator is how a condition compares a field with its values.
type operator int

const (
	equalTo operator = iota
	greaterThan
	greaterThanOrEqualTo
	lessThan
	lessThanOrEqualTo
	notEqualTo
	in
	between
	like
	startsWith
	endsWith
	contains
	isNull
	isNotNull
)

// words are AutoQuery's implicit conventions: the words that stand before or after a field.
var words = map[string]operator{
	"Above": greaterThan, "Begin": greaterThan, "Beyond": greaterThan, "Over": greaterThan, "OlderThan": greaterThan,
	"After": greaterThan, "GreaterThan": greaterThan,

	"OnOrAfter": greaterThanOrEqualTo, "From": greaterThanOrEqualTo, "Since": greaterThanOrEqualTo, "Start": greaterThanOrEqualTo,
	"Higher": greaterThanOrEqualTo, "Min": greaterThanOrEqualTo, "Minimum": greaterThanOrEqualTo,
	"GreaterThanOrEqualTo": greaterThanOrEqualTo, "GreaterThanOrEqual": greaterThanOrEqualTo,

	"Behind": lessThan, "Below": lessThan, "Under": lessThan, "Lower": lessThan, "Before": lessThan, "YoungerThan": lessThan,
	"LessThan": lessThan,

	"OnOrBefore": lessThanOrEqualTo, "End": lessThanOrEqualTo, "Stop": lessThanOrEqualTo, "To": lessThanOrEqualTo,
	"Until": lessThanOrEqualTo, "Max": lessThanOrEqualTo, "Maximum": lessThanOrEqualTo,
	"LessThanOrEqualTo": lessThanOrEqualTo, "LessThanOrEqual": lessThanOrEqualTo,

	"NotEqualTo": notEqualTo, "In": in, "Ids": in, "Between": between,
	"Like": like, "StartsWith": startsWith, "EndsWith": endsWith, "Contains": contains,
	"IsNull": isNull, "IsNotNull": isNotNull,
}

// signsBefore and signsAfter are the conventions that are no words. A query string cuts a parameter at its first =, so
// that usageHomeData>=5 has the name usageHomeData>.
var (
	signsBefore = map[string]operator{">": greaterThanOrEqualTo, "<": lessThan, "<>": notEqualTo}
	signsAfter  = map[string]operator{">": greaterThan, "<": lessThanOrEqualTo, "!": notEqualTo}
)

// convention is what a parameter's name says: a field, and a word before or after it.
type convention struct {
	field *field
	// plural tells that the name has the field's plural.
	plural   bool
	operator operator
	// before and after are the word as words and signs spell it: one is empty, and both are for the field alone.
	before, after string
}

// name is the parameter's name in one spelling.
func (c convention) name() string {
	name := c.field.name
	if c.plural {
		name += plural
	}
	if _, word := words[c.before]; word {
		name = strings.ToUpper(name[:1]) + name[1:]
	}
	return c.before + name + c.after
}

// plural is the ending of a field that is compared with a list.
const plural = "s"

// conventionOf reads a parameter's name. A field is read in any case. A word after it is told from the field's letters by
// its own case, one before it by the field's capital.
func conventionOf(name string) (convention, bool) {
	if c, ok := comparedBy(equalTo, name); ok {
		return c, true
	}
	if c, ok := comparedBy(in, name); ok {
		return c, true
	}
	for _, after := range []map[string]operator{signsAfter, words} {
		for word, o := range after {
			if part, found := strings.CutSuffix(name, word); found {
				if c, ok := comparedBy(o, part); ok {
					c.after = word
					return c, true
				}
			}
		}
	}
	for sign, o := range signsBefore {
		if part, found := strings.CutPrefix(name, sign); found {
			if c, ok := comparedBy(o, part); ok {
				c.before = sign
				return c, true
			}
		}
	}
	for word, o := range words {
		if len(name) > len(word) && strings.EqualFold(name[:len(word)], word) && startsWithCapital(name[len(word):]) {
			if c, ok := comparedBy(o, name[len(word):]); ok {
				c.before = word
				return c, true
			}
		}
	}
	return convention{}, false
}

// comparedBy reads what is left of a name without its word: a field, or its plural where lists are compared.
func comparedBy(o operator, part string) (c convention, ok bool) {
	c = convention{field: fieldNamed(part), operator: o}
	if one, cut := strings.CutSuffix(small(part), plural); c.field == nil && cut && c.lists() {
		c.field, c.plural = fields[one], true
	}
	return c, c.field != nil
}

// meansFilter tells whether a name that is no convention looks like one: a comparison, or a field with another word. Where
// the field is as short as id, its letters must stand apart from those before or after them, as in custmerId but not in
// valid.
func meansFilter(name string) bool {
	if strings.ContainsAny(name, "<>!") {
		return true
	}
	lower := small(name)
	for key := range fields {
		long := len(key) > len("id")
		if rest, found := strings.CutPrefix(lower, key); found && (long || isWord(rest) || !startsWithSmall(name[len(key):])) {
			return true
		}
		if rest, found := strings.CutSuffix(lower, key); found && (long || isWord(rest) || startsWithCapital(name[len(rest):]) || !endsWithLetter(rest)) {
			return true
		}
	}
	return false
}

// isWord tells whether a text is one of the words, or one after the plural's s, in any case.
func isWord(text string) bool {
	for word := range words {
		if strings.EqualFold(word, text) || strings.EqualFold(plural+word, text) {
			return true
		}
	}
	return false
}

func startsWithCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func startsWithSmall(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func endsWithLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r)
}
