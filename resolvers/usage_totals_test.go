package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// elevateCall returns a call of customer 17 in elevate's format.
func elevateCall(id int, at string, seconds int, price string) string {
	return fmt.Sprintf(`{"id":%d,"customerId":17,"eventDate":%q,"serviceId":"447700900123","callClass":"National","usageDirection":"OUTBOUND","durationQuantity":%d,"dataQuantity":0,"oneOffQuantity":0,"sellPrice":%s}`,
		id, at, seconds, price)
}

// elevateCalls returns calls of one second more each, from a number of seconds on.
func elevateCalls(seconds int, times ...string) string {
	var calls []string
	for i, at := range times {
		calls = append(calls, elevateCall(100+i, at, seconds+i, "0.1"))
	}
	return "[" + strings.Join(calls, ",") + "]"
}

// totals is an answer of usageTotals, one line for each group: the beginning and end of its window, date, records and
// seconds.
type totals struct {
	Nodes []struct {
		Window   struct{ Start, End, Date string }
		Records  int
		Duration struct{ Sum string }
	}
	Total struct {
		Records  int
		Duration struct{ Sum string }
	}
}

func (t totals) lines() (lines []string) {
	for _, n := range t.Nodes {
		lines = append(lines, fmt.Sprintf("%s %s %s: %d %s", n.Window.Date, n.Window.Start, n.Window.End, n.Records, n.Duration.Sum))
	}
	return append(lines, fmt.Sprintf("total: %d %s", t.Total.Records, t.Total.Duration.Sum))
}

const totalsFields = `{ nodes { window { start end date } records duration { sum } } total { records duration { sum } } }`

// TestTotalsOfLocalDays counts calls at the ends of local days that are not 24 hours from midnight to midnight UTC.
func TestTotalsOfLocalDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, calls, arguments string
		want                   []string
	}{
		{"a day of 25 hours", elevateCalls(60, "2025-10-25T21:59:59Z", "2025-10-25T22:00:00Z", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"),
			`period: {dates: {first: "2025-10-25", last: "2025-10-27"}}, timeZone: "Europe/Amsterdam", window: {unit: DAY, includeEmpty: true}`, []string{
				"2025-10-25 2025-10-24T22:00:00Z 2025-10-25T22:00:00Z: 1 60",
				"2025-10-26 2025-10-25T22:00:00Z 2025-10-26T23:00:00Z: 4 250",
				"2025-10-27 2025-10-26T23:00:00Z 2025-10-27T23:00:00Z: 1 65",
				"total: 6 375"}},
		{"a repeated hour", elevateCalls(60, "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"),
			`period: {between: {from: "2025-10-26T00:00:00Z", to: "2025-10-26T03:00:00Z"}}, timeZone: "Europe/Amsterdam", window: {unit: HOUR, includeEmpty: true}`, []string{
				"2025-10-26 2025-10-26T00:00:00Z 2025-10-26T01:00:00Z: 1 60",
				"2025-10-26 2025-10-26T01:00:00Z 2025-10-26T02:00:00Z: 1 61",
				"2025-10-26 2025-10-26T02:00:00Z 2025-10-26T03:00:00Z: 0 0",
				"total: 2 121"}},
		{"a zone at half past", elevateCalls(10, "2025-06-01T18:29:59Z", "2025-06-01T18:30:00Z", "2025-06-02T12:00:00Z", "2025-06-02T18:29:59Z", "2025-06-02T18:30:00Z"),
			`period: {dates: {first: "2025-06-01", last: "2025-06-03"}}, timeZone: "Asia/Kolkata", window: {unit: DAY}`, []string{
				"2025-06-01 2025-05-31T18:30:00Z 2025-06-01T18:30:00Z: 1 10",
				"2025-06-02 2025-06-01T18:30:00Z 2025-06-02T18:30:00Z: 3 36",
				"2025-06-03 2025-06-02T18:30:00Z 2025-06-03T18:30:00Z: 1 14",
				"total: 5 60"}},
		{"a day without a midnight", elevateCalls(20, "2025-09-07T03:59:59Z", "2025-09-07T04:00:00Z", "2025-09-08T02:59:59Z", "2025-09-08T03:00:00Z"),
			`period: {dates: {first: "2025-09-06", last: "2025-09-08"}}, timeZone: "America/Santiago", window: {unit: DAY}`, []string{
				"2025-09-06 2025-09-06T04:00:00Z 2025-09-07T04:00:00Z: 1 20",
				"2025-09-07 2025-09-07T04:00:00Z 2025-09-08T03:00:00Z: 2 43",
				"2025-09-08 2025-09-08T03:00:00Z 2025-09-09T03:00:00Z: 1 23",
				"total: 4 86"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				g := newGraph(t, store)
				g.load(db.Elevate, strings.NewReader(tt.calls))
				var all struct {
					Customer    struct{ UsageTotals totals }
					UsageTotals totals
				}
				g.read(fmt.Sprintf(`{ customer(by: {sourceId: {source: ELEVATE, value: "17"}}) { usageTotals(%s) %s } usageTotals(%[1]s) %[2]s }`, tt.arguments, totalsFields), nil, &all)
				for _, got := range []totals{all.Customer.UsageTotals, all.UsageTotals} {
					if diff := cmp.Diff(tt.want, got.lines()); diff != "" {
						t.Error(diff)
					}
				}
			})
		})
	}
}

