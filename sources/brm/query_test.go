package brm_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/brm"
)

// described is a document of usages with different descriptions and dates.
const described = `[
	{"id": "a+1", "date": "2020-01-01T12:00:27Z", "description": "Cycle Forward Fees (srvc):Standard GSM Telephony"},
	{"id": "a+2", "date": "2020-01-01T13:00:27.5+01:00", "description": "cycle_forward 100%"},
	{"id": "a+3", "date": "2019-12-31T23:00:00-08:00", "description": "back\\slash"},
	{"id": "a+4", "date": "2021-06-01T00:00:00Z"}]`

// TestIDsWithSpacesAndPluses looks up ids with a space and ids with an unescaped +.
func TestIDsWithSpacesAndPluses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(`[{"id": "a 1", "date": "2020-01-01T12:00:27Z"}, {"id": "a+1", "date": "2020-01-02T12:00:27Z"}, {"id": "b c", "date": "2020-01-01T12:00:27Z"}]`))
		server := newServer(t, store, brm.HandlerSettings{})
		for query, want := range map[string]string{"id=b+c": "b c", "id=b%20c": "b c", "id=a+1": "a 1 a+1", "id=a%2B1": "a+1"} {
			for _, route := range []string{sampleRoute, schemaRoute} {
				found := ids(t, getBody(t, server, route+"?"+query))
				slices.Sort(found)
				if got := strings.Join(found, " "); got != want {
					t.Errorf("%s?%s: got %q, want %q", route, query, got, want)
				}
			}
		}
	})
}

