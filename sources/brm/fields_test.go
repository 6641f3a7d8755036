package brm_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

// decodePrice decodes a record with one price, and returns the price.
func decodePrice(t testing.TB, text string) *db.RatedUsage {
	t.Helper()
	return decode(t, `{"ratedProductUsage": [`+text+`]}`).Usage.Prices[0]
}

func TestOffsetsOfTimes(t *testing.T) {
	u := decode(t, `{"date": "2020-08-14T00:00:00.25+05:30", "ratedProductUsage": [{"ratingDate": "2020-08-14T12:00:00Z"}, {}]}`).Usage
	if got := u.EventTime.Format("2006-01-02T15:04:05.999999Z"); got != "2020-08-13T18:30:00.25Z" || u.UTCOffsetMinutes != 330 {
		t.Errorf("got %s and %d", got, u.UTCOffsetMinutes)
	}
	if p := u.Prices[0]; p.RatedAt.Hour() != 12 || *p.UTCOffsetMinutes != 0 {
		t.Errorf("rated at %v", p.RatedAt)
	}
	if p := u.Prices[1]; p.RatedAt != nil || p.UTCOffsetMinutes != nil {
		t.Errorf("without a rating date, got %v", p.RatedAt)
	}
}

// TestTimesRoundTrip imports a usage for each time, which is also the rating date of its price.
func TestTimesRoundTrip(t *testing.T) {
	tests := []struct {
		text, utc string
		truncated bool
	}{
		{"2025-05-13T17:12:46Z", "2025-05-13T17:12:46Z", false},
		{"2025-05-13T17:12:46+07:00", "2025-05-13T10:12:46Z", false},
		{"2025-05-13T17:12:46.000+0700", "2025-05-13T10:12:46Z", false},
		{"2025-05-13T17:12:46+0000", "2025-05-13T17:12:46Z", false},
		{"2025-05-13T17:12:46-00:00", "2025-05-13T17:12:46Z", false},
		{"2025-05-13T17:12:46.123456000Z", "2025-05-13T17:12:46.123456Z", false},
		{"2025-05-13T17:12:46.123456789Z", "2025-05-13T17:12:46.123456Z", true},
		{"2025-05-13T17:12:46.9999999-0330", "2025-05-13T20:42:46.999999Z", true},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(t)}, Reject: func(r ingest.Reject) { t.Error(r) }}
		server := newServer(t, store, brm.HandlerSettings{})
		for i, tt := range tests {
			id := strconv.Itoa(i)
			report, err := importer.Import(t.Context(), db.BRM, "test.json", strings.NewReader(`{"id": "`+id+`", "date": "`+tt.text+`", "ratedProductUsage": [{"ratingDate": "`+tt.text+`"}]}`))
			if err != nil || report.Truncated == 1 != tt.truncated {
				t.Errorf("%s: %s, %v", tt.text, report, err)
			}
			for _, query := range []string{"", "?@type=Usage"} {
				usage := getBody(t, server, sampleRoute+"/"+id+query)
				if date, rated := string(at(t, usage, "/date")), string(at(t, usage, "/ratedProductUsage/0/ratingDate")); date != `"`+tt.text+`"` || rated != date {
					t.Errorf("%s: got %s, rating date %s", tt.text, date, rated)
				}
			}
			if found := getBody(t, server, sampleRoute+"?fields=none&usageDate="+url.QueryEscape(tt.utc)+"&id="+id); !strings.Contains(found, `"`+id+`"`) {
				t.Errorf("%s is not found at %s: %s", tt.text, tt.utc, found)
			}
		}
	})
}

