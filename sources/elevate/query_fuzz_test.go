package elevate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/rest"
)

// FuzzQuery parses query strings. Each either is a Problem (400), or is written by values as an equal query that the
// store can answer.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"page=1&pageSize=100", "page=2147483647&pageSize=1000&sort=id,customerId:desc&fields=id,eventDate", "page=0&pageSize=%zz",
		"page=1&pageSize=1&customerId=0&siteId=-1&billRunId=+1&excludeZeroValueRecords=true",
		"page=1&pageSize=1&productReference=in:x,y&serviceId=like:a_b%25%5C&destination='--%5C",
		"page=1&pageSize=1&eventDateFrom=gt:2019-08-24T14:15:22+01:00&eventDateTo=0001-01-01T00:00:00.000001Z",
		"page=1&pageSize=1&sort=sellPrice:desc,isdn,profit&sort=productReference&other=%ff",
	} {
		f.Add(seed)
	}
	store := dbtest.Open(f, filepath.Join(f.TempDir(), "test.db"))
	read := func(text string) (*query, error) {
		values, err := rest.ParseQuery(&http.Request{URL: &url.URL{RawQuery: text}})
		if err != nil {
			return nil, err
		}
		return parse(values, HandlerSettings{})
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := read(text)
		if problem := new(rest.Problem); errors.As(err, &problem) && problem.Status == http.StatusBadRequest {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		printed := q.values(q.page).Encode()
		reparsed, err := read(printed)
		if err != nil || !reflect.DeepEqual(q, reparsed) {
			t.Errorf("%q is written as %q, which is a different query: %v", text, printed, err)
		}
		if _, err := store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.NoParent, q.usageRecords()); err != nil {
			t.Errorf("%q: the store returned %v", text, err)
		}
	})
}
