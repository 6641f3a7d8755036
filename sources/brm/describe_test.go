package brm_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/brm"
)

// TestTheJSONSchemaMatchesTheResponse compares the members in the JSON Schema with those of a response, in order.
func TestTheJSONSchemaMatchesTheResponse(t *testing.T) {
	const full = `[{"@baseType": "Usage", "@schemaLocation": "https://example.org/s", "@type": "Usage", "id": "1", "date": "2021-01-01T00:00:00Z", "description": "x", "type": "x", "status": "Rated",
		"usageSpecification": {"id": "1"}, "usageCharacteristic": [{"name": "a", "value": 1}], "relatedParty": [{"id": "c", "role": "customer"}],
		"ratedProductUsage": [{"@baseType": "Rated", "@schemaLocation": "https://example.org/s", "@type": "Rated", "ratingDate": "2021-01-01T00:00:00Z", "usageRatingTag": "t", "isBilled": true,
			"ratingAmountType": "x", "taxExcludedAmount": {"unit": "EUR", "value": 1}, "taxIncludedAmount": {"unit": "EUR", "value": 1}, "taxRate": 1, "isTaxExempt": false,
			"offerTariffType": "x", "bucketValueConvertedInAmount": {"unit": "EUR", "value": 1}, "productRef": {"id": "p"}}]}]`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(full))
		server := newServer(t, store, brm.HandlerSettings{})
		for route, amount := range map[string]string{sampleRoute: "taxExcludedAmount", schemaRoute: "taxExcludedRatingAmount"} {
			types := at(t, getBody(t, server, route+"/describe"), "/$defs")
			usage := getBody(t, server, route+"/1")
			price := at(t, usage, "/ratedProductUsage/0")
			for name, answered := range map[string]jsontext.Value{"UsageMembers": jsontext.Value(usage), "RatedProductUsage": price} {
				described := at(t, string(types), "/"+name+"/properties")
				if diff := cmp.Diff(keys(t, described), keys(t, answered)); diff != "" {
					t.Errorf("%s of %s (-described +response):\n%s", name, route, diff)
				}
			}
			if got := string(at(t, string(price), "/"+amount)); got != `{"unit":"EUR","value":1}` {
				t.Errorf("%s: %s", amount, got)
			}
		}
	})
}

// at returns the value at a JSON pointer.
func at(t *testing.T, text string, pointer string) jsontext.Value {
	t.Helper()
	v := jsontext.Value(text)
	for token := range jsontext.Pointer(pointer).Tokens() {
		if v.Kind() == '[' {
			var list []jsontext.Value
			if err := json.Unmarshal(v, &list); err != nil {
				t.Fatal(err)
			}
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(list) {
				t.Fatalf("%s: no element %s of %d", pointer, token, len(list))
			}
			v = list[i]
			continue
		}
		var members map[string]jsontext.Value
		if err := json.Unmarshal(v, &members); err != nil {
			t.Fatal(err)
		}
		v = members[token]
	}
	return v
}

// keys returns the names of an object's members, in order.
func keys(t *testing.T, object jsontext.Value) []string {
	t.Helper()
	from := jsontext.NewDecoder(bytes.NewReader(object))
	var names []string
	if _, err := from.ReadToken(); err != nil {
		t.Fatal(err)
	}
	for from.PeekKind() == '"' {
		name, err := from.ReadToken()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.String())
		if err := from.SkipValue(); err != nil {
			t.Fatal(err)
		}
	}
	return names
}
