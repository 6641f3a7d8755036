package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
	"golang.org/x/tools/go/packages"
)

// columns collects the struct fields with columns that a field of the schema needs: the one to which it is bound, or
// those that its method reads. A resolver needs the column of its name or, without one, keys: the record's own, or one that
// leads to another record.
type columns struct {
	of     *types.Named
	source *packages.Package
	seen   map[string]bool
	found  map[string]bool
	err    error
}

// stored reports whether a struct has columns.
func stored(t *types.Named) bool {
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range fields.NumFields() {
		if column(fields, i) != "" {
			return true
		}
	}
	return false
}

func column(s *types.Struct, i int) string {
	name := reflect.StructTag(s.Tag(i)).Get("db")
	if name == "-" {
		return ""
	}
	return name
}

// hasColumn reports whether a struct with columns has one in the field of a name.
func hasColumn(t *types.Named, name string) bool {
	fields := t.Underlying().(*types.Struct)
	for i := range fields.NumFields() {
		if fields.Field(i).Name() == name && column(fields, i) != "" {
			return true
		}
	}
	return false
}

// Columns returns the code of the columns that a field needs; empty if it needs none.
func (s schema) Columns(f *codegen.Field) (string, error) {
	named, ok := types.Unalias(f.Object.Type).(*types.Named)
	if !ok || !stored(named) {
		return "", nil
	}
	imports := templates.CurrentImports
	if f.IsResolver && hasColumn(named, f.GoFieldName) {
		return fmt.Sprintf("db.ColumnsOf(func(row *%s) []any { return []any{&row.%s} })", imports.LookupType(named), f.GoFieldName), nil
	}
	if f.IsResolver {
		if len(f.Args) > 0 || f.TypeReference.IsSlice() {
			return "", nil
		}
		return "db.Links[" + imports.LookupType(named) + "]()", nil
	}
	c := &columns{of: named, source: s.Config.Packages.LoadWithTypes(named.Obj().Pkg().Path()), seen: map[string]bool{}, found: map[string]bool{}}
	c.member(f.GoFieldName)
	switch {
	case c.err != nil || len(c.found) == 0:
		return "", c.err
	case named.Obj().Name() == "Connection" && c.found["HasNextPage"]:
		return "db.WithPageInfo", nil
	case named.Obj().Name() == "Connection":
		return "db.WithCursors", nil
	}
	names := slices.Sorted(maps.Keys(c.found))
	return fmt.Sprintf("db.ColumnsOf(func(row *%s) []any { return []any{&row.%s} })", imports.LookupType(named), strings.Join(names, ", &row.")), nil
}

// member adds the columns that a field or method of the struct reads.
func (c *columns) member(name string) {
	if c.seen[name] {
		return
	}
	c.seen[name] = true
	fields := c.of.Underlying().(*types.Struct)
	for i := range fields.NumFields() {
		field := fields.Field(i)
		embedded, ok := field.Type().Underlying().(*types.Struct)
		switch {
		case ok && field.Embedded() && c.embedded(embedded, name, field.Name() == name):
			return
		case field.Name() == name:
			if column(fields, i) != "" {
				c.found[name] = true
			}
			return
		}
	}
	c.method(name)
}

// embedded adds the column of a field of an embedded struct, or those of all its fields.
func (c *columns) embedded(s *types.Struct, name string, whole bool) (found bool) {
	for i := range s.NumFields() {
		if whole || s.Field(i).Name() == name {
			c.found[s.Field(i).Name()] = true
			found = true
		}
	}
	return found
}

// method adds the columns that a method reads from its receiver. The method must not use the receiver in any other way.
func (c *columns) method(name string) {
	declared := c.declaration(name)
	if declared == nil || declared.Body == nil {
		c.err = fmt.Errorf("%s.%s: its declaration was not found", c.of.Obj().Name(), name)
		return
	}
	if len(declared.Recv.List[0].Names) == 0 {
		return
	}
	receiver := c.source.TypesInfo.Defs[declared.Recv.List[0].Names[0]]
	selected := map[*ast.Ident]bool{}
	ast.Inspect(declared.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if of, ok := n.X.(*ast.Ident); ok && c.source.TypesInfo.Uses[of] == receiver {
				selected[of] = true
				c.member(n.Sel.Name)
			}
		case *ast.Ident:
			if c.source.TypesInfo.Uses[n] == receiver && !selected[n] {
				c.err = fmt.Errorf("%s.%s uses its receiver as a whole: let it pass on fields, so that the columns it needs are known", c.of.Obj().Name(), name)
			}
		}
		return true
	})
}

// declaration returns the declaration of a method of the struct.
func (c *columns) declaration(name string) *ast.FuncDecl {
	for _, file := range c.source.Syntax {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != name {
				continue
			}
			of := f.Recv.List[0].Type
			if pointer, ok := of.(*ast.StarExpr); ok {
				of = pointer.X
			}
			if generic, ok := of.(*ast.IndexExpr); ok {
				of = generic.X
			}
			if of, ok := of.(*ast.Ident); ok && of.Name == c.of.Obj().Name() {
				return f
			}
		}
	}
	return nil
}
