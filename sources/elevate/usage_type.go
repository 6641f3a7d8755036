package elevate

import (
	"strings"
	"unicode"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// How a call class tells the usage type: by how one of its words begins.
var (
	pictureWords = []string{"mms", "picture"}
	textWords    = []string{"sms", "text"}
	cycleWords   = []string{"recurring", "rental", "subscription"}
)

// usageType returns the usage type by the mapping in the comment of the package.
func (r *Record) usageType() db.UsageType {
	return usageTypeOf(r.CallClass, r.DataQuantity.Decimal(), r.DurationQuantity.Decimal(), r.OneOffQuantity.Decimal())
}

// usageTypeOf returns the usage type of a call class and three quantities, of which nil is not given.
func usageTypeOf(class *string, data, duration, oneOff *decimal.Decimal) db.UsageType {
	words := wordsOf(class)
	switch {
	case begins(words, pictureWords):
		return db.MMS
	case begins(words, textWords):
		return db.SMS
	case notZero(data):
		return db.Data
	case notZero(duration):
		return db.Voice
	case begins(words, cycleWords):
		return db.Recurring
	case notZero(oneOff):
		return db.OneOff
	}
	return onlyQuantity(data != nil, duration != nil, oneOff != nil)
}

func notZero(d *decimal.Decimal) bool { return d != nil && !d.IsZero() }

// onlyQuantity returns the usage type of the one quantity that a record gives, even if it is 0.
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

// wordsOf cuts a call class into its words, in small letters: IntlSMS, Intl SMS and intl-sms are the same two.
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

func begins(words, prefixes []string) bool {
	for _, word := range words {
		for _, prefix := range prefixes {
			if strings.HasPrefix(word, prefix) {
				return true
			}
		}
	}
	return false
}