// TestTheSchemaRouteOmitsNulls checks that the schema's route leaves out null members at all depths, except the value
// of a characteristic.
func TestTheSchemaRouteOmitsNulls(t *testing.T) {
	const document = `[{"id": "n", "date": "2020-01-01T12:00:27Z", "usageSpecification": {"id": "s", "href": null}, "oracle": {"a": null, "b": [null, 1, {"c": null}]},
		"usageCharacteristic": [{"name": "to", "value": null, "valueType": null}, {"name": "from", "value": {"value": null, "x": [null]}}],
		"relatedParty": [{"id": "c-1", "role": "customer", "name": null}], "ratedProductUsage": [{"taxExcludedAmount": {"value": 1}, "productRef": {"id": "p", "name": null}, "x": null}]}]`
	const want = `{"id":"n","href":"http://host:port/tmf-api/usageManagement/v4/usage/n","usageDate":"2020-01-01T12:00:27Z","usageSpecification":{"id":"s"},` +
		`"usageCharacteristic":[{"name":"to","value":null},{"name":"from","value":{"value":null,"x":[null]}}],"relatedParty":[{"id":"c-1","role":"customer"}],` +
		`"ratedProductUsage":[{"taxExcludedRatingAmount":{"value":1},"productRef":{"id":"p"}}],"oracle":{"b":[1,{}]}}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		if got := rows(t, getBody(t, newServer(t, store, brm.HandlerSettings{}), schemaRoute))[0]; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestFiltersAndPaging(t *testing.T) {
	tests := []struct{ name, query, want string }{
		{"no parameters", "", "a+1 a+2 a+3 a+4"},
		{"the base type", "@type=Usage", "a+1 a+2 a+3 a+4"},
		{"the page's description", "description=Cycle%20Forward%20Fees%20(srvc):Standard%20GSM%20Telephony", "a+1"},
		{"a description with + for spaces", "description=Cycle+Forward+Fees+(srvc)%3AStandard+GSM+Telephony", "a+1"},
		{"a description is exact", "description=cycle", ""},
		{"an empty description", "description=", ""},
		{"like the page's description", "description.like=Cycle%20Forward%20Fees%20(srvc):Standard%20GSM%20Telephony", "a+1"},
		{"like a part, whatever its case", "description.like=cYcLe", "a+1 a+2"},
		{"like a beginning", "description.like=cycle%25", "a+1 a+2"},
		{"like an end", "description.like=*telephony", "a+1"},
		{"like something between", "description.like=c*forward*e*", "a+1"},
		{"an underscore is not a wildcard", "description.like=cycle_", "a+2"},
		{"a backslash is not an escape", `description.like=back\s`, "a+3"},
		{"a backslash at the end", `description.like=*\`, ""},
		{"a star matches an empty text", "description.like=*", "a+1 a+2 a+3"},
		{"like and equal", "description.like=cycle&description=cycle_forward%20100%25", "a+2"},
		{"an id with its plus", "id=a%2B2", "a+2"},
		{"an id whose plus became a space", "id=a+2", "a+2"},
		{"an unknown id", "id=b", ""},
		{"the page's date", "usageDate=2020-01-01T12:00:27.000Z", "a+1"},
		{"a date with an offset", "usageDate=2020-01-01T04:00:27.5-08:00", "a+2"},
		{"a date whose plus became a space", "usageDate=2020-01-01T13:00:27.5+01:00", "a+2"},
		{"after", "usageDate.gt=2020-01-01T12:00:27.000Z", "a+2 a+4"},
		{"from", "usageDate.gte=2020-01-01T12:00:27.000Z", "a+1 a+2 a+4"},
		{"before", "usageDate.lt=2020-01-01T12:00:27.000Z", "a+3"},
		{"until", "usageDate.lte=2020-01-01T12:00:27.000Z", "a+1 a+3"},
		{"between", "usageDate.gte=2020-01-01T12:00:27Z&usageDate.lt=2021-01-01T00:00:00%2B00:00", "a+1 a+2"},
		{"a date that contradicts another", "usageDate=2020-01-01T12:00:27Z&usageDate.gt=2020-01-01T12:00:27Z", ""},
		{"limit", "limit=2", "a+1 a+2"},
		{"a limit of nothing", "limit=0", ""},
		{"the greatest limit", "limit=1000", "a+1 a+2 a+3 a+4"},
		{"offset", "offset=3", "a+4"},
		{"limit and offset", "limit=2&offset=1", "a+2 a+3"},
		{"an offset past the end", "offset=4", ""},
		{"the greatest offset", "offset=9223372036854775807", ""},
		{"all together", "@type=UsageOracle&description.like=cycle&usageDate.gt=2020-01-01T12:00:27Z&id=a%2B2&fields=description&limit=1&offset=0", "a+2"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(described))
		server := newServer(t, store, brm.HandlerSettings{})
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				for _, route := range []string{sampleRoute, schemaRoute} {
					if got := strings.Join(ids(t, getBody(t, server, route+"?"+tt.query)), " "); got != tt.want {
						t.Errorf("%s: got %q, want %q", route, got, tt.want)
					}
				}
			})
		}
	})
}

func TestFieldsInEitherSpelling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(sampleText(t)))
		server := newServer(t, store, brm.HandlerSettings{})
		for _, tt := range [][2]string{
			{"fields=date,type", "fields=usageDate,usageType"},
			{"fields=type&fields=date", "fields=date,%20usageType,date"},
			{"fields=id,href", "fields=none"},
			{"", "fields=@baseType,@schemaLocation,@type,date,description,type,status,usageSpecification,usageCharacteristic,relatedParty,ratedProductUsage"},
		} {
			for _, route := range []string{sampleRoute, schemaRoute} {
				if diff := cmp.Diff(getBody(t, server, route+"?"+tt[0]), getBody(t, server, route+"?"+tt[1])); diff != "" {
					t.Errorf("%s %q: %s", route, tt, diff)
				}
			}
		}
	})
}

func TestInvalidParametersAreRejectedByName(t *testing.T) {
	const (
		instant  = "want a date and time with its offset, such as 2025-01-31T22:15:00Z"
		fields   = "want first-level fields separated by commas, or none"
		unknown  = "unknown parameter: want one of "
		ofList   = "@type, description, description.like, fields, id, limit, offset, usageDate, usageDate.gt, usageDate.gte, usageDate.lt, usageDate.lte"
		limit    = "limit: want a whole number from 0 to 1000"
		offset   = "offset: want a whole number from 0 to 9223372036854775807"
		utf8     = "text must be UTF-8 without NUL characters"
		like     = "description.like: want a pattern of 1 to 499 bytes"
		twice    = "given more than once"
		malform  = "the query string is malformed: percent signs and semicolons must be escaped"
		wantType = "@type: want Usage or UsageOracle"
	)
	tests := []struct{ query, want string }{
		{"?@type=", wantType}, {"?@type=usage", wantType}, {"?@type=Usage&@type=Usage", "@type: " + twice},
		{"?description=%00", "description: " + utf8}, {"?description=%ff", "description: " + utf8}, {"?description=a&description=b", "description: " + twice},
		{"?description.like=", like}, {"?description.like=" + strings.Repeat("_", 500), like},
		{"?description.like=%00", "description.like: " + utf8}, {"?description.like=a&description.like=b", "description.like: " + twice},
		{"?fields=", "fields: " + fields}, {"?fields=type,", "fields: " + fields}, {"?fields=Type", "fields: " + fields}, {"?fields=none,type", "fields: " + fields},
		{"?fields=type&fields=none", "fields: " + fields}, {"?fields=ratedProductUsage.taxRate", "fields: " + fields}, {"?fields=%00", "fields: " + utf8}, {"?fields=%ff", "fields: " + utf8},
		{"?id=%00", "id: " + utf8}, {"?id=%ff", "id: " + utf8}, {"?id=1&id=2", "id: " + twice},
		{"?limit=", limit}, {"?limit=-1", limit}, {"?limit=1001", limit}, {"?limit=ten", limit}, {"?limit=1.0", limit}, {"?limit=1e1", limit}, {"?limit=+1", limit},
		{"?limit=99999999999999999999", limit}, {"?limit=1&limit=1", "limit: " + twice},
		{"?offset=", offset}, {"?offset=-1", offset}, {"?offset=0x1", offset}, {"?offset=9223372036854775808", offset}, {"?offset=1&offset=1", "offset: " + twice},
		{"?usageDate=2020-01-01T12:00:27.1234567Z", "usageDate: times are kept to the microsecond: at most six decimal places"},
		{"?type=x", "type: " + unknown + ofList}, {"?date=2020-01-01T12:00:27Z", "date: " + unknown + ofList}, {"?status=Rated", "status: " + unknown + ofList},
		{"?usageDate.like=x", "usageDate.like: " + unknown + ofList}, {"?Limit=1", "Limit: " + unknown + ofList}, {"?=1", unknown + ofList},
		{"?%ff%00%22=1", "the names of parameters must be UTF-8 without NUL characters"}, {"?" + strings.Repeat("x", 100) + "=", strings.Repeat("x", 60) + ": " + unknown + ofList},
		{"?limit=1;offset=1", malform}, {"?id=%", malform}, {"?id=%zz", malform},
		{"/a?limit=1", "limit: " + unknown + "@type, fields"}, {"/a?usageDate=2020-01-01T12:00:27Z", "usageDate: " + unknown + "@type, fields"},
		{"/a?fields=x", "fields: " + fields}, {"/a?@type=x", wantType}, {"/%00", "id: " + utf8}, {"/%ff", "id: " + utf8},
		{"/describe?@type=Money", wantType}, {"/describe?fields=id", "fields: " + unknown + "@type"}, {"/describe?@type=%", malform},
	}
	for _, name := range []string{"usageDate", "usageDate.gt", "usageDate.gte", "usageDate.lt", "usageDate.lte"} {
		for _, value := range []string{"", "2020-01-01", "2020-01-01T12:00:27", "2020-13-01T12:00:27Z", "2020-01-01%2012:00:27Z", "0000-01-01T00:00:00+01:00x", "%00", "now"} {
			want := name + ": " + instant
			if value == "%00" {
				want = name + ": " + utf8
			}
			tests = append(tests, struct{ query, want string }{"?" + name + "=" + value, want})
		}
		const at = "2020-01-01T12:00:27Z"
		tests = append(tests, struct{ query, want string }{"?" + name + "=" + at + "&" + name + "=" + at, name + ": " + twice})
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		server := newServer(t, store, brm.HandlerSettings{})
		for _, tt := range tests {
			t.Run(tt.query, func(t *testing.T) {
				for _, route := range []string{sampleRoute, schemaRoute} {
					a := get(t, server, route+tt.query)
					want := `{"code":"28","reason":"Invalid query-string parameter value","message":"` + tt.want + `","status":"400","@type":"Error"}`
					if a.StatusCode != http.StatusBadRequest || a.body != want || a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
						t.Errorf("%s: got %d %s\nwant %s", route, a.StatusCode, a.body, want)
					}
				}
			})
		}
	})
}

// FuzzQuery sends query strings. The self link of a response, which is the parsed query, must return the same response.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{
		"limit=2", "@type=UsageOracle&fields=type,status", "description.like=%25a_*\\&id=a+1", "fields=none&offset=3",
		"usageDate=2020-01-01T13:00:27.5+01:00&usageDate.lt=2021-01-01T00:00:00Z", "usageDate.gte=0001-01-01T00:00:00Z&limit=0",
		"description=';DROP TABLE usage_records;--", "limit=1&limit=2", "id=%zz;", "usageDate.gt=9999-12-31T23:59:59.999999Z",
	} {
		f.Add(query)
	}
	store := dbtest.Open(f, filepath.Join(f.TempDir(), "fuzz.db"))
	importDocument(f, store, strings.NewReader(described))
	handler := newHandler(store, brm.HandlerSettings{})
	f.Fuzz(func(t *testing.T, query string) {
		a := getList(handler, query)
		switch a.Code {
		case http.StatusBadRequest:
			return
		case http.StatusOK:
		default:
			t.Fatalf("%d %s", a.Code, a.Body)
		}
		self, err := url.Parse(link(a.Header(), "self"))
		if err != nil || self.RawQuery == "" {
			t.Fatalf("no self link: %v", a.Header())
		}
		again := getList(handler, self.RawQuery)
		if a.Body.String() != again.Body.String() || a.Header().Get("Link") != again.Header().Get("Link") {
			t.Fatalf("%q is parsed as %q, whose response is\n%v %s\nnot\n%v %s", query, self.RawQuery, again.Header(), again.Body, a.Header(), a.Body)
		}
		if found := ids(t, a.Body.String()); !slices.IsSorted(found) {
			t.Fatalf("out of order: %v", found)
		}
	})
}
