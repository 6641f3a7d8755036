package main

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/codegen"
	"golang.org/x/tools/go/packages"
)

// all stands for every column of a struct, link for the columns that lead to other records.
const (
	all  = "*"
	link = "link"
)

// columns collects the columns that a field needs: those of the struct field to which it is bound, or those that its
// method reads. A resolver needs only keys: the record's own, or one that leads to another record.
type columns struct {
	of     *types.Named
	source *packages.Package
	seen   map[string]bool
	found  map[string]bool
}

// Struct returns the name of the struct that stores an object of the schema; empty if it is not stored.
func (s schema) Struct(o *codegen.Object) string {
	named, ok := types.Unalias(o.Type).(*types.Named)
	if !ok || !stored(named) {
		return ""
	}
	return named.Obj().Name()
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

// Columns returns the columns that a field needs, in alphabetical order.
func (s schema) Columns(f *codegen.Field) []string {
	switch {
	case s.Struct(f.Object) == "":
		return nil
	case f.IsResolver && len(f.Args) == 0 && !f.TypeReference.IsSlice():
		return []string{link}
	case f.IsResolver:
		return nil
	}
	named := types.Unalias(f.Object.Type).(*types.Named)
	c := &columns{of: named, source: s.Config.Packages.LoadWithTypes(named.Obj().Pkg().Path()), seen: map[string]bool{}, found: map[string]bool{}}
	c.member(f.GoFieldName)
	if c.found[all] {
		return []string{all}
	}
	names := make([]string, 0, len(c.found))
	for name := range c.found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
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
			if column := column(fields, i); column != "" {
				c.found[column] = true
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
			c.found[column(s, i)] = true
			found = true
		}
	}
	return found
}

// method adds the columns that a method reads from its receiver. If it uses the receiver in any other way, it adds all.
func (c *columns) method(name string) {
	declared := c.declaration(name)
	if declared == nil || declared.Body == nil {
		c.found[all] = true
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
				c.found[all] = true
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
