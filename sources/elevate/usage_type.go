package elevate

import (
	"strings"
	"unicode"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// Prefixes of the words of a call class, by the usage type that they indicate.
var (
	mmsPrefixes       = []string{"mms", "picture"}
	smsPrefixes       = []string{"sms", "text"}
	recurringPrefixes = []string{"recurring", "rental", "subscription"}
)

// usageType returns the usage type of a record, by the table in the package comment.
func (r *Record) usageType() db.UsageType {
	return usageTypeOf(r.CallClass, r.DataQuantity.Decimal(), r.DurationQuantity.Decimal(), r.OneOffQuantity.Decimal())
}

// usageTypeOf returns the usage type of a call class and the three quantities; nil is a missing one.
func usageTypeOf(class *string, data, duration, oneOff *decimal.Decimal) db.UsageType {
	words := wordsOf(class)
	switch {
	case hasPrefix(words, mmsPrefixes):
		return db.MMS
	case hasPrefix(words, smsPrefixes):
		return db.SMS
	case isNonZero(data):
		return db.Data
	case isNonZero(duration):
		return db.Voice
	case hasPrefix(words, recurringPrefixes):
		return db.Recurring
	case isNonZero(oneOff):
		return db.OneOff
	}
	return onlyQuantity(data != nil, duration != nil, oneOff != nil)
}

func isNonZero(d *decimal.Decimal) bool { return d != nil && !d.IsZero() }

// onlyQuantity returns the usage type of the only given quantity; Other where none or several are given.
func onlyQuantity(data, duration, oneOff bool) db.UsageType {
	switch {
	case data && !duration && !oneOff:
		return db.Data
	case duration && !data && !oneOff:
		return db.Voice
	case oneOff && !data && !duration:
		return db.OneOff
	}
	return db.Other
}

// wordsOf splits a call class into words in lower case: IntlSMS, Intl SMS and intl-sms are the words intl and sms.
func wordsOf(class *string) []string {
	if class == nil {
		return nil
	}
	var b strings.Builder
	last := ' '
	for _, c := range *class {
		if unicode.IsUpper(c) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
		last = c
	}
	return strings.FieldsFunc(b.String(), func(c rune) bool { return !unicode.IsLetter(c) })
}

// hasPrefix reports whether one of the words begins with one of the prefixes.
func hasPrefix(words, prefixes []string) bool {
	for _, word := range words {
		for _, prefix := range prefixes {
			if strings.HasPrefix(word, prefix) {
				return true
			}
		}
	}
	return false
}
