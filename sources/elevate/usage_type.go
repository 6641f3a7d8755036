package elevate

import (
	"strings"
	"unicode"

	"usagegraph/db"
	"usagegraph/ingest"
)

// How a call class tells the usage type: by how one of its words begins.
var (
	pictureWords = []string{"mms", "picture"}
	textWords    = []string{"sms", "text"}
	cycleWords   = []string{"recurring", "rental", "subscription"}
)

// usageType is the mapping that the package's comment writes down.
func (r *Record) usageType() db.UsageType {
	words := wordsOf(r.CallClass)
	switch {
	case begins(words, pictureWords):
		return db.MMS
	case begins(words, textWords):
		return db.SMS
	case positive(r.DataQuantity):
		return db.Data
	case positive(r.DurationQuantity):
		return db.Voice
	case begins(words, cycleWords):
		return db.Recurring
	case positive(r.OneOffQuantity):
		return db.OneOff
	}
	return db.Other
}

func positive(n *ingest.Number) bool { return n != nil && n.Decimal().IsPos() }

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
