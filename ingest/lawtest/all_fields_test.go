package lawtest_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// forEveryone is the list that fails for clients of single customers, forStaff those that fail for all clients but
// staff.
const forEveryone = "unattributed"

var forStaff = []string{"links", "assignments", "imports"}

// allFieldsQuery returns a query for all lists of the schema with every field of their elements, for the client that
// sees all customers or for one that sees one customer. For other nodes it selects the source and source id.
func allFieldsQuery(t testing.TB, everyone bool) string {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	var b strings.Builder
	for _, f := range schema.Query.Fields {
		if node := listed(schema, f); node != nil && (everyone || f.Name != forEveryone) && !slices.Contains(forStaff, f.Name) {
			fmt.Fprintf(&b, "%s(first: 200) {totalCount countUpTo(max: 3) {value exact} nodes {__typename %s}}\n", f.Name, fieldsOf(schema, node))
		}
	}
	return "{" + b.String() + totalsQuery + "}"
}

// totalsQuery holds fields for the totals of all usage records and of all summaries.
const totalsQuery = `usageTotals(period: {dates: {first: "2000-01-01", last: "2040-12-31"}}, by: [SOURCE, USAGE_TYPE, CUSTOMER], first: 1000) {nodes {
	key {source usageType customer {source sourceId}} records customers subscriptions data {count sum} duration {count sum} items {count sum} charges {currency ratedUsages taxExcluded}}}
	summaryTotals(from: "2000-01", to: "2040-12", by: [YEAR_MONTH, CUSTOMER], first: 1000) {nodes {key {yearMonth customer {source sourceId}} summaries customers subscriptions
		charges {currency total premium international} volumes {unit count sum minimum maximum}}}`

// listed returns the type of the nodes of a connection field; nil for other fields.
func listed(schema *ast.Schema, f *ast.FieldDefinition) *ast.Definition {
	of := schema.Types[f.Type.Name()]
	if !strings.HasSuffix(of.Name, "Connection") || isTotals(f) {
		return nil
	}
	return schema.Types[of.Fields.ForName("nodes").Type.Name()]
}

// isTotals reports whether a field returns totals, which need a period.
func isTotals(f *ast.FieldDefinition) bool {
	return f.Arguments.ForName("period") != nil || f.Arguments.ForName("from") != nil
}

func fieldsOf(schema *ast.Schema, def *ast.Definition) string {
	var b strings.Builder
	for _, f := range def.Fields {
		of := schema.Types[f.Type.Name()]
		switch {
		case strings.HasPrefix(f.Name, "__"), isTotals(f), of.Name == "Import":
		case of.IsLeafType():
			fmt.Fprintf(&b, "%s ", f.Name)
		case listed(schema, f) != nil:
			fmt.Fprintf(&b, "%s(first: 200) {totalCount nodes {%s}} ", f.Name, nameOf(listed(schema, f)))
		case of.Kind == ast.Union:
			fmt.Fprintf(&b, "%s {", f.Name)
			for _, member := range schema.GetPossibleTypes(of) {
				fmt.Fprintf(&b, "... on %s {%s} ", member.Name, nameOf(member))
			}
			b.WriteString("} ")
		case slices.Contains(of.Interfaces, "Node"):
			fmt.Fprintf(&b, "%s {%s} ", f.Name, nameOf(of))
		default:
			fmt.Fprintf(&b, "%s {%s} ", f.Name, fieldsOf(schema, of))
		}
	}
	return b.String()
}

// nameOf returns the fields that identify a node. A subscription includes its customer, a bucket its report or summary.
func nameOf(node *ast.Definition) string {
	switch node.Name {
	case "ServiceSubscription":
		return "__typename source sourceId customer {__typename source sourceId}"
	case "Bucket":
		return "__typename source sourceId consumptionReport {__typename source sourceId} usageSummary {__typename source sourceId}"
	}
	return "__typename source sourceId"
}
