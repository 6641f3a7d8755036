package resolvers_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// loadCalls imports calls of elevate: customers with subscriptions with records.
func (g *graph) loadCalls(customers, subscriptions, records int) {
	var b bytes.Buffer
	for c := range customers {
		for s := range subscriptions {
			for r := range records {
				n := (c*subscriptions+s)*records + r
				fmt.Fprintf(&b, `{"id":%d,"customerId":%d,"serviceId":"line %d-%d","eventDate":"2025-01-%02dT10:00:%02dZ","callClass":"UK Mobile","durationQuantity":%d,"sellPrice":0.10,"buyPrice":0.05}`+"\n",
					n+1, c+1, c, s, 1+r%28, r%60, 60+r)
			}
		}
	}
	g.load(db.Elevate, &b)
}

func TestEachLevelTakesOneStatement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadCalls(55, 3, 12)
		id := db.CustomerID(db.SourceID{Source: db.Elevate, Value: "1"}).String()
		subscription := g.firstID("subscriptions")
		for _, test := range []struct {
			name, query string
			statements  int
		}{
			{"50 customers with 3 subscriptions with 10 records with their rated usages",
				`{customers(first: 50) {nodes {id subscriptions(first: 3) {nodes {id usageRecords(first: 10) {nodes {id eventTime rated {taxExcluded {amount}}}}}}}}}`, 3},
			{"records with their rated usages", `{usageRecords(first: 500) {nodes {id rated {taxExcluded {amount}}}}}`, 1},
			{"rated usages that refer to their records", `{usageRecords(first: 500) {nodes {id rated {sourceId}}}}`, 2},
			{"parents of records", `{usageRecords(first: 500) {nodes {id subscription {id customer {id identifiers {value}}} customer {id}}}}`, 4},
			{"parents that were read before", `{customers(first: 50) {nodes {id subscriptions(first: 3) {nodes {customer {id} usageRecords(first: 10) {nodes {subscription {id} customer {id} rated {usageRecord {id}}}}}}}}}`, 3},
			{"totals of each parent", `{customers(first: 50) {nodes {subscriptions(first: 1) {totalCount} usageRecords(first: 1) {totalCount}}}}`, 3},
			{"bounded counts of each parent", `{customers(first: 50) {nodes {usageRecords {countUpTo(max: 3) {value exact}}}}}`, 2},
			{"a total alone", `{usageRecords(filter: {rated: {isBilled: {eq: false}}}) {totalCount}}`, 1},
			{"counts alone, in a fragment", `{usageRecords {...F}} fragment F on UsageRecordConnection {__typename n: totalCount countUpTo {exact}}`, 2},
			{"a total of a node's list", `{node(id: "` + id + `") {... on Customer {usageRecords {totalCount}}}}`, 2},
			{"a page of a whole list with its total", `{customers(first: 56) {nodes {id} totalCount countUpTo {value}}}`, 1},
			{"a page with its total", `{customers(first: 55) {nodes {id} totalCount}}`, 2},
			{"billing cycles of each subscription", `{customers(first: 50) {nodes {subscriptions(first: 3) {nodes {billingCycles {start} three: billingCycles(first: 3) {end}}}}}}`, 4},
			{"billing cycles of a node", `{node(id: "` + subscription + `") {... on ServiceSubscription {id billingCycles {start}}}}`, 2},
			{"one field twice with other arguments", `{customers(first: 50) {nodes {a: usageRecords(first: 1) {nodes {id}} b: usageRecords(last: 1) {nodes {id}}}}}`, 3},
		} {
			var data any
			if statements := g.read(test.query, nil, &data); statements != test.statements {
				t.Errorf("%s: %d statements, not %d", test.name, statements, test.statements)
			}
		}
	})
}

func TestPagePerParent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadCalls(5, 2, 7)
		var found struct {
			Customers struct {
				Nodes []struct {
					SourceID      string
					Subscriptions struct {
						Nodes []struct {
							SourceID     string
							UsageRecords struct {
								TotalCount int
								PageInfo   struct{ HasNextPage bool }
								Nodes      []struct {
									EventTime, ServiceID string
									Rated                []struct {
										Profit           struct{ Amount string }
										ProfitPercentage string
									}
								}
							}
						}
					}
				}
			}
		}
		g.read(`{customers {nodes {sourceId subscriptions {nodes {sourceId usageRecords(first: 4) {totalCount pageInfo {hasNextPage}
			nodes {eventTime serviceId rated {profit {amount} profitPercentage}}}}}}}}`, nil, &found)
		if len(found.Customers.Nodes) != 5 {
			t.Fatalf("%d customers", len(found.Customers.Nodes))
		}
		for _, c := range found.Customers.Nodes {
			if len(c.Subscriptions.Nodes) != 2 {
				t.Errorf("customer %s has %d subscriptions", c.SourceID, len(c.Subscriptions.Nodes))
			}
			for _, s := range c.Subscriptions.Nodes {
				u := s.UsageRecords
				if u.TotalCount != 7 || !u.PageInfo.HasNextPage || len(u.Nodes) != 4 {
					t.Errorf("%s: %+v", s.SourceID, u)
				}
				for i, n := range u.Nodes {
					if n.ServiceID != s.SourceID || !strings.HasPrefix(n.EventTime, fmt.Sprintf("2025-01-%02dT", 7-i)) {
						t.Errorf("%s, record %d: %+v", s.SourceID, i, n)
					}
					if n.Rated[0].Profit.Amount != "0.05" || n.Rated[0].ProfitPercentage != "100" {
						t.Errorf("%s, record %d: %+v", s.SourceID, i, n.Rated)
					}
				}
			}
		}
	})
}
