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

// withoutScope are the exported methods that give out rows without a Scope, and what those are instead. Whoever may use
// them is in the architecture test: no package that answers requests, but auth for the client who asks.
var withoutScope = map[string]string{
	"Tx.CustomersBySource":       "a transaction writes; an import looks up whose records it has",
	"Tx.IdentifiersByName":       "likewise",
	"Tx.IdentifiersOf":           "likewise",
	"Tx.Evidence":                "likewise: who held a number is decided by all records",
	"Tx.NumberOnlyRecords":       "likewise",
	"Tx.UnownedDocuments":        "likewise",
	"Tx.UnownedByOwnID":          "likewise",
	"Tx.Assignments":             "likewise: whose a number is depends on what people decided",
	"Changes.Written":            "likewise",
	"ClaimOf":                    "what a record says that the caller has",
	"Tx.Subscriptions":           "likewise",
	"Tx.IdentifiersOfCustomers":  "a link is undone by the identifiers of a customer",
	"Tx.CustomerLink":            "likewise",
	"Tx.LinksOf":                 "likewise",
	"NewCustomerLink":            "a link of identifiers that the caller has",
	"Tx.PendingPosition":         "where a migration stands, which is no customer's",
	"Tx.UsageRecordsAfter":       "a migration reads all records again",
	"Tx.UsageSummariesAfter":     "likewise",
	"Tx.ConsumptionReportsAfter": "likewise",
	"Tx.UnownedAfter":            "likewise",
	"Store.Settings":             "the settings of the data set, which are no customer's data",
	"Store.AgreeSettings":        "likewise",
	"Tx.Settings":                "likewise",
	"Tx.PendingSetting":          "likewise",
	"Store.SuggestLinks":         "the operator's command link --suggest",
	"Store.StartImport":          "what it stores, which is no customer's",
	"Store.Clients":              "who may ask: no customer's data",
	"Store.ClientBySecret":       "likewise",
}

// TestNothingIsReadWithoutAScope reads the package: what an exported function or method returns must be no row of a
// table, unless it is a reader's, or of something that a reader has given, or one of withoutScope. Readers are made of
// a Scope, or of another reader, and there is no other way to make one.
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
		given := p.names(f.Type.Results)
		if given["Reader"] && (name != "Store.For" || !p.names(f.Type.Params)["Scope"]) {
			t.Errorf("%s makes a reader: only Store.For may, of a Scope", name)
		}
		if given["Tx"] || given["Store"] && name != "Open" {
			t.Errorf("%s gives out a store or a transaction", name)
		}
		for row := range p.rows {
			if !given[row] || receiver == "Reader" || p.rows[receiver] || receiver == "Connection" || receiver == "Edge" {
				continue
			}
			if seen[name] = true; withoutScope[name] == "" {
				t.Errorf("%s gives out %s without a Scope", name, row)
			}
		}
	}
	for name := range withoutScope {
		if !seen[name] {
			t.Errorf("%s is there no more", name)
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
	// rows are the types that are read from tables; aliases stand for what they are made of.
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

// names are all names in some types, with what aliases stand for.
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

// receiverOf is the type of a method, without what it is made of; "" for a function.
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
