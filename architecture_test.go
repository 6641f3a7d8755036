package main_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport lists the packages of this module that each package may import. A name may be a pattern of path.Match. Tests may
// import all.
var mayImport = map[string][]string{
	"app":                      {"auth", "backup", "db", "demo", "edge", "graph", "importhttp", "ingest", "loaders", "resolvers", "sources", "sources/*", "tokenhttp", "web"},
	"auth":                     {"db"},
	"backup":                   {"db"},
	"bench":                    {"bench/floor"},
	"bench/floor":              {},
	"coercion":                 {"db", "graph"},
	"calendar":                 {},
	"db":                       {"calendar", "db/conn"},
	"db/conn":                  {},
	"db/dbtest":                {"db"},
	"demo":                     {"db"},
	"edge":                     {"auth", "db", "graphqlhttp", "loaders", "web"},
	"graph":                    {"calendar", "db", "queryplan"},
	"graphqlhttp":              {"auth", "coercion", "db", "graph", "loaders", "queryplan", "resolvers"},
	"importhttp":               {"auth", "db", "ingest", "jsonhttp"},
	"ingest":                   {"db"},
	"ingest/lawtest":           {}, // tests alone
	"jsonhttp":                 {"auth", "db"},
	"loaders":                  {"db", "queryplan"},
	"main":                     {"app"},
	"queryplan":                {"db"},
	"queryplan/generate":       {},
	"resolvers":                {"auth", "db", "graph", "loaders", "queryplan"},
	"sources":                  {"demo", "sources/*"},
	"sources/sourcetest/calls": {"auth", "db", "ingest", "sources/legacy", "sources/rest"},
	"sources/*":                {"auth", "db", "demo", "ingest", "sources/legacy", "sources/rest"},
	"tokenhttp":                {"auth", "db", "jsonhttp"},
	"web":                      {},
}

// reserved lists the only packages that may import a package of another module, by the beginning of its path.
var reserved = map[string][]string{
	"database/sql":               {"bench", "bench/floor", "db", "db/conn", "db/dbtest"},
	"github.com/jmoiron/sqlx":    {"db", "db/conn", "db/dbtest"},
	"github.com/lib/pq":          {"bench", "bench/floor", "db", "db/conn", "db/dbtest"},
	"modernc.org/sqlite":         {"db", "db/conn", "db/dbtest"},
	"flag":                       {"bench", "app", "sources/sourcetest"},
	"github.com/alecthomas/kong": {"app"},
	"github.com/prometheus":      {"edge"},
	"github.com/XSAM/otelsql":    {"db/conn"},
	"github.com/golang-jwt/jwt":  {"auth"},
	"github.com/MicahParks":      {"auth"},
}

// environment lists the functions of os that read the environment, readEnvironment the packages that may call them: app, and
// dbtest and bench for the URL of a server.
var (
	environment     = []string{"Environ", "ExpandEnv", "Getenv", "LookupEnv"}
	readEnvironment = []string{"bench", "app", "db/dbtest"}
)

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		allowed, known := directions(p.name)
		if !known {
			t.Errorf("package %s is new: add its imports to this test", p.name)
		}
		for _, imported := range p.Imports {
			if name, ours := strings.CutPrefix(imported, "usagegraph/"); ours && !matches(allowed, name) {
				t.Errorf("%s must not import %s", p.name, name)
			}
			for prefix, users := range reserved {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && !slices.Contains(users, p.name) {
					t.Errorf("%s must not import %s, only %s may", p.name, imported, strings.Join(users, " and "))
				}
			}
		}
	}
}

func TestOnlyAppReadsTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if slices.Contains(readEnvironment, p.name) || !slices.Contains(p.Imports, "os") {
			continue
		}
		for _, file := range p.GoFiles {
			files := token.NewFileSet()
			source, err := parser.ParseFile(files, filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(source, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok || !slices.Contains(environment, call.Sel.Name) {
					return true
				}
				if of, ok := call.X.(*ast.Ident); ok && of.Name == "os" {
					t.Errorf("%s: %s must not read the environment, only app may", files.Position(n.Pos()), p.name)
				}
				return true
			})
		}
	}
}

// pastScope lists the names of db that write records, or read them without a Scope, and the packages that may use each. Of the
// packages that answer requests only auth may: it authenticates them.
var pastScope = map[string][]string{
	"All":              {"app", "auth"},
	"Tx":               {"app", "ingest"},
	"SuggestLinks":     {"app"},
	"Clients":          {"app"},
	"IdentifierGroups": {"ingest", "app"},
	"AddClient":        {"app"},
	"RevokeClient":     {"app"},
	"ClientBySecret":   {"auth"},
	"StartImport":      {"ingest"},
	"Dump":             {"backup"},
	"Restore":          {"backup", "app"},
	"VerifyTotals":     {"app"},
}

func TestNoPackageThatAnswersRequestsReachesPastAScope(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, p := range packages(t) {
		if p.name == "db" || !slices.Contains(p.Imports, "usagegraph/db") {
			continue
		}
		for _, file := range p.GoFiles {
			files := token.NewFileSet()
			source, err := parser.ParseFile(files, filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(source, func(n ast.Node) bool {
				selected, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				name := selected.Sel.Name
				users, past := pastScope[name]
				of, _ := selected.X.(*ast.Ident)
				if inDB := of != nil && of.Name == "db"; !past || (name == "All" || name == "Tx") && !inDB {
					return true
				}
				if used[name] = true; !slices.Contains(users, p.name) {
					t.Errorf("%s: %s must not use %s, only %s may", files.Position(n.Pos()), p.name, name, strings.Join(users, " and "))
				}
				return true
			})
		}
	}
	for name := range pastScope {
		if !used[name] {
			t.Errorf("%s is unused: remove it from this test", name)
		}
	}
}

// goPackage is a package of this module as go list prints it; name is its path within the module.
type goPackage struct {
	name       string
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(list))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		p.name = "main"
		if name, ok := strings.CutPrefix(p.ImportPath, "usagegraph/"); ok {
			p.name = name
		}
		all = append(all, p)
	}
}

func directions(name string) (allowed []string, known bool) {
	for pattern, list := range mayImport {
		if ok, _ := path.Match(pattern, name); ok {
			return list, true
		}
	}
	return nil, false
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}
