package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
)

// withoutScope maps the exported functions and methods that return rows without a Scope to the reason why they may. The
// architecture test restricts their callers: no package that answers requests, except auth for the client of the
// request.
var withoutScope = map[string]string{
	"Tx.CustomersBySource":       "a transaction writes; an import looks up the owners of its records",
	"Tx.IdentifiersByName":       "likewise",
	"Tx.IdentifiersOf":           "likewise",
	"Tx.Evidence":                "likewise: all records together determine the holder of a number",
	"Tx.NumberOnlyRecords":       "likewise",
	"Tx.UnownedDocuments":        "likewise",
	"Tx.UnownedByOwnID":          "likewise",
	"Tx.Assignments":             "likewise: assignments determine the owner of a number",
	"Changes.Written":            "likewise",
	"ClaimOf":                    "the claim of the caller's own record",
	"Tx.Subscriptions":           "likewise",
	"Tx.IdentifiersOfCustomers":  "undoing a link requires the identifiers of a customer",
	"Tx.CustomerLink":            "likewise",
	"Tx.LinksOf":                 "likewise",
	"NewCustomerLink":            "a link of identifiers that the caller has",
	"Tx.PendingPosition":         "the progress of a migration, no customer data",
	"Tx.UsageRecordsAfter":       "a migration reads all records again",
	"Tx.UsageSummariesAfter":     "likewise",
	"Tx.ConsumptionReportsAfter": "likewise",
	"Tx.UnownedAfter":            "likewise",
	"Store.Settings":             "the settings of the data set, no customer data",
	"Store.AgreeSettings":        "likewise",
	"Tx.Settings":                "likewise",
	"Tx.PendingSetting":          "likewise",
	"Store.SuggestLinks":         "the operator's command link --suggest",
	"Tx.StoredRecords":           "records that an import compares, of all customers",
	"Store.ImportByKey":          "a client's own import, found by its key",
	"Store.ImportTotals":         "counts of imports, no customer data",
	"Store.Import":               "the report of an import for the client that made it, and for the operator",
	"Store.Clients":              "API clients, no customer data",
	"Store.ClientBySecret":       "likewise",
	"Store.Client":               "likewise",
	"Store.TokenKey":             "keys of tokens, no customer data",
	"Store.SigningKey":           "likewise",
}

// TestNothingIsReadWithoutAScope parses the package: an exported function or method must not return a row of a table,
// unless it belongs to Reader or to a type that a Reader returns, or is listed in withoutScope. Only Store.For makes a
// Reader, from a Scope.
func TestNothingIsReadWithoutAScope(t *testing.T) {
	t.Parallel()
	p := parsePackage(t)
	if !p.rows["UsageRecord"] || !p.rows["Client"] || !p.rows["Suggestion"] || p.rows["Scope"] || p.rows["Money"] {
		t.Fatalf("not the rows: %v", p.rows)
	}
	seen := map[string]bool{}
	for _, f := range p.functions {
		name, receiver := f.Name.Name, receiverOf(f)
		if receiver != "" {
			name = receiver + "." + name
		}
		if !ast.IsExported(f.Name.Name) || receiver != "" && !ast.IsExported(receiver) || f.Type.Results == nil {
			continue
		}
		results := p.names(f.Type.Results)
		if name == "Reader.LimitTotals" || name == "Reader.Since" || name == "Reader.FromPrimary" { // a copy with the same Scope
			continue
		}
		if results["Reader"] && (name != "Store.For" || !p.names(f.Type.Params)["Scope"]) {
			t.Errorf("%s makes a reader: only Store.For may, from a Scope", name)
		}
		if results["Tx"] || results["Store"] && name != "Open" {
			t.Errorf("%s returns a store or a transaction", name)
		}
		for row := range p.rows {
			if !results[row] || receiver == "Reader" || p.rows[receiver] || receiver == "Connection" || receiver == "Edge" {
				continue
			}
			if seen[name] = true; withoutScope[name] == "" {
				t.Errorf("%s returns %s without a Scope", name, row)
			}
		}
	}
	for name := range withoutScope {
		if !seen[name] {
			t.Errorf("%s no longer exists", name)
		}
	}
	for _, hidden := range []string{"Reader", "Store", "Scope", "Tx"} {
		for _, field := range p.structs[hidden].Fields.List {
			for _, name := range field.Names {
				if name.IsExported() {
					t.Errorf("%s.%s is exported", hidden, name.Name)
				}
			}
		}
	}
}

// parsed is the source of this package without its tests.
type parsed struct {
	functions []*ast.FuncDecl
	structs   map[string]*ast.StructType
	// rows are the types that are read from tables; aliases maps an alias to its type.
	rows    map[string]bool
	aliases map[string]ast.Expr
}

func parsePackage(t *testing.T) *parsed {
	t.Helper()
	p := &parsed{structs: map[string]*ast.StructType{}, rows: map[string]bool{"Connection": true, "Edge": true}, aliases: map[string]ast.Expr{}}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				p.functions = append(p.functions, d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						p.declare(s)
					}
				}
			}
		}
	}
	return p
}

func (p *parsed) declare(s *ast.TypeSpec) {
	of, ok := s.Type.(*ast.StructType)
	if !ok {
		p.aliases[s.Name.Name] = s.Type
		return
	}
	p.structs[s.Name.Name] = of
	for _, f := range of.Fields.List {
		if f.Tag != nil && reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("db") != "" && s.Name.Name != "Key" {
			p.rows[s.Name.Name] = true
		}
	}
}

// names returns all names in the types of some fields, including those in the types that aliases stand for.
func (p *parsed) names(list *ast.FieldList) map[string]bool {
	found := map[string]bool{}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found[id.Name] {
			found[id.Name] = true
			if alias := p.aliases[id.Name]; alias != nil {
				ast.Inspect(alias, visit)
			}
		}
		return true
	}
	for _, f := range list.List {
		ast.Inspect(f.Type, visit)
	}
	return found
}

// receiverOf returns the name of a method's receiver type without type parameters; "" for a function.
func receiverOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}
