package demo_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"usagegraph/db"
	"usagegraph/demo"
)

// starter is the set that a new database gets. large has more customers than the limit of the mobile customers.
var (
	starter = demo.Set{Customers: 20, Records: 4000}
	large   = demo.Set{Customers: 700, Records: 12_000, Months: 2}
)

// maxSubscriptions is the number of subscriptions of the largest set: three for each of five million customers.
const maxSubscriptions = 15_000_000

// regions holds the default regions of the systems, for numbers without a country code. brm has none.
var regions = map[db.Source]string{db.Elevate: "GB", db.BRM: "ZZ", db.STN: "NL", db.DXP: "PR"}

// e164 parses a phone number of a system and returns it in the form +447700900000. The number must be possible. dxp
// writes digits without a plus: they are a national number or, if that is not possible, a number with a country code.
func e164(t testing.TB, source db.Source, text string) string {
	t.Helper()
	number, err := phonenumbers.Parse(text, regions[source])
	if source == db.DXP && (err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE) {
		number, err = phonenumbers.Parse("+"+text, regions[source])
	}
	if err != nil {
		t.Fatalf("%s: %q: %v", source, text, err)
	}
	if reason := phonenumbers.IsPossibleNumberWithReason(number); reason != phonenumbers.IS_POSSIBLE {
		t.Fatalf("%s: %q is not possible: reason %d", source, text, reason)
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}

// digits returns a phone number without the plus.
func digits(text string) string { return strings.TrimPrefix(text, "+") }

func TestNumbersAreNormalizedInAllSystems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set demo.Set
		// step is 1 to check all numbers, 7 to check every seventh one, because the race detector is slow.
		step int
	}{
		{demo.Set{Customers: 1, Records: 10, Months: 1}, 1}, {small, 1}, {starter, 1}, {large, 3},
		// This set has more subscriptions than the drama ranges have numbers.
		{demo.Set{Customers: 6000, Records: 1, Months: 1}, 7},
	} {
		t.Run(strconv.Itoa(c.set.Customers)+" customers", func(t *testing.T) {
			t.Parallel()
			for _, source := range systems {
				for i, text := range slices.Sorted(maps.Keys(numbersOf(t, c.set, source))) {
					if i%c.step != 0 {
						continue
					}
					// The digits are normalized, so that they join the systems.
					if number := e164(t, source, text); number != "+"+digits(text) {
						t.Errorf("%s: %q is parsed as %s", source, text, number)
					}
				}
			}
		})
	}
}

func TestNumbersArePossible(t *testing.T) {
	t.Parallel()
	check := func(subscription int) {
		want := "+" + demo.Phone(subscription)
		for _, source := range systems {
			text := want
			if source == db.DXP {
				text = digits(text)
			}
			if got := e164(t, source, text); got != want {
				t.Fatalf("subscription %d: %s parses %q as %s", subscription, source, text, got)
			}
		}
		// Numbers beyond the drama ranges must not be assignable.
		if number, _ := phonenumbers.Parse(want, "ZZ"); subscription >= 17_000 && phonenumbers.IsValidNumber(number) {
			t.Fatalf("subscription %d: %s is valid", subscription, want)
		}
	}
	for subscription := range 200 {
		check(subscription)
	}
	for subscription := 200; subscription < 20_000; subscription += 89 {
		check(subscription)
	}
	for subscription := 20_000; subscription < maxSubscriptions; subscription += 149_993 {
		check(subscription)
	}
	check(maxSubscriptions - 1)
	check(99_999_999)
}

func TestNumbersAreUnique(t *testing.T) {
	t.Parallel()
	const first = 440_000_000_000
	seen := make([]uint64, (450_000_000_000-first)/64)
	var b []byte
	for subscription := range 3_000_000 {
		b = demo.AppendPhone(b[:0], subscription)
		number := 0
		for _, d := range b {
			number = 10*number + int(d-'0')
		}
		if len(b) != 12 || number < first || number >= first+len(seen)*64 {
			t.Fatalf("subscription %d: number %s", subscription, b)
		}
		word, bit := (number-first)/64, uint64(1)<<(number%64)
		if seen[word]&bit != 0 {
			t.Fatalf("subscription %d: number %s is used already", subscription, b)
		}
		seen[word] |= bit
	}
}

// TestNumbersStayTheSame checks numbers, because examples and documents quote some.
func TestNumbersStayTheSame(t *testing.T) {
	t.Parallel()
	for subscription, want := range map[int]string{
		0: "447700900000", 1: "447700900617", 59: "447700900403", 999: "447700900383", 1000: "441632960000", 16_999: "442920180383",
		17_000: "444057783000", maxSubscriptions - 1: "444023196601",
	} {
		if got := demo.Phone(subscription); got != want {
			t.Errorf("subscription %d: number %s, want %s", subscription, got, want)
		}
	}
}
