package lawtest_test

import (
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"usagegraph/db"
)

// regions are the regions of national numbers in the notation of the library, which has ZZ for none.
var regions = map[db.Source]string{db.Elevate: elevateRegion, db.BRM: "ZZ", db.STN: stnRegion, db.DXP: stnRegion}

// plain removes the parts of a text that do not belong to the number.
var plain = strings.NewReplacer("tel:", "", "(0)", "", "\u00a0", " ", "\u2011", "-")

// read returns the E.164 digits of a text as parsed by the library: the national reading, unless only the international
// one is valid. It is empty for a text that is no possible number.
func read(written, region string) string {
	written = plain.Replace(written)
	found := ""
	for _, attempt := range []string{written, "+" + written} {
		n, err := phonenumbers.Parse(attempt, region)
		if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
			continue
		}
		digits := strings.TrimPrefix(phonenumbers.Format(n, phonenumbers.E164), "+")
		if phonenumbers.IsValidNumber(n) {
			return digits
		}
		if found == "" {
			found = digits
		}
	}
	return found
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	for digits, of := range spellings {
		for source, list := range of {
			for _, written := range list {
				if got := read(written, regions[source]); got != digits {
					t.Errorf("%s %q is read as %q, want %q", source, written, got, digits)
				}
			}
		}
	}
	for source, list := range locals {
		for _, written := range list {
			if got := read(written, regions[source]); got != "" {
				t.Errorf("%s %q is the possible number %q", source, written, got)
			}
		}
	}
}
