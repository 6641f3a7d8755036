package app

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestSummaryTotalsAreOfOwnSummaries compares the totals of Anna's client with those of Anna's customer for the operator,
// for all dimensions.
func TestSummaryTotalsAreOfOwnSummaries(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		own := parse(t, g.query(g.annaSecret, "{usageSummaries(first: 100) {totalCount} customers {nodes {id}}}", nil))
		id, summaries := at(own.Data, "customers", "nodes").([]any)[0].(map[string]any)["id"], fmt.Sprint(at(own.Data, "usageSummaries", "totalCount"))
		for _, d := range w.Types["SummaryDimension"].EnumValues {
			for _, arguments := range []string{"", `, orderBy: [{field: TOTAL, currency: "EUR", direction: DESC}]`} {
				document := fmt.Sprintf(`query($f: UsageSummaryFilter) {summaryTotals(from: "2000-01", to: "2060-12", by: [%s], filter: $f, first: 1000%s) {totalCount pageInfo {hasNextPage}
					nodes {%s key {customer {id source sourceId name} subscription {id source sourceId phoneNumber}}} total {%[3]s}}}`, d.Name, arguments, w.leafFields(w.Types["SummaryTotals"]))
				text := g.query(g.annaSecret, document, nil)
				g.check(document, text)
				theirs, operators := parse(t, text), parse(t, g.query(g.operatorSecret, document, map[string]any{"f": object{"customerId": object{"eq": id}}}))
				if n := fmt.Sprint(at(theirs.Data, "summaryTotals", "total", "summaries")); len(theirs.Errors) > 0 || n != summaries || n == "0" {
					t.Errorf("%s: %s summaries of %s, %v", d.Name, n, summaries, theirs.Errors)
				}
				if diff := cmp.Diff(operators.Data, theirs.Data); diff != "" || len(operators.Errors) > 0 {
					t.Errorf("%s: - operator, + Anna: %s %v", d.Name, diff, operators.Errors)
				}
			}
		}
	})
}
