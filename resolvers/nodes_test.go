package resolvers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// loadEach imports n records of each type that has ids.
func (g *graph) loadEach(n int) {
	g.t.Helper()
	g.loadCalls(n, 1, 1)
	var summaries, reports bytes.Buffer
	for i := range n {
		fmt.Fprintf(&summaries, `{"id": "m%d", "subscriptionId": "s%[1]d", "yearMonth": "2025_01", "customerId": "A"}`+"\n", i)
		fmt.Fprintf(&reports, `{"description": "Usage Consumption Report for SubscriptionId S-%d 2025-01-20", "effectiveDate": "2025-01-20T00:00:00Z", "bucket": [{"id": "1", "usageType": "data"}]}`+"\n", i)
	}
	g.load(db.STN, &summaries)
	g.load(db.DXP, &reports)
}

// someIDs returns the ids of n records of each type.
func (g *graph) someIDs(n int) []string {
	g.t.Helper()
	var ids []string
	for _, list := range idLists {
		var found map[string]struct{ Nodes []struct{ ID string } }
		g.read(fmt.Sprintf("{%s(first: %d) {nodes {id}}}", list, n), nil, &found)
		if len(found[list].Nodes) != n {
			g.t.Fatalf("%d %s", len(found[list].Nodes), list)
		}
		for _, node := range found[list].Nodes {
			ids = append(ids, node.ID)
		}
	}
	return ids
}

func TestThousandNodesStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadEach(167)
		const query = "query($ids: [ID!]!) {nodes(ids: $ids) {__typename id}}"
		var found struct{ Nodes []struct{ ID string } }
		few := g.read(query, map[string]any{"ids": g.someIDs(1)}, &found)
		ids := g.someIDs(167)[:1000]
		many := g.read(query, map[string]any{"ids": ids}, &found)
		for i, id := range ids {
			if found.Nodes[i].ID != id {
				t.Fatalf("node %d is %s, not %s", i, found.Nodes[i].ID, id)
			}
		}
		// On a busy machine a type is sometimes read in two batches.
		if many > few+6 {
			t.Errorf("1000 nodes took %d statements, 6 took %d", many, few)
		}
		answer, _ := g.query(query, map[string]any{"ids": append(ids, ids[0])})
		var refused struct {
			Errors []struct{ Extensions struct{ Code, Limit string } }
		}
		if err := json.Unmarshal(answer, &refused); err != nil || len(refused.Errors) != 1 || refused.Errors[0].Extensions.Limit != "list" {
			t.Errorf("1001 ids: %.300s", answer)
		}
	})
}

func TestNodesErrors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadCalls(2, 1, 1)
		var found struct {
			Customers struct{ Nodes []struct{ ID string } }
		}
		g.read("{customers {nodes {id}}}", nil, &found)
		one, other := found.Customers.Nodes[0].ID, found.Customers.Nodes[1].ID
		for query, variables := range map[string]map[string]any{
			`query($a: ID!, $b: ID!) {nodes(ids: [$a, "nonsense", 4, "Q3VzdG9tZXI6MTox", $b]) {... on Customer {sourceId}}}`: {"a": one, "b": other},
			`query($ids: [ID!]!) {nodes(ids: $ids) {... on Customer {sourceId}}}`:                                            {"ids": []any{one, "nonsense", 4, "Q3VzdG9tZXI6MTox", other}},
		} {
			answer, _ := g.query(query, variables)
			const malformed = `{"message":"invalid id: use an id from a response, unchanged","path":["nodes",%d],"extensions":{"code":"BAD_USER_INPUT"}}`
			want := `{"errors":[` + fmt.Sprintf(malformed, 1) + "," + fmt.Sprintf(malformed, 2) +
				`,{"message":"no node with this ID","path":["nodes",3],"extensions":{"code":"NOT_FOUND"}}],` +
				`"data":{"nodes":[{"sourceId":"1"},null,null,null,{"sourceId":"2"}]}}`
			if string(answer) != want {
				t.Errorf("%s: %s", query, answer)
			}
		}
	})
}