func TestAmounts(t *testing.T) {
	tests := []struct{ name, price, excluded, included, currency, extension string }{
		{"both amounts", `{"taxExcludedAmount": {"unit": "USD", "value": 20.0}, "taxIncludedAmount": {"unit": "USD", "value": 21.50}}`, "20.0", "21.50", "USD", ``},
		{"one amount", `{"taxIncludedAmount": {"unit": "EUR", "value": 1e3}}`, "", "1000", "EUR", ``},
		{"one unit applies to both amounts", `{"taxExcludedAmount": {"value": 0.1234567890123456789}, "taxIncludedAmount": {"unit": "EUR", "value": 2}}`, "0.1234567890123456789", "2", "EUR", `{"taxExcludedAmount":{"value":0.1234567890123456789}}`},
		{"no unit at all", `{"taxExcludedAmount": {"value": 10}}`, "10", "", "", ``},
		{"a unit in small letters", `{"taxExcludedAmount": {"unit": "usd", "value": 1.0}, "taxIncludedAmount": {"unit": "USD", "value": 2}}`, "1.0", "2", "USD",
			`{"taxExcludedAmount":{"unit":"usd","value":1.0}}`},
		{"a unit that is not a currency", `{"taxExcludedAmount": {"unit": "MIN", "value": 300}, "taxIncludedAmount": {"unit": "MIN", "value": 300}}`, "", "", "",
			`{"taxExcludedAmount":{"unit":"MIN","value":300},"taxIncludedAmount":{"unit":"MIN","value":300}}`},
		{"a unit that is not a currency and one that is", `{"taxExcludedAmount": {"unit": "MIN", "value": 300}, "taxIncludedAmount": {"unit": "USD", "value": 2}}`, "", "2", "USD",
			`{"taxExcludedAmount":{"unit":"MIN","value":300}}`},
		{"an empty amount is none", `{"taxExcludedAmount": {}}`, "", "", "", ``},
		{"a unit without a value", `{"taxIncludedAmount": {"unit": "EUR", "value": null}}`, "", "", "EUR", `{"taxIncludedAmount":{"unit":"EUR"}}`},
		{"types and unknown members of money are stored", `{"zone": 1, "taxExcludedAmount": {"@type": "Money", "unit": "USD", "value": 1, "@baseType": null, "x": {"y": null}}, "@type": "Rated"}`, "1", "", "USD",
			`{"@type":"Rated","taxExcludedAmount":{"@type":"Money","x":{"y":null}},"zone":1}`},
		{"a name of another level is unknown here", `{"unit": "x", "taxExcludedAmount": {"taxExcludedAmount": 1}}`, "", "", "", `{"taxExcludedAmount":{"taxExcludedAmount":1},"unit":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := decodePrice(t, tt.price)
			excluded, included := "", ""
			if p.TaxExcludedAmount != nil {
				excluded = p.TaxExcludedAmount.String()
			}
			if p.TaxIncludedAmount != nil {
				included = p.TaxIncludedAmount.String()
			}
			if excluded != tt.excluded || included != tt.included || str(p.Currency) != tt.currency || string(p.Extension) != tt.extension {
				t.Errorf("got %q %q %q %s", excluded, included, str(p.Currency), p.Extension)
			}
		})
	}
}

func TestMembersWithoutAColumnAreStoredInOrder(t *testing.T) {
	r := sourcetest.Decode(t, source(t), []byte(`{"zeta": {"b": 1.0}, "id": "1", "@type": "UsageOracle", "date": "2020-08-14T00:00:00Z",
		"unit": null, "taxExcludedAmount": [], "@schemaLocation": "https://x/y", "@baseType": "Usage", "href": "http://gone"}`))
	want := `{"@baseType":"Usage","@type":"UsageOracle","@schemaLocation":"https://x/y","zeta":{"b":1.0},"unit":null,"taxExcludedAmount":[]}`
	if got := string(r.Usage.Extension); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOpenPartsAreStoredAsTheyCame(t *testing.T) {
	u := decode(t, `{"usageSpecification": {"id": "S1", "version": 2}, "usageCharacteristic": [{"value": {"b": 1.0, "a": 2}, "name": "n"}, {}],
		"relatedParty": [], "ratedProductUsage": [{"productRef": {"id": "P1", "@type": "x"}, "bucketValueConvertedInAmount": {"value": 1.50}}]}`).Usage
	for _, tt := range []struct{ what, got, want string }{
		{"specification", string(u.SpecificationJSON), `{"id":"S1","version":2}`},
		{"characteristics", string(u.CharacteristicsJSON), `[{"value":{"b":1.0,"a":2},"name":"n"},{}]`},
		{"parties", string(u.RelatedPartiesJSON), ``},
		{"product", string(u.Prices[0].ProductJSON), `{"id":"P1","@type":"x"}`},
		{"bucket value", string(u.Prices[0].BucketValueConvertedJSON), `{"value":1.50}`},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.what, tt.got, tt.want)
		}
	}
}

func TestInvalidRecordsAreRejectedByField(t *testing.T) {
	const instant = "want a date and time with its offset, such as 2025-01-31T22:15:00Z"
	tests := []struct{ name, patch, want string }{
		{"no id", `{"id": null}`, "id: missing"},
		{"an empty id", `{"id": ""}`, "id: missing"},
		{"an id that is a number", `{"id": 1}`, "id: want a string, not this number"},
		{"no date", `{"date": null}`, "date: missing"},
		{"a date without an offset", `{"date": "2020-08-14T00:00:00"}`, "date: " + instant},
		{"a date without an offset in the schema's spelling", `{"date": null, "usageDate": "2020-08-14"}`, "usageDate: " + instant},
		{"two dates", `{"usageDate": "2020-08-14T00:00:01-07:00"}`, "usageDate: differs from date"},
		{"two types", `{"usageType": "EventOther"}`, "usageType: differs from type"},
		{"a status of another word", `{"status": "paid"}`, "status: want received, rejected, recycled, guided, rated, rerated or billed"},
		{"a specification that is a list", `{"usageSpecification": []}`, "usageSpecification: want an object, not an array"},
		{"a specification with a number for a name", `{"usageSpecification": {"name": 1}}`, "usageSpecification.name: want a string, not this number"},
		{"characteristics that are an object", `{"usageCharacteristic": {}}`, "usageCharacteristic: want an array"},
		{"a characteristic that is text", `{"usageCharacteristic": ["x"]}`, "usageCharacteristic[0]: want an object, not a string"},
		{"a characteristic with a number for a name", `{"usageCharacteristic": [{}, {"name": 1}]}`, "usageCharacteristic[1].name: want a string, not this number"},
		{"a party with a number for an id", `{"relatedParty": [{"id": 1}]}`, "relatedParty[0].id: want a string, not this number"},
		{"prices that are an object", `{"ratedProductUsage": {}}`, "ratedProductUsage: want an array, not an object"},
		{"a price that is null", `{"ratedProductUsage": [null]}`, "ratedProductUsage[0]: want an object, not null"},
		{"a rating date that is text", `{"ratedProductUsage": [{}, {"ratingDate": "soon"}]}`, "ratedProductUsage[1].ratingDate: " + instant},
		{"a value that is text", `{"ratedProductUsage": [{"taxExcludedAmount": {"value": "1"}}]}`, "ratedProductUsage[0].taxExcludedAmount.value: want a number, not a string"},
		{"two currencies", `{"ratedProductUsage": [{"taxExcludedAmount": {"unit": "USD"}, "taxIncludedAmount": {"unit": "EUR"}}]}`,
			"ratedProductUsage[0].taxIncludedAmount.unit: want the currency of the amount without tax"},
		{"two currencies in the schema's spelling", `{"ratedProductUsage": [{"taxExcludedRatingAmount": {"unit": "USD"}, "taxIncludedRatingAmount": {"unit": "EUR"}}]}`,
			"ratedProductUsage[0].taxIncludedRatingAmount.unit: want the currency of the amount without tax"},
		{"two amounts without tax", `{"ratedProductUsage": [{"taxExcludedAmount": {"value": 1}, "taxExcludedRatingAmount": {"value": 2}}]}`,
			"ratedProductUsage[0].taxExcludedRatingAmount: differs from taxExcludedAmount"},
		{"a product that is text", `{"ratedProductUsage": [{"productRef": "P1"}]}`, "ratedProductUsage[0].productRef: want an object, not a string"},
		{"a bucket value of twenty digits", `{"ratedProductUsage": [{"bucketValueConvertedInAmount": {"value": 12345678901234567891}}]}`,
			"ratedProductUsage[0].bucketValueConvertedInAmount.value: a decimal has at most 19 significant digits and 19 decimal places"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := source(t).Decode(sample(t, tt.patch)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) { sourcetest.Fuzz(f, source(f), brm.Samples) }
