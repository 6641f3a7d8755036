package stn

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// operator compares a field with the values of a condition.
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

// conventionWords holds the operators of AutoQuery's implicit conventions by the word before or after the name of a
// field.
var conventionWords = map[string]operator{
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

// prefixSigns and suffixSigns hold the operators by the sign before or after the name of a field. A query string is cut
// at the first =, so that usageHomeData>=5 has the name usageHomeData>.
var (
	prefixSigns = map[string]operator{">": greaterThanOrEqualTo, "<": lessThan, "<>": notEqualTo}
	suffixSigns = map[string]operator{">": greaterThan, "<": lessThanOrEqualTo, "!": notEqualTo}
)

// convention is the parsed name of a filter parameter: a field, and a word or sign before or after it.
type convention struct {
	field *field
	// plural reports whether the name has the plural of the field.
	plural   bool
	operator operator
	// before and after hold the word or sign. At most one is not empty.
	before, after string
}

// name returns the name of the parameter in its canonical spelling.
func (c convention) name() string {
	name := c.field.name
	if c.plural {
		name += plural
	}
	if _, word := conventionWords[c.before]; word {
		name = strings.ToUpper(name[:1]) + name[1:]
	}
	return c.before + name + c.after
}

// plural is the ending of the name of a field that is compared with a list.
const plural = "s"

// parseConvention parses the name of a parameter. The name of a field is case-insensitive. A word after it must have
// its exact case; after a word before it, the field must begin with a capital.
func parseConvention(name string) (convention, bool) {
	if c, ok := conventionFor(equalTo, name); ok {
		return c, true
	}
	if c, ok := conventionFor(in, name); ok {
		return c, true
	}
	for _, after := range []map[string]operator{suffixSigns, conventionWords} {
		for word, o := range after {
			if part, found := strings.CutSuffix(name, word); found {
				if c, ok := conventionFor(o, part); ok {
					c.after = word
					return c, true
				}
			}
		}
	}
	for sign, o := range prefixSigns {
		if part, found := strings.CutPrefix(name, sign); found {
			if c, ok := conventionFor(o, part); ok {
				c.before = sign
				return c, true
			}
		}
	}
	for word, o := range conventionWords {
		if len(name) > len(word) && strings.EqualFold(name[:len(word)], word) && startsWithUpper(name[len(word):]) {
			if c, ok := conventionFor(o, name[len(word):]); ok {
				c.before = word
				return c, true
			}
		}
	}
	return convention{}, false
}

// conventionFor returns the convention of an operator and the rest of a name: a field or, for an operator with a list,
// its plural.
func conventionFor(o operator, part string) (c convention, ok bool) {
	c = convention{field: fieldNamed(part), operator: o}
	if one, cut := strings.CutSuffix(lowerASCII(part), plural); c.field == nil && cut && c.takesList() {
		c.field, c.plural = fields[one], true
	}
	return c, c.field != nil
}

// looksLikeFilter reports whether a name that is not a convention looks like one: it has a sign, or a field with an
// unknown word. A field as short as id must be separate from the other letters, as in custmerId but not in valid.
func looksLikeFilter(name string) bool {
	if strings.ContainsAny(name, "<>!") {
		return true
	}
	lower := lowerASCII(name)
	for key := range fields {
		long := len(key) > len("id")
		if rest, found := strings.CutPrefix(lower, key); found && (long || isConventionWord(rest) || !startsWithLower(name[len(key):])) {
			return true
		}
		if rest, found := strings.CutSuffix(lower, key); found && (long || isConventionWord(rest) || startsWithUpper(name[len(rest):]) || !endsWithLetter(rest)) {
			return true
		}
	}
	return false
}

// isConventionWord reports whether a text is a word of the conventions in any case, or the plural's s and such a word.
func isConventionWord(text string) bool {
	for word := range conventionWords {
		if strings.EqualFold(word, text) || strings.EqualFold(plural+word, text) {
			return true
		}
	}
	return false
}

func startsWithUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func startsWithLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func endsWithLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r)
}
