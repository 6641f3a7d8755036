package elevate_test

import (
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

// TestUnknownMembersComeBack imports the sample, which has all fields of the page, with further members.
func TestUnknownMembersComeBack(t *testing.T) {
	t.Parallel()
	sample, err := elevate.Samples.ReadFile("sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	document := sourcetest.WithUnknownMembers(t, string(sample))
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, strings.NewReader(document))
		for _, query := range []string{"page=1&pageSize=10", "page=1&pageSize=1000&sort=sellPrice:desc"} {
			answer := string(get(t, h, query))
			sourcetest.CheckUnknownMembers(t, document, answer)
			sourcetest.CheckEqualJSON(t, document, answer)
		}
	})
}
