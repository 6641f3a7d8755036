package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
)

// totalsOf returns the field usageTotals by a dimension, with all values of its groups but the ends of their windows.
func totalsOf(w schemaWalker, dimension, arguments string) string {
	var values strings.Builder
	for _, f := range w.fields(w.Types["UsageTotals"]) {
		switch of := w.Types[f.Type.Name()]; {
		case of.IsLeafType():
			values.WriteString(f.Name + " ")
		case of.Name == "QuantityTotals" || of.Name == "ChargeTotals":
			fmt.Fprintf(&values, "%s {%s} ", f.Name, w.leafFields(of))
		}
	}
	return fmt.Sprintf(`usageTotals(period: {between: {from: "2000-01-01T00:00:00Z", to: "2060-01-01T00:00:00Z"}}, by: [%s], first: 1000%s) {totalCount edges {cursor} pageInfo {hasNextPage}
		nodes {key {%s customer {id source sourceId name} subscription {id source sourceId phoneNumber}} %s previous {records}} total {%[4]s}}`,
		dimension, arguments, w.leafFields(w.Types["UsageKey"]), values.String())
}

// TestTotalsAreOfOwnRecords compares the totals of Anna's client with those of Anna for the operator, for all dimensions
// and at all places where the schema has totals.
func TestTotalsAreOfOwnRecords(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		own := parse(t, g.query(g.annaSecret, "{usageRecords(first: 100) {totalCount} customers {nodes {id}}}", nil))
		id, records := at(own.Data, "customers", "nodes").([]any)[0].(map[string]any)["id"], fmt.Sprint(at(own.Data, "usageRecords", "totalCount"))
		for _, d := range w.Types["UsageDimension"].EnumValues {
			for _, arguments := range []string{"", ", window: {unit: YEAR}", ", compareWith: PREVIOUS_YEAR, orderBy: [{field: RECORDS, direction: DESC}]"} {
				field := totalsOf(w, d.Name, arguments)
				for _, document := range []string{"{" + field + "}", "{customers {nodes {" + field + " subscriptions {nodes {" + field + "}}}}}"} {
					text := g.query(g.annaSecret, document, nil)
					g.check(document, text)
					a := parse(t, text)
					g.onlyForbidden(document, a)
					if len(a.Errors) == 0 && strings.Contains(text, `"charges":[{`) {
						t.Errorf("%s: a client without cost gets no error", d.Name)
					}
				}
				root := parse(t, g.query(g.annaCostSecret, "{"+field+"}", nil))
				if total := fmt.Sprint(at(root.Data, "usageTotals", "total", "records")); len(root.Errors) > 0 || total != records || records == "0" {
					t.Errorf("%s: %s records of %s, %v", d.Name, total, records, root.Errors)
				}
				node := fmt.Sprintf("{node(id: %q) {... on Customer {%s}}}", id, field)
				same, theirs := parse(t, g.query(g.operatorSecret, node, nil)), parse(t, g.query(g.annaCostSecret, node, nil))
				if fmt.Sprint(same.Data) != fmt.Sprint(theirs.Data) || fmt.Sprint(at(theirs.Data, "node", "usageTotals", "nodes")) != fmt.Sprint(at(root.Data, "usageTotals", "nodes")) {
					t.Errorf("%s%s: the totals of the operator, of Anna's client below the customer, and at the root differ:\n%s\n%s", d.Name, arguments,
						cmp.Diff(same.Data, theirs.Data), cmp.Diff(at(root.Data, "usageTotals", "nodes"), at(theirs.Data, "node", "usageTotals", "nodes")))
				}
			}
		}
		for _, arguments := range []string{`having: {charges: {currency: "GBP", profit: {gt: 0}}}`, `orderBy: [{field: PROFIT, currency: "GBP"}]`} {
			a := parse(t, g.query(g.annaSecret, `{usageTotals(period: {month: "2025-01"}, `+arguments+`) {totalCount}}`, nil))
			if codes := a.codes(); len(codes) != 1 || codes[0] != string(db.Forbidden) {
				t.Errorf("%s: %v", arguments, a.Errors)
			}
		}
	})
}
