package elevate_test

import (
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// checkFound imports records and compares the ids that each query returns.
func checkFound(t *testing.T, store *db.Store, records string, queries map[string]string) {
	t.Helper()
	h := serve(t, store, strings.NewReader(records))
	for query, want := range queries {
		var ids []string
		for _, r := range elements(t, get(t, h, "page=1&pageSize=10&fields=id&sort=id&"+query)) {
			ids = append(ids, strings.Trim(string(r), `{}"id:`))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// TestTimesAreComparedByWholeSeconds requests two consecutive months with inclusive bounds: each record is in exactly
// one of them, although the endpoint writes no fractions.
func TestTimesAreComparedByWholeSeconds(t *testing.T) {
	t.Parallel()
	const records = `[{"id": 1, "customerId": 17, "eventDate": "2025-01-31T23:59:59.999999Z"}, {"id": 2, "customerId": 17, "eventDate": "2025-02-01T00:00:00Z"},
		{"id": 3, "customerId": 17, "eventDate": "2025-02-01T00:00:00.5Z"}]`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		checkFound(t, store, records, map[string]string{
			"eventDateFrom=2025-01-01T00:00:00Z&eventDateTo=2025-01-31T23:59:59Z": "1",
			"eventDateFrom=2025-02-01T00:00:00Z&eventDateTo=2025-02-28T23:59:59Z": "2 3",
			"eventDateFrom=2025-01-31T23:59:59Z&eventDateTo=2025-01-31T23:59:59Z": "1",
			"eventDateFrom=gt:2025-01-31T23:59:59Z":                               "2 3",
			"eventDateFrom=gt:2025-02-01T00:00:00Z":                               "",
			"eventDateTo=lt:2025-02-01T00:00:00Z":                                 "1",
			"eventDateTo=lt:2025-02-01T00:00:01Z":                                 "1 2 3",
			"eventDateFrom=2025-01-31T23:59:59.5Z":                                "2 3",
			"eventDateTo=2025-02-01T00:00:00.1Z":                                  "1 2 3",
		})
	})
}

// TestAnUnescapedPlusIsRestored filters by phone numbers whose + arrives as a space.
func TestAnUnescapedPlusIsRestored(t *testing.T) {
	t.Parallel()
	const records = `[{"id": 1, "customerId": 31, "serviceId": "+442079460123", "eventDate": "2025-03-10T09:00:00Z", "destination": "+442079460199"},
		{"id": 2, "customerId": 31, "serviceId": "C 1", "eventDate": "2025-03-10T09:00:00Z", "destination": "off peak"}]`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		checkFound(t, store, records, map[string]string{
			"serviceId=+442079460123":                    "1",
			"serviceId=%2B442079460123":                  "1",
			"serviceId=in:+442079460123,+442079460199":   "1",
			"serviceId=in:x,%2B442079460123":             "1",
			"serviceId=like:+4420":                       "1",
			"destination=+442079460199":                  "1",
			"destination=off+peak":                       "2",
			"serviceId=C+1":                              "2",
			"serviceId=in:+442079460123&customerId=31":   "1",
			"destination=like:off+peak&serviceId=in:C+1": "2",
		})
	})
}
