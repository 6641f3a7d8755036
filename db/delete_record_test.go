package db_test

import (
	"go/ast"
	"strings"
	"testing"
)

// deletesFromTables maps the functions that delete from a table in a variable to these tables. Usage records and rated
// usages are deleted by deleteWhere alone, which only deleteRecords calls, after it removed the records from the stored
// totals.
var deletesFromTables = map[string]string{
	"Tx.deleteWhere":            "records and their parts",
	"Tx.DropEmptySubscriptions": "subscriptions and their identifiers",
	"Tx.MergeCustomers":         "subscriptions and their identifiers",
	"Tx.dropEmptyCustomers":     "customers and their identifiers",
	"Tx.dropTotals":             "stored totals",
	"Tx.buildTotals":            "stored totals",
	"Tx.addCells":               "stored totals",
	"Restore.clear":             "all tables, of an empty database",
}

// TestUsageRecordsAreDeletedInOnePlace looks for DELETE statements in the source.
func TestUsageRecordsAreDeletedInOnePlace(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range parsePackage(t).functions {
		name := f.Name.Name
		if receiver := receiverOf(f); receiver != "" {
			name = receiver + "." + name
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				_, table, found := strings.Cut(strings.Trim(n.Value, "\"`"), "DELETE FROM ")
				if !found {
					return true
				}
				if strings.HasPrefix(table, "usage_records") || strings.HasPrefix(table, "rated_usages") {
					t.Errorf("%s: %s: only Tx.deleteWhere may", name, n.Value)
				}
				if seen[name] = table == "" || seen[name]; table == "" && deletesFromTables[name] == "" {
					t.Errorf("%s deletes from a table in a variable: say which in this test", name)
				}
			case *ast.CallExpr:
				called, _ := n.Fun.(*ast.SelectorExpr)
				if called != nil && called.Sel.Name == "deleteWhere" && name != "Tx.deleteRecords" {
					t.Errorf("%s calls deleteWhere: only Tx.deleteRecords may", name)
				}
			}
			return true
		})
	}
	for name := range deletesFromTables {
		if !seen[name] {
			t.Errorf("%s no longer deletes", name)
		}
	}
}
