package elevate_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gocmp "github.com/google/go-cmp/cmp"

	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

func TestGoldenResponses(t *testing.T) {
	tests := []struct{ name, query string }{
		{"every-record", "page=1&pageSize=1000"},
		{"the-second-page", "page=2&pageSize=2"},
		{"nothing", "page=1&pageSize=10&customerId=99"},
		{"some-fields", "page=1&pageSize=10&fields=loadedDate,id,sellPrice,productReference,eventDate&sort=eventDate:desc,id"},
		{"all-parameters", "page=1&pageSize=3&sort=customerId,id:desc&fields=id,customerId&customerId=1001&siteId=7&billRunId=301&productReference=in:501,x" +
			"&serviceId=like:%2B4477&destination=%2B442079460001&eventDateFrom=2025-03-01T10:00:00Z&eventDateTo=lt:2025-03-02T00:00:00Z&excludeZeroValueRecords=true"},
	}
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		for _, tt := range tests {
			body := get(t, h, tt.query).Clone()
			if err := body.Indent(jsontext.WithIndent("  ")); err != nil {
				t.Fatal(err)
			}
			body = append(body, '\n')
			golden := filepath.Join("testdata", "answers", tt.name+".json")
			if flag.Lookup("update").Value.String() == "true" {
				if err := os.WriteFile(golden, body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(string(want), string(body)); diff != "" {
				t.Errorf("%s (-want +got, rewrite with -update):\n%s", golden, diff)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	const largest = "9223372036854775807"
	tests := []struct{ query, want string }{
		{"customerId=1001", "9 " + largest},
		{"customerId=0", "100"},
		{"customerId=1", ""},
		{"siteId=7", "9 10"},
		{"siteId=-3", "100"},
		{"billRunId=301", "9 100"},
		{"siteId=7&billRunId=301", "9"},
		{"productReference=501", "9"},
		{"productReference=ABC", ""},
		{"productReference=7", ""},
		{"productReference=in:501,Abc,abc", "9 11"},
		{"productReference=like:ABC", "11"},
		{"productReference=like:%255%25", "9"},
		{"productReference=like:0%25", "100"},
		{"productReference=like:_0_", "9 100"},
		{"productReference=1%20", largest},
		{"serviceId=%2B447700900001", "9"},
		{"serviceId=like:7700", "9"},
		{"serviceId=a,b", "100"},
		{"serviceId=in:a,b", ""},
		{"serviceId=in:in:x", largest},
		{"serviceId=like:%25", "9 10 100 11 " + largest},
		{"destination=internet", "10"},
		{"destination=like:INTERNET", "10 11"},
		{"destination=like:inter%25", "10 11"},
		{"destination=like:inter_", "10 11"},
		{"destination=like:%25inter_", ""},
		{"destination=like:off_peak", "100 " + largest},
		{"destination=like:%25off_peak", largest},
		{`destination=like:off_peak\`, "100"},
		{`destination=like:%25\`, "100"},
		{`destination=like:\`, "100"},
		{`destination=like:\_`, ""},
		{"destination=like:'%20OR%201=1--", ""},
		{"eventDateFrom=2025-03-01T10:30:00Z", "10 100 " + largest},
		{"eventDateFrom=gt:2025-03-01T10:30:00Z", "100 " + largest},
		{"eventDateFrom=lt:2025-03-01T10:00:00Z", "2"},
		{"eventDateTo=2025-03-01T10:00:00Z", "9 2 11"},
		{"eventDateTo=lt:2025-03-01T10:00:00Z", "2"},
		{"eventDateTo=gt:2025-03-01T10:30:00Z", "100 " + largest},
		{"eventDateFrom=lt:2025-03-02T00:00:00Z&eventDateTo=lt:2025-03-01T10:00:00Z", "2"},
		{"eventDateFrom=2025-03-01T10:00:00Z&eventDateTo=2025-03-01T10:30:00Z", "9 10 11"},
		{"eventDateFrom=2025-03-01T11:30:00%2B01:00&eventDateTo=2025-03-01T11:30:00%2B01:00", "10"},
		{"eventDateFrom=2025-03-01T11:30:00+01:00&eventDateTo=2025-03-01T11:30:00.000+01:00", "10"},
		{"eventDateFrom=2025-03-01T08:30:00-02:00&eventDateTo=gt:2025-03-01T08:30:00-02:00", "100 " + largest},
		{"excludeZeroValueRecords=true", "9 100 " + largest},
		{"excludeZeroValueRecords=false", "9 10 100 2 11 " + largest},
		{"sort=id", "2 9 10 11 100 " + largest},
		{"sort=id:desc", largest + " 100 11 10 9 2"},
		{"sort=customerId,id:desc", "100 11 10 " + largest + " 9 2"},
		{"sort=customerId:desc,%20id", "9 " + largest + " 10 11 100 2"},
		{"sort=sellPrice", largest + " 10 9 100 2 11"},
		{"sort=sellPrice:desc", "100 9 10 " + largest + " 11 2"},
		{"sort=eventDate&sort=id:desc", "2 11 9 10 100 " + largest},
		{"sort=siteId,billRunId:desc,productReference", "100 " + largest + " 11 10 9 2"},
	}
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		for _, tt := range tests {
			var ids []string
			for _, r := range elements(t, get(t, h, "page=1&pageSize=100&fields=id&"+tt.query)) {
				ids = append(ids, strings.Trim(string(r), `{}"id:`))
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.query, got, tt.want)
			}
		}
	})
}

func TestEachFieldCanBeSelectedAndSortedBy(t *testing.T) {
	sample := sourcetest.Records(t, source(t), elevate.Samples)["customer-usage-data.json"][0]
	names := keys(t, sample)
	if len(names) != 31 {
		t.Fatalf("the sample has %d fields", len(names))
	}
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		var all []map[string]jsontext.Value
		if err := json.Unmarshal(get(t, h, "page=1&pageSize=100"), &all); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			chosen := elements(t, get(t, h, "page=1&pageSize=100&fields="+name))
			for i, r := range chosen {
				if want := `{"` + name + `":` + string(all[i][name]) + `}`; string(r) != want {
					t.Errorf("%s: got %s, want %s", name, r, want)
				}
			}
			for direction, sign := range map[string]int{"": 1, ":desc": -1} {
				sorted := elements(t, get(t, h, "page=1&pageSize=100&fields="+name+"&sort="+name+direction))
				if len(sorted) != len(all) || !slices.IsSortedFunc(sorted, compareBy(name, sign)) {
					t.Errorf("sort=%s%s: %s", name, direction, sorted)
				}
			}
		}
		reversed := slices.Clone(names)
		slices.Reverse(reversed)
		for _, r := range elements(t, get(t, h, "page=1&pageSize=100&fields="+strings.Join(reversed, ","))) {
			if diff := gocmp.Diff(names, keys(t, r)); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// keys returns the names of the members of an object, in order.
func keys(t *testing.T, object jsontext.Value) []string {
	t.Helper()
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	var names []string
	for {
		token, err := dec.ReadToken()
		switch {
		case err != nil:
			t.Fatal(err)
		case token.Kind() == '}':
			return names
		case token.Kind() == '"':
			names = append(names, token.String())
			if err := dec.SkipValue(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// compareBy returns a comparison of records by one field. null is last in both directions; a product reference is text.
func compareBy(name string, sign int) func(a, b jsontext.Value) int {
	value := func(r jsontext.Value) string {
		return strings.TrimSuffix(strings.TrimPrefix(string(r), `{"`+name+`":`), "}")
	}
	return func(a, b jsontext.Value) int {
		x, y := value(a), value(b)
		switch {
		case x == "null" || y == "null":
			return map[bool]int{true: 1}[x == "null"] - map[bool]int{true: 1}[y == "null"]
		case name == "productReference":
			return sign * cmp.Compare(strings.Trim(x, `"`), strings.Trim(y, `"`))
		}
		p, numeric := new(big.Rat).SetString(x)
		q, _ := new(big.Rat).SetString(y)
		if numeric {
			return sign * p.Cmp(q)
		}
		return sign * cmp.Compare(x, y)
	}
}

func TestALongListIsAccepted(t *testing.T) {
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		var list []string
		for i := range 40_000 {
			list = append(list, fmt.Sprint(i))
		}
		if got := elements(t, get(t, h, "page=1&pageSize=10&productReference="+url.QueryEscape("in:"+strings.Join(list, ",")))); len(got) != 1 {
			t.Errorf("got %s", got)
		}
		get(t, h, "page=1&pageSize=10&destination=like:"+strings.Repeat("x", 898))
	})
}
