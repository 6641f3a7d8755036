package db_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"usagegraph/db"
)

var (
	countryNumbers = flag.Int("countries.numbers", 400, "the number of random numbers whose countries are compared")
	countrySeed    = flag.Uint64("countries.seed", 1, "the seed of the random numbers")
)

func TestCountry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, region, want string }{
		{"E.164", "+442079460124", "NL", "GB"},
		{"an island with the calling code of another country", "+441534456789", "GB", "JE"},
		{"two countries with one calling code", "+358181234567", "", "AX"},
		{"the number of another country", "+3319900123", "GB", "-"},
		{"the international prefix", "0033123456789", "GB", "FR"},
		{"a national number", "02079460124", "GB", "GB"},
		{"a national number without a region", "02079460124", "", "-"},
		{"digits with the calling code", "33123456789", "GB", "FR"},
		{"digits that are valid in the region and abroad", "2125550123", "US", "US"},
		{"spaces and the trunk prefix", "+44 (0)20 7946 0124", "NL", "GB"},
		{"the tel scheme", "tel:+1-787-555-0123", "", "PR"},
		{"a freephone number", "+448081570123", "", "GB"},
		{"a number that no country with its calling code has", "+15550001234", "US", "-"},
		{"the international freephone service", "+80012345678", "GB", "-"},
		{"an international network", "+882121234567", "GB", "-"},
		{"a satellite network", "+881612345678", "GB", "-"},
		{"an unused calling code", "+999123456789", "GB", "-"},
		{"a short code", "60999", "GB", "-"},
		{"an extension", "8201", "GB", "-"},
		{"an emergency number", "999", "GB", "-"},
		{"one digit repeated", "0000000000", "GB", "-"},
		{"a masked number", "+4420****0124", "GB", "-"},
		{"a SIM card", "8944110000000000001", "GB", "-"},
		{"an access point", "internet", "GB", "-"},
		{"a placeholder", "anonymous", "GB", "-"},
		{"nothing", "", "GB", "-"},
		{"a plus", "+", "GB", "-"},
		{"digits of any length", strings.Repeat("12", 500), "GB", "-"},
	} {
		reader := db.NewNameReader(db.Elevate, tt.region)
		for range 2 { // the second time it is cached
			if got := optional(reader.Country(&tt.text)); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		}
	}
	if db.NewNameReader(db.Elevate, "GB").Country(nil) != nil {
		t.Error("no destination has a country")
	}
}

// TestCountryOfPrefix reads random numbers, and others that differ in the last digits, with a cache and compares their
// countries with those of the whole numbers.
func TestCountryOfPrefix(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(*countrySeed, 0))
	digit := func() byte { return byte('0' + random.IntN(10)) }
	regions := slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions()))
	readers := map[string]*db.NameReader{}
	for _, region := range []string{"", "GB", "NL", "US", "FI", "AU", "IT", "BR"} {
		readers[region] = db.NewNameReader(db.Elevate, region)
	}
	countries := map[string]bool{}
	for range *countryNumbers {
		text := []byte(spelledNumber(random, regions))
		for range random.IntN(4) {
			if i := random.IntN(len(text)); text[i] != '+' {
				text[i] = digit()
			}
		}
		text = slices.Concat(text, []byte{digit()})[:len(text)-1+random.IntN(3)]
		for region, reader := range readers {
			for range 2 {
				got, want := reader.Country(new(string(text))), countryOf(string(text), region)
				if optional(got) != want {
					t.Fatalf("-countries.seed %d: %s in %q: %s, want %s", *countrySeed, text, region, optional(got), want)
				}
				countries[want] = true
				for i := max(1, len(text)-1-random.IntN(4)); i < len(text); i++ {
					text[i] = digit()
				}
			}
		}
	}
	if len(countries) < min(*countryNumbers/20, 200) {
		t.Errorf("only %d countries", len(countries))
	}
}

// spelledNumber returns a random example number of a random region: in E.164 form, without the plus, with 00, or as a
// national number.
func spelledNumber(random *rand.Rand, regions []string) string {
	for {
		number := phonenumbers.GetExampleNumberForType(regions[random.IntN(len(regions))], phonenumbers.PhoneNumberType(random.IntN(11)))
		if number == nil {
			continue
		}
		text := phonenumbers.Format(number, phonenumbers.E164)
		return []string{text, text[1:], "00" + text[1:], phonenumbers.NormalizeDigitsOnly(phonenumbers.Format(number, phonenumbers.NATIONAL))}[random.IntN(4)]
	}
}

// countryOf returns the country that the library gives to a number, "-" for none.
func countryOf(text, region string) string {
	name, _ := db.ReadName(db.Elevate, text, region)
	number, err := phonenumbers.Parse(string(name), "")
	if country := phonenumbers.GetRegionCodeForNumber(number); err == nil && strings.HasPrefix(string(name), "+") && country != "" && country != "001" {
		return country
	}
	return "-"
}

func BenchmarkCountry(b *testing.B) {
	for name, digits := range map[string]int{"new": 1_000_000, "cached": 10_000} {
		b.Run(name, func(b *testing.B) {
			texts := make([]string, 100_000)
			for i := range texts {
				texts[i] = fmt.Sprintf("+4420%08d", (i*7919)%digits*(10_000_000/digits))
			}
			reader := db.NewNameReader(db.Elevate, "GB")
			for i := 0; b.Loop(); i++ {
				reader.Country(&texts[i%len(texts)])
			}
		})
	}
}
