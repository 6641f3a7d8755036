package db

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ReadName reads a text of a document that may name a line. Region is the ISO 3166 code of the country whose national
// numbers the source writes; with an empty one all numbers are international. The name is empty unless the word is
// NumberWord or CardWord.
//
// A number joins systems where its length is possible in its country; any other number is a local name of the source,
// as written. Digits without a plus have a national and an international reading: the first that is valid is taken, then
// the first that is possible, national before international.
func ReadName(source Source, text, region string) (SubscriptionName, NameForm) {
	return readName(source, text, region, nationalFirst)
}

// ReadMSISDN is ReadName for a field whose name says that it holds an MSISDN: the country code is part of it, with or
// without a plus, so that the international reading goes before the national one.
func ReadMSISDN(source Source, text, region string) (SubscriptionName, NameForm) {
	return readName(source, text, region, internationalFirst)
}

// ReadE164 reads a phone number with its country code, with or without a plus, for a look-up. It returns false for a
// text that is no possible number.
func ReadE164(text string) (SubscriptionName, bool) {
	name, form := ReadName("", text, "")
	if form != NumberForm || !strings.HasPrefix(string(name), "+") {
		return "", false
	}
	return name, true
}

// ReadOwnID reads a text of a field that holds a system's own ids of lines. It returns the text as the own id, unless the
// text is a possible phone number with a plus or a card, whose name it returns, or names nothing. Digits without a plus
// are an own id there.
func ReadOwnID(text string) (ownID string, name SubscriptionName) {
	name, form := ReadName("", text, "")
	switch {
	case form == CardForm, form == NumberForm && strings.HasPrefix(string(name), "+") && strings.Contains(plainText(text), "+"):
		return "", name
	case form == NoForm:
		return "", ""
	}
	return text, ""
}

// CheckRegion returns an error for a region that has no numbering plan. An empty one is none.
func CheckRegion(region string) error {
	if region != "" && !phonenumbers.GetSupportedRegions()[region] {
		return fmt.Errorf("unknown region %q: want an ISO 3166 code of two capital letters, such as GB, or nothing", region)
	}
	return nil
}

// readingOrder is the order of the readings of digits without a plus.
type readingOrder int

const (
	nationalFirst readingOrder = iota
	internationalFirst
)

// Cards have these lengths and this beginning (ITU-T E.118).
const (
	minCardDigits = 18
	maxCardDigits = 22
	cardBeginning = "89"
)

func readName(source Source, text, region string, order readingOrder) (SubscriptionName, NameForm) {
	text = strings.TrimFunc(text, isBlank)
	plain := plainText(text)
	if isPlaceholder(plain) || isMasked(plain) {
		return "", NoForm
	}
	plain = withoutScheme(plain)
	// The "(0)" of "+44 (0)20" is dialled within the country alone.
	compact := strings.ReplaceAll(plain, " ", "")
	before, after, trunk := strings.Cut(compact, "(0)")
	number := separators.Replace(compact)
	digits, international := strings.CutPrefix(number, "+")
	switch {
	case digits == "" || strings.Trim(digits, "0123456789") != "":
		return "", OtherForm
	case strings.Trim(digits, digits[:1]) == "" || !international && emergencyNumbers[digits]:
		return "", NoForm
	case !international && isCard(digits):
		return SubscriptionName(cardPrefix + digits), CardForm
	}
	spellings := []string{number}
	if before = separators.Replace(before); trunk && before != "" && before != "+" {
		spellings = append(spellings, before+separators.Replace(after))
	}
	if name, possible := readNumber(spellings, region, order); possible {
		return name, NumberForm
	}
	return LocalName(source, text), NumberForm
}

// withoutScheme returns a text without the scheme of a phone number's URI (RFC 3966), where it has one.
func withoutScheme(text string) string {
	if len(text) > 4 && strings.EqualFold(text[:4], "tel:") {
		return text[4:]
	}
	return text
}

func isCard(digits string) bool {
	return len(digits) >= minCardDigits && len(digits) <= maxCardDigits && strings.HasPrefix(digits, cardBeginning)
}

// readNumber returns the E.164 form of the first spelling and reading that is valid, else of the first that is
// possible. A spelling is digits, or a plus and digits. It returns false where none is possible.
func readNumber(spellings []string, region string, order readingOrder) (SubscriptionName, bool) {
	var possible []*phonenumbers.PhoneNumber
	for _, spelling := range spellings {
		for _, r := range readings(spelling, region, order) {
			number, err := phonenumbers.Parse(r.text, r.region)
			if err == nil && phonenumbers.IsPossibleNumberWithReason(number) == phonenumbers.IS_POSSIBLE {
				possible = append(possible, number)
			}
		}
	}
	if len(possible) == 0 {
		return "", false
	}
	chosen := possible[0]
	if len(possible) > 1 { // validity is slow to find out
		if i := slices.IndexFunc(possible, phonenumbers.IsValidNumber); i >= 0 {
			chosen = possible[i]
		}
	}
	return SubscriptionName(phonenumbers.Format(chosen, phonenumbers.E164)), true
}

// reading is a text as the library takes it; the region is empty for a text with a plus.
type reading struct{ text, region string }

func readings(number, region string, order readingOrder) []reading {
	if strings.HasPrefix(number, "+") {
		return []reading{{number, ""}}
	}
	if rest, prefixed := strings.CutPrefix(number, "00"); prefixed {
		return []reading{{"+" + rest, ""}}
	}
	national, international := reading{number, region}, reading{"+" + number, ""}
	switch {
	case region == "":
		return []reading{international}
	case order == internationalFirst:
		return []reading{international, national}
	}
	return []reading{national, international}
}

// isBlank tells what may stand around a text and is no part of it: spaces and characters without a width.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// plainText returns a text with the spaces, hyphens, digits and wide forms of Unicode as those of ASCII, and without
// the characters that have no width.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > ' ' && r < unicode.MaxASCII:
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Pd, r), r == '\u2212': // the minus sign
			return '-'
		case r >= '\uFF01' && r <= '\uFF5E': // wide ASCII
			return r - '\uFF01' + '!'
		case unicode.IsDigit(r):
			return rune(phonenumbers.NormalizeDigitsOnly(string(r))[0])
		}
		return r
	}, text)
}
