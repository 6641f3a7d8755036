package stn_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"usagegraph/db/dbtest"
	"usagegraph/sources/rest"
	"usagegraph/sources/stn"
)

// FuzzQuery sends query strings. None may cause an internal error. A valid one, written by String and parsed again,
// must be the same query with the same response.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{"", "skip=0&take=50", "phoneNumber=06-12345678&orderByDesc=yearMonth", "orderBy=a,-yearMonth", "IDIn=a,b&idLike=%25",
		"include=Total,COUNT(*),sum(+usageHomeData)+as+x&fields=id", "yearMonthStartsWith=2025_&isGroupSimIsNull=false", "usageHomeDataBetween=1,2e3",
		"fields=DISTINCT+phoneNumber,usageHomeData&orderBy=-usageHomeData&format=csv", `ids=["a,b","c""d"]&idIsNull&maxUsageHomeData=5&usageHomeData>=1&<>id=x`,
		"include=COUNT,count+n,SUM(DISTINCT+usageHomeData)+as+x"} {
		f.Add(query)
	}
	h := serve(f, dbtest.Open(f, filepath.Join(f.TempDir(), "test.db")), moreRecords...)
	f.Fuzz(func(t *testing.T, query string) {
		first := request(h, http.MethodGet, query)
		q, err := parse(query)
		if err != nil {
			if first.Code != http.StatusBadRequest {
				t.Errorf("%v: status %d", err, first.Code)
			}
			return
		}
		reparsed, err := parse(q.String())
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if q.String() != reparsed.String() {
			t.Errorf("%s is parsed as %s", q, reparsed)
		}
		second := request(h, http.MethodGet, q.String())
		if first.Code != http.StatusOK || first.Body.String() != second.Body.String() {
			t.Errorf("%s: %d %s\n%s: %d %s", query, first.Code, first.Body, q, second.Code, second.Body)
		}
	})
}

func parse(query string) (*stn.Query, error) {
	r := httptest.NewRequest(http.MethodGet, stn.Pattern, nil)
	r.URL.RawQuery = query
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return nil, err
	}
	return stn.ParseQuery(parameters, stn.HandlerSettings{})
}