// TestTotalsOfAReplacedRecord imports a record again with another day, duration and price, and back.
func TestTotalsOfAReplacedRecord(t *testing.T) {
	t.Parallel()
	other := elevateCall(401, "2025-03-01T10:30:00Z", 50, "0.1")
	first := "[" + elevateCall(400, "2025-03-01T10:00:00Z", 100, "0.1") + "," + other + "]"
	second := "[" + elevateCall(400, "2025-03-02T11:00:00Z", 30, "0.2") + "," + other + "]"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		for _, document := range []string{first, second, first, second} {
			g.load(db.Elevate, strings.NewReader(document))
		}
		answer, _ := g.query(`{ usageTotals(period: {month: "2025-03"}, window: {unit: DAY}) {
			nodes { window { date } records duration { sum } charges { currency ratedUsages taxExcluded } } total { records duration { sum } charges { taxExcluded } } } }`, nil)
		want := `{"data":{"usageTotals":{"nodes":[` +
			`{"window":{"date":"2025-03-01"},"records":1,"duration":{"sum":"50"},"charges":[{"currency":"GBP","ratedUsages":1,"taxExcluded":"0.1"}]},` +
			`{"window":{"date":"2025-03-02"},"records":1,"duration":{"sum":"30"},"charges":[{"currency":"GBP","ratedUsages":1,"taxExcluded":"0.2"}]}],` +
			`"total":{"records":2,"duration":{"sum":"80"},"charges":[{"taxExcluded":"0.3"}]}}}}`
		if string(answer) != want {
			t.Errorf("got  %s\nwant %s", answer, want)
		}
	})
}

// TestTotalsLimits asks for more records and groups than a reader may read.
func TestTotalsLimits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.load(db.Elevate, strings.NewReader(elevateCalls(1, "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z")))
		q := db.UsageTotalsQuery{Period: db.PeriodInput{Month: new(db.YearMonth("2025-06"))}, TimeZone: "UTC", First: 10, Window: &db.WindowInput{Unit: "DAY", WeekStartsOn: db.Monday, MonthStartsOn: 1}}
		for _, tt := range []struct {
			limits db.TotalsLimits
			empty  bool
			want   string
		}{
			{db.TotalsLimits{Records: 3, Groups: 3}, false, ""},
			{db.TotalsLimits{Records: 2, Groups: 3}, false, "usageTotals would read more than 2 records: a shorter period, fewer customers, or only what hour totals hold"},
			{db.TotalsLimits{Records: 3, Groups: 2}, false, "usageTotals makes more than 2 groups: longer windows, fewer values in by, or a filter"},
			{db.TotalsLimits{Records: 3, Groups: 29}, true, "usageTotals makes more than 29 groups: longer windows, fewer values in by, or a filter"},
		} {
			q.Window.IncludeEmpty = tt.empty
			_, err := store.For(db.All()).LimitTotals(tt.limits).UsageTotals(t.Context(), db.AllColumns, db.NoParent, q)
			if known, ok := err.(*db.Error); tt.want == "" && err != nil || tt.want != "" && (!ok || known.Code != db.LimitExceeded || known.Message != tt.want) {
				t.Errorf("%+v: %v, want %s", tt.limits, err, tt.want)
			}
		}
	})
}

// TestTotalsBelowAList reads the totals of all customers of a page by the statements of one.
func TestTotalsBelowAList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		var found struct {
			Customers struct {
				Nodes []struct {
					SourceID    string
					UsageTotals struct{ Nodes []struct{ Records int } }
				}
			}
		}
		statements := g.read(`{customers {nodes {sourceId usageTotals(period: {dates: {first: "2000-01-01", last: "2040-12-31"}}, by: [SUBSCRIPTION]) {nodes {records key {subscription {sourceId}}}}}}}`, nil, &found)
		records := 0
		for _, c := range found.Customers.Nodes {
			for _, group := range c.UsageTotals.Nodes {
				records += group.Records
			}
		}
		// The customers, the number of records to add up, the groups, and their subscriptions.
		if records == 0 || statements != 4 {
			t.Errorf("%d records by %d statements", records, statements)
		}
	})
}
