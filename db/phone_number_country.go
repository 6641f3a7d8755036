package db

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// countryKey identifies the numbers of one country: their first characters and their length.
type countryKey struct {
	prefix string
	length int
}

const (
	// minCountryPrefix is the minimum length of a prefix that is followed by other digits, maxCountryRest the maximum
	// number of these digits. Some countries with one calling code, such as Finland and the Aland Islands, differ in the
	// sixth digit after it.
	minCountryPrefix = 9
	maxCountryRest   = 4
)

// Country returns the ISO 3166 code of the country of a dialled number, with the region of the reader for national
// numbers. It returns nil for a text that is no possible phone number with a country code, such as a short code, and for
// a number that the library gives to no country, such as one of an international network.
func (r *NameReader) Country(text *string) *string {
	if text == nil {
		return nil
	}
	digits := strings.TrimPrefix(*text, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || strings.Trim(digits, digits[:1]) == "" || len(*text) > maxCachedText {
		return countryOf(r.source, *text, r.region)
	}
	n := len(*text)
	key := countryKey{(*text)[:min(n, max(minCountryPrefix, n-maxCountryRest))], n}
	r.mu.RLock()
	known, ok := r.countries[key]
	r.mu.RUnlock()
	if ok {
		return known
	}
	country := countryOf(r.source, *text, r.region)
	key.prefix = strings.Clone(key.prefix)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.countries) >= maxCachedNames {
		clear(r.countries)
	}
	r.countries[key] = country
	return country
}

// countryOf is NameReader.Country without the cache.
func countryOf(source Source, text, region string) *string {
	name, form := ReadName(source, text, region)
	if form != NumberForm || !strings.HasPrefix(string(name), "+") {
		return nil
	}
	number, err := phonenumbers.Parse(string(name), "")
	if err != nil {
		return nil
	}
	country := phonenumbers.GetRegionCodeForNumber(number)
	if country == "" || country == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		return nil
	}
	return &country
}
