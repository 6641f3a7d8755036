package brm_test

import (
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

// wholeUsage is a usage in which every member of the page's sample and schema has a value.
const wholeUsage = `[{"@baseType": "Usage", "@schemaLocation": "https://example.org/usage.json", "@type": "UsageOracle", "id": "U1",
	"href": "http://host:port/brm/usageManagement/version/usage/U1", "date": "2020-08-14T12:00:00+05:30", "description": "a fee", "type": "EventBilling", "status": "Rated",
	"usageSpecification": {"id": "S1", "name": "n", "href": "h"}, "usageCharacteristic": [{"name": "a", "value": {"b": 1}}, {"name": "c", "value": "d"}],
	"relatedParty": [{"id": "C1", "name": "N", "role": "customer", "@referredType": "Customer"}],
	"ratedProductUsage": [
		{"@baseType": "B", "@schemaLocation": "L", "@type": "T", "ratingDate": "2020-08-14T12:00:01+05:30", "usageRatingTag": "Rate 1", "isBilled": true,
			"ratingAmountType": "Total", "taxExcludedAmount": {"unit": "EUR", "value": 1.5}, "taxIncludedAmount": {"unit": "EUR", "value": 1.75}, "taxRate": 21.5,
			"isTaxExempt": false, "offerTariffType": "O", "bucketValueConvertedInAmount": {"unit": "EUR", "value": 2.5}, "productRef": {"id": "P1", "name": "N", "href": "h"}},
		{"@baseType": "B2", "@schemaLocation": "L2", "@type": "T2", "ratingDate": "2020-08-14T12:00:02+05:30", "usageRatingTag": "Rate 2", "isBilled": false,
			"ratingAmountType": "Part", "taxExcludedAmount": {"unit": "MIN", "value": 3}, "taxIncludedAmount": {"unit": "MIN", "value": 4}, "taxRate": 0,
			"isTaxExempt": true, "offerTariffType": "O2", "bucketValueConvertedInAmount": {"unit": "MIN", "value": 5}, "productRef": {"id": "P2", "name": "N2", "href": "h2"}}]}]`

// TestUnknownMembersComeBack requests a usage from the list and alone, on both routes. The schema's route has other
// names of members.
func TestUnknownMembersComeBack(t *testing.T) {
	t.Parallel()
	document := sourcetest.WithUnknownMembers(t, wholeUsage)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		for _, settings := range []brm.HandlerSettings{{}, {NullsOmitted: true}} {
			server := newServer(t, store, settings)
			for _, route := range []string{sampleRoute, schemaRoute} {
				for _, query := range []string{"", "?@type=UsageOracle"} {
					list, one := getBody(t, server, route+query), getBody(t, server, route+"/U1"+query)
					sourcetest.CheckUnknownMembers(t, document, list)
					sourcetest.CheckEqualJSON(t, list, "["+one+"]")
					if route == sampleRoute && !settings.NullsOmitted {
						sourcetest.CheckEqualJSON(t, document, list)
					}
				}
			}
		}
	})
}
