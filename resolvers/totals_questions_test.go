package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestTotalsByProduct groups by the product references of elevate and the first rated products of brm.
func TestTotalsByProduct(t *testing.T) {
	t.Parallel()
	const usage = `{"id":"%s","date":"2025-06-01T10:00:00Z","relatedParty":[{"id":"A1","role":"customer"}],"ratedProductUsage":[%s]}` + "\n"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.load(db.Elevate, strings.NewReader(`[{"id":1,"eventDate":"2025-06-01T10:00:00Z","productReference":501},{"id":2,"eventDate":"2025-06-01T11:00:00Z","productReference":"Gold"},
			{"id":3,"eventDate":"2025-06-01T12:00:00Z"}]`))
		g.load(db.BRM, strings.NewReader(fmt.Sprintf(usage+usage+usage+usage, "b1", `{"productRef":{"id":"P1","name":"Gold"}},{"productRef":{"id":"P2","name":"Silver"}}`,
			"b2", `{"productRef":{"id":"P1"}}`, "b3", `{},{"productRef":{"id":"P2","name":"Silver"}}`, "b4", "")))
		answer, statements := g.query(`{usageTotals(period: {month: "2025-06"}, by: [PRODUCT]) {nodes {key {product} records}}}`, nil)
		want := `{"data":{"usageTotals":{"nodes":[{"key":{"product":"501"},"records":1},{"key":{"product":"Gold"},"records":2},{"key":{"product":"P1"},"records":1},{"key":{"product":null},"records":3}]}}}`
		if string(answer) != want || statements != 2 {
			t.Errorf("%d statements: %s", statements, answer)
		}
	})
}

// TestTotalsOfOneRequest asks for possible duplicates and for the largest customers, each in one request.
func TestTotalsOfOneRequest(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for n := range 55 { // customer c has c+1 calls, the first two of which are the same call
		customer := 0
		for customer*(customer+1)/2+customer < n {
			customer++
		}
		call := max(n-customer*(customer+1)/2, 1)
		fmt.Fprintf(&b, `{"id":%d,"customerId":%d,"serviceId":"line %[2]d","eventDate":"2025-06-01T10:%02[3]d:00Z","destination":"+44207946000%d","durationQuantity":%[3]d,"sellPrice":0.10,"buyPrice":0.05}`+"\n",
			n+1, customer+1, call, call%10)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.load(db.Elevate, strings.NewReader(b.String()))
		var found struct {
			UsageTotals struct {
				TotalCount int
				Nodes      []struct {
					Key struct {
						Customer     struct{ SourceID string }
						Subscription struct{ SourceID string }
						EventTime    string
						Destination  string
						Duration     string
					}
					Records int
					Charges []struct{ TaxExcluded string }
				}
			}
		}
		statements := g.read(`{usageTotals(period: {month: "2025-06"}, by: [SUBSCRIPTION, EVENT_TIME, DESTINATION, DURATION], having: {records: {gt: 1}}) {
			totalCount nodes {key {subscription {sourceId} eventTime destination duration} records}}}`, nil, &found)
		// The number of records to add up, the number of groups, the groups, and their subscriptions.
		if groups := found.UsageTotals; statements != 4 || groups.TotalCount != 9 || len(groups.Nodes) != 9 {
			t.Errorf("duplicates: %d statements, %+v", statements, groups)
		}
		for _, d := range found.UsageTotals.Nodes {
			if d.Records != 2 || d.Key.EventTime != "2025-06-01T10:01:00Z" || d.Key.Destination != "+442079460001" || d.Key.Duration != "1" || !strings.HasPrefix(d.Key.Subscription.SourceID, "line ") {
				t.Errorf("duplicate: %+v", d)
			}
		}
		statements = g.read(`{usageTotals(period: {month: "2025-06"}, by: [CUSTOMER], orderBy: [{field: TAX_EXCLUDED, currency: "GBP", direction: DESC}], first: 10) {
			nodes {key {customer {sourceId}} records charges {taxExcluded}}}}`, nil, &found)
		// The groups, their charges, and their customers; the number of records to add up is cached.
		if statements != 3 || len(found.UsageTotals.Nodes) != 10 {
			t.Fatalf("largest: %d statements, %+v", statements, found)
		}
		for i, c := range found.UsageTotals.Nodes {
			if want := 10 - i; c.Key.Customer.SourceID != fmt.Sprint(want) || c.Records != want || c.Charges[0].TaxExcluded != fmt.Sprintf("%d.%d", want/10, want%10) && want < 10 {
				t.Errorf("customer %d of the largest: %+v", i+1, c)
			}
		}
	})
}

// TestSummaryTotals asks for totals of summaries with their customers in one request.
func TestSummaryTotals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		var found struct {
			SummaryTotals struct {
				TotalCount int
				Edges      []struct {
					Cursor string
					Node   struct {
						Key       struct{ Customer, Subscription struct{ SourceID string } }
						Summaries int
					}
				}
				Total struct{ Summaries int }
			}
		}
		const query = `query($after: String) {summaryTotals(from: "2000-01", to: "2060-12", by: [CUSTOMER, SUBSCRIPTION], first: 2, after: $after) {totalCount
			edges {cursor node {key {customer {sourceId name} subscription {sourceId}} summaries charges {total} volumes {sum}}} total {summaries}}}`
		// The number of summaries, the number of groups, the groups with their charges and volumes, the total with its charges
		// and volumes, the customers and the subscriptions.
		if statements := g.read(query, nil, &found); statements != 10 || len(found.SummaryTotals.Edges) != 2 {
			t.Errorf("%d statements, %+v", statements, found)
		}
		groups, summaries, after := 0, 0, any(nil)
		for {
			g.read(query, map[string]any{"after": after}, &found)
			for _, e := range found.SummaryTotals.Edges {
				groups, summaries, after = groups+1, summaries+e.Node.Summaries, e.Cursor
				if e.Node.Key.Customer.SourceID == "" || e.Node.Key.Subscription.SourceID == "" {
					t.Errorf("%+v", e.Node)
				}
			}
			if len(found.SummaryTotals.Edges) < 2 {
				break
			}
		}
		if all := found.SummaryTotals; groups != all.TotalCount || summaries != all.Total.Summaries {
			t.Errorf("%d groups with %d summaries, want %d and %d", groups, summaries, all.TotalCount, all.Total.Summaries)
		}
	})
}

// TestNothingFollowsTheOnlyGroup reads the page after the only group of totals that are not divided.
func TestNothingFollowsTheOnlyGroup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for name, arguments := range map[string]string{"summaryTotals": `from: "2000-01", to: "2060-12"`, "usageTotals": `period: {dates: {first: "2000-01-01", last: "2060-12-31"}}`} {
			var found map[string]struct {
				Edges    []struct{ Cursor string }
				PageInfo struct{ HasPreviousPage bool }
			}
			g.read(fmt.Sprintf("{%s(%s) {edges {cursor}}}", name, arguments), nil, &found)
			g.read(fmt.Sprintf("{%s(%s, after: %q) {edges {cursor} pageInfo {hasPreviousPage}}}", name, arguments, found[name].Edges[0].Cursor), nil, &found)
			if page := found[name]; len(page.Edges) > 0 || !page.PageInfo.HasPreviousPage {
				t.Errorf("%s: %+v", name, page)
			}
		}
	})
}
