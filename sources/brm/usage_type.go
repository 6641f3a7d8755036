package brm

import (
	"strings"
	"unicode"

	"usagegraph/db"
)

// eventClasses holds the usage types by words of the event class. The first match applies. A final space matches the
// end of a word.
var eventClasses = []struct {
	words string
	usage db.UsageType
}{
	{" product fee cycle ", db.Recurring},
	{" product fee purchase ", db.OneOff},
	{" product fee cancel ", db.OneOff},
	{" sms", db.SMS},
	{" mms", db.MMS},
	{" gprs", db.Data},
	{" data", db.Data},
	{" telco gsm", db.Voice},
	{" telephony", db.Voice},
	{" voice", db.Voice},
}

// usageType returns the usage type of an event class, by the table in the package comment.
func usageType(class *string) db.UsageType {
	if class == nil {
		return db.Other
	}
	words := wordsOf(*class)
	for _, c := range eventClasses {
		if strings.Contains(words, c.words) {
			return c.usage
		}
	}
	return db.Other
}

// wordsOf returns the words of a name such as EventSessionTelcoGsm, EventSMSDelivery or /event/session/telco/gsm in
// lower case, each with a single space before and after it.
func wordsOf(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, c := range runes {
		switch {
		case !unicode.IsLetter(c):
			b.WriteByte(' ')
			continue
		case i == 0 || !unicode.IsUpper(c):
		case unicode.IsLower(runes[i-1]), i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return " " + strings.Join(strings.Fields(b.String()), " ") + " "
}
