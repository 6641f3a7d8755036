package resolvers_test

import (
	"reflect"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestNodePrefetchesItsFirstList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadNamed(namedDocuments)
		ids := map[string][]string{}
		for _, text := range g.ids() {
			id, err := db.ParseID(text)
			if err != nil {
				t.Fatal(err)
			}
			of := string(id.Type)
			if id.Type == db.TypeSubscription && id.Source != "" && strings.HasPrefix(id.Value+id.Customer, "#") {
				of = "number-only"
			}
			ids[of] = append(ids[of], text)
		}
		for _, test := range []struct {
			of, fields string
			statements int
		}{
			{"Customer", "... on Customer {sourceId subscriptions(first: 2) {nodes {sourceId}}}", 1},
			{"Customer", "... on Customer {name usageRecords(last: 2) {pageInfo {hasPreviousPage} nodes {sourceId}}}", 1},
			{"Customer", "... on Customer {usageRecords(first: 1000) {nodes {sourceId}}}", 2},
			{"Customer", "... on Customer {usageRecords(orderBy: [{field: EVENT_TIME, direction: ASC}]) {totalCount nodes {sourceId}}}", 1},
			{"ServiceSubscription", "... on ServiceSubscription {sourceId buckets(first: 5) {nodes {name balances {isCurrent}}}}", 1},
			{"ServiceSubscription", "... on ServiceSubscription {phoneNumber buckets(first: 5) {totalCount nodes {name}} usageRecords {nodes {sourceId}}}", 2},
			{"ServiceSubscription", "... on ServiceSubscription {buckets {totalCount} usageRecords {nodes {sourceId}}}", 2},
			{"ServiceSubscription", "... on ServiceSubscription {sourceId}", 1},
			// The customer's id is found first, then the customer's subscriptions.
			{"number-only", "... on ServiceSubscription {sourceId usageRecords {nodes {sourceId}}}", 3},
			{"UsageRecord", "... on UsageRecord {sourceId eventTime}", 1},
			{"UsageSummary", "... on UsageSummary {sourceId buckets {nodes {name}}}", 1},
			{"ConsumptionReport", "... on ConsumptionReport {sourceId buckets {nodes {sourceId}}}", 1},
			{"Bucket", "... on Bucket {sourceId usageType}", 1},
		} {
			if len(ids[test.of]) == 0 {
				t.Errorf("no %s", test.of)
			}
			for _, id := range ids[test.of] {
				variables := map[string]any{"id": id}
				var one struct{ Node any }
				if got := g.read("query ($id: ID!) {node(id: $id) {id "+test.fields+"}}", variables, &one); got != test.statements {
					t.Errorf("%s: %d statements, want %d", test.fields, got, test.statements)
				}
				var list struct{ Nodes []any }
				g.read("query ($id: ID!) {nodes(ids: [$id]) {id "+test.fields+"}}", variables, &list)
				if !reflect.DeepEqual(one.Node, list.Nodes[0]) {
					t.Errorf("%s: %v by node, %v by nodes", test.fields, one.Node, list.Nodes[0])
				}
				var twice struct{ A, B any }
				if got := g.read("query ($id: ID!) {a: node(id: $id) {id "+test.fields+"} b: node(id: $id) {id "+test.fields+"}}", variables, &twice); got != test.statements {
					t.Errorf("%s, twice: %d statements, want %d", test.fields, got, test.statements)
				}
				if !reflect.DeepEqual(twice.A, one.Node) || !reflect.DeepEqual(twice.B, one.Node) {
					t.Errorf("%s: %v twice, %v once", test.fields, twice, one.Node)
				}
			}
		}
		if _, statements := g.query(`query ($id: ID!) {node(id: $id) {... on Customer {usageRecords {nodes {id}}}}}`,
			map[string]any{"id": db.CustomerID(db.SourceID{Source: db.STN, Value: "absent"}).String()}); statements != 1 {
			t.Errorf("an id without a record takes %d statements", statements)
		}
	})
}
