package resolvers_test

import (
	"encoding/json"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/web"
)

func TestThePlaygroundsExamplesAnswerFromTheSamples(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, example := range web.Examples() {
			variables := map[string]any{}
			if example.Variables != nil {
				if err := json.Unmarshal(example.Variables, &variables); err != nil {
					t.Fatal(err)
				}
			}
			if _, ok := variables["id"]; ok {
				variables["id"] = g.firstID("buckets")
			}
			answer, statements := g.ask(example.Query, variables)
			golden(t, example.Name, answer)
			if example.Name == "Subscription" && statements > 8 {
				t.Errorf("Subscription took %d statements, want at most 8", statements)
			}
		}
	})
}

func (g *graph) firstID(list string) string {
	g.t.Helper()
	var found map[string]struct{ Nodes []struct{ ID string } }
	g.read("{"+list+"(first: 1) {nodes {id}}}", nil, &found)
	return found[list].Nodes[0].ID
}

func TestARecordIsFetchedAgainByItsID(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		lists := []string{"customers", "subscriptions", "usageRecords", "usageSummaries", "buckets", "consumptionReports"}
		var ids []string
		for _, list := range lists {
			ids = append(ids, g.firstID(list))
		}
		var found struct {
			Nodes []struct {
				Typename string `json:"__typename"`
				ID       string
			}
		}
		statements := g.read("query($ids: [ID!]!) {nodes(ids: $ids) {__typename id}}", map[string]any{"ids": append(ids, ids...)}, &found)
		for i, n := range found.Nodes {
			if n.ID != ids[i%len(ids)] {
				t.Errorf("node %d is %s", i, n.ID)
			}
		}
		if statements > 2*len(lists) {
			t.Errorf("%d types took %d statements", len(lists), statements)
		}
	})
}
