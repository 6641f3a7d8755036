package db

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ReadName parses the text of a field that may name a subscription. Region is the ISO 3166 code of the country of the
// source's national numbers; if it is empty, all numbers are international. The name is empty unless the form is
// NumberForm or CardForm.
//
// A number whose length is possible in its country becomes an E.164 name, which is the same in all systems. Any other
// number becomes a local name of the source with the original text. Digits without a plus are read as a national and as
// an international number: the first valid reading is used, else the first possible one, national before international.
func ReadName(source Source, text, region string) (SubscriptionName, NameForm) {
	return readName(source, text, region, nationalFirst)
}

// ReadMSISDN is ReadName for a field that is declared to hold an MSISDN. An MSISDN includes the country code, with or
// without a plus, so the international reading goes first.
func ReadMSISDN(source Source, text, region string) (SubscriptionName, NameForm) {
	return readName(source, text, region, internationalFirst)
}

// ReadE164 parses a phone number with its country code, with or without a plus, for a lookup. It returns false if the
// number is not possible.
func ReadE164(text string) (SubscriptionName, bool) {
	name, form := ReadName("", text, "")
	if form != NumberForm || !strings.HasPrefix(string(name), "+") {
		return "", false
	}
	return name, true
}

// ReadOwnID parses the text of a field that holds own ids of subscriptions. It returns the text as the own id. If the
// text is a card or a possible phone number with a plus, it returns the subscription name instead. For a text that
// names nothing it returns neither. Digits without a plus are an own id.
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

// CheckRegion returns an error if a region has no numbering plan. The empty region is valid.
func CheckRegion(region string) error {
	if region != "" && !phonenumbers.GetSupportedRegions()[region] {
		return fmt.Errorf("unknown region %q: want an ISO 3166 code of two capital letters, such as GB, or nothing", region)
	}
	return nil
}

// readingOrder is the order of the two readings of digits without a plus.
type readingOrder int

const (
	nationalFirst readingOrder = iota
	internationalFirst
)

// The length and the prefix of SIM card numbers (ITU-T E.118).
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
	// The (0) of +44 (0)20 is dialled only within the country.
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

// withoutScheme returns a text without the tel: scheme (RFC 3966).
func withoutScheme(text string) string {
	if len(text) > 4 && strings.EqualFold(text[:4], "tel:") {
		return text[4:]
	}
	return text
}

func isCard(digits string) bool {
	return len(digits) >= minCardDigits && len(digits) <= maxCardDigits && strings.HasPrefix(digits, cardBeginning)
}

// readNumber returns the E.164 form of a number that has several spellings, each of digits with or without a plus. It
// uses the first valid reading, else the first possible one. It returns false if none is possible.
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
	if len(possible) > 1 { // IsValidNumber is slow
		if i := slices.IndexFunc(possible, phonenumbers.IsValidNumber); i >= 0 {
			chosen = possible[i]
		}
	}
	return SubscriptionName(phonenumbers.Format(chosen, phonenumbers.E164)), true
}

// reading is an input of phonenumbers.Parse. The region is empty for a number with a plus.
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

// isBlank reports whether a character around a text is ignored: spaces and zero-width characters.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// plainText replaces the Unicode spaces, hyphens, digits and full-width characters of a text by ASCII and removes
// zero-width characters.
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
