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

// starter is the set that a new database holds, large one with customers that stn does not have.
var (
	starter = demo.Set{Customers: 20, Records: 4000}
	large   = demo.Set{Customers: 700, Records: 12_000, Months: 2}
)

// maxLines is how many lines the largest set has: three for each of five million customers.
const maxLines = 15_000_000

// regions are the systems' regions by default, for numbers without a country code. brm has none.
var regions = map[db.Source]string{db.Elevate: "GB", db.BRM: "ZZ", db.STN: "NL", db.DXP: "PR"}

// e164 reads a number as a system writes it, and returns it as +447700900000. It must be a possible one. Digits without a
// plus, as in dxp, are read as a national number first, and as E.164 where that is not possible.
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

// digits returns a number without the plus.
func digits(text string) string { return strings.TrimPrefix(text, "+") }

func TestNumbersOfEverySystemArePossibleAndJoin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set demo.Set
		// step is 1 where all numbers are read, 7 where every seventh one is: the race detector makes reading slow.
		step int
	}{
		{demo.Set{Customers: 1, Records: 10, Months: 1}, 1}, {small, 1}, {starter, 1}, {large, 3},
		// More lines than the drama ranges have numbers.
		{demo.Set{Customers: 6000, Records: 1, Months: 1}, 7},
	} {
		t.Run(strconv.Itoa(c.set.Customers)+" customers", func(t *testing.T) {
			t.Parallel()
			for _, source := range sources {
				for i, text := range slices.Sorted(maps.Keys(lines(t, c.set, source))) {
					if i%c.step != 0 {
						continue
					}
					// So one number is one text in a system, and the systems meet on its digits.
					if number := e164(t, source, text); number != "+"+digits(text) {
						t.Errorf("%s: %q is read as %s", source, text, number)
					}
				}
			}
		})
	}
}

func TestEveryLineHasAPossibleNumber(t *testing.T) {
	t.Parallel()
	check := func(line int) {
		want := "+" + demo.Phone(line)
		for _, source := range sources {
			text := want
			if source == db.DXP {
				text = digits(text)
			}
			if got := e164(t, source, text); got != want {
				t.Fatalf("line %d: %s reads %q as %s", line, source, text, got)
			}
		}
		// Numbers beyond the drama ranges can be nobody's.
		if number, _ := phonenumbers.Parse(want, "ZZ"); line >= 17_000 && phonenumbers.IsValidNumber(number) {
			t.Fatalf("line %d: %s is valid", line, want)
		}
	}
	for line := range 200 {
		check(line)
	}
	for line := 200; line < 20_000; line += 89 {
		check(line)
	}
	for line := 20_000; line < maxLines; line += 149_993 {
		check(line)
	}
	check(maxLines - 1)
	check(99_999_999)
}

func TestNoTwoLinesShareANumber(t *testing.T) {
	t.Parallel()
	const first = 440_000_000_000
	seen := make([]uint64, (450_000_000_000-first)/64)
	var b []byte
	for line := range 3_000_000 {
		b = demo.AppendPhone(b[:0], line)
		number := 0
		for _, d := range b {
			number = 10*number + int(d-'0')
		}
		if len(b) != 12 || number < first || number >= first+len(seen)*64 {
			t.Fatalf("line %d has the number %s", line, b)
		}
		word, bit := (number-first)/64, uint64(1)<<(number%64)
		if seen[word]&bit != 0 {
			t.Fatalf("%s is the number of line %d and of one before", b, line)
		}
		seen[word] |= bit
	}
}

// The numbers of small sets never change: examples and documents quote them.
func TestSmallSetsHaveDramaNumbers(t *testing.T) {
	t.Parallel()
	for line, want := range map[int]string{
		0: "447700900000", 1: "447700900617", 59: "447700900403", 999: "447700900383", 1000: "441632960000", 16_999: "442920180383",
		17_000: "444057783000", maxLines - 1: "444023196601",
	} {
		if got := demo.Phone(line); got != want {
			t.Errorf("line %d has %s, want %s", line, got, want)
		}
	}
}
