package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestOneRecordMovesManyReports imports a call of another customer in the middle of a holding, which takes most of the
// reports of the holding, and a correction that returns them.
func TestOneRecordMovesManyReports(t *testing.T) {
	t.Parallel()
	const day, every = 24 * time.Hour, 365 * 24 * time.Hour / manyReports
	// within returns the number of reports in a period of days that starts at a day of the year.
	within := func(from, days int) int {
		before := func(d int) int { return int((time.Duration(d)*day + every - 1) / every) }
		return before(from+days) - before(from)
	}
	var reports strings.Builder
	for i := range manyReports {
		at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * every)
		fmt.Fprintf(&reports, `{"description":"Usage Consumption Report for MSISDN %s","effectiveDate":%q,"bucket":[{"id":"1","usageType":"Data"}]}`+"\n", digits, at.Format(time.RFC3339))
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		callAt(1, 17, phone, "2025-01-01T00:00:00Z")(t, store)
		callAt(2, 17, phone, "2026-01-01T00:00:00Z")(t, store)
		measure := func(name string, s step, want []string) {
			t.Helper()
			start := time.Now()
			s(t, store)
			took := time.Since(start)
			t.Logf("%s: %s", name, took.Round(time.Millisecond))
			if took > time.Minute {
				t.Errorf("%s took %s", name, took)
			}
			for _, table := range []string{"consumption_reports", "buckets"} {
				got := queryRows(t, url, `SELECT COALESCE(c.source_id, 'unattributed'), COUNT(*)
					FROM `+table+` t LEFT JOIN customers c ON c.customer_id = t.customer_id GROUP BY c.source_id ORDER BY c.source_id`)
				if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
					t.Errorf("%s, %s: %s", name, table, diff)
				}
			}
		}
		// The windows of 45 days begin on 1 January, 1 July (day 181), 2 July, and 15 February (day 45).
		first, july, longer := within(0, 45), within(181, 45), within(181, 46)
		owned := func(of17, of18 int) (want []string) {
			for _, o := range []struct {
				owner string
				n     int
			}{{"17", of17}, {"18", of18}, {"unattributed", manyReports - of17 - of18}} {
				if o.n > 0 {
					want = append(want, fmt.Sprint(o.owner, " ", o.n))
				}
			}
			return want
		}
		measure("import the reports", func(t testing.TB, store *db.Store) { importing(t, store, db.DXP, strings.NewReader(reports.String())) }, owned(manyReports, 0))
		measure("a call that takes most of them", callAt(3, 18, phone, "2025-07-01T00:00:00Z"), owned(first, july))
		measure("one more call, which changes little", callAt(4, 18, phone, "2025-07-02T00:00:00Z"), owned(first, longer))
		measure("a correction that moves its reports", callAt(4, 18, "20018", "2025-07-02T00:00:00Z"), owned(first, july))
		measure("a correction that returns all of them", callAt(3, 18, "20018", "2025-07-01T00:00:00Z"), owned(manyReports, 0))
		measure("a correction that leaves one window", callAt(2, 17, "20018", "2026-01-01T00:00:00Z"), owned(first, 0))
		measure("a record that turns that window into a holding", callAt(5, 17, phone, "2025-02-15T00:00:00Z"), owned(within(0, 90), 0))
	})
}
