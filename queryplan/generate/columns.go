package main

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/codegen"
	"golang.org/x/tools/go/packages"
)

// all stands for every column of a struct, link for those that lead to other records.
const (
	all  = "*"
	link = "link"
)

// columns finds out which stored columns a field is answered from: those of the struct's fields that it is bound to, or
// that the method reads which it is bound to. A resolver has only keys to go by: the record's own, or one that leads from it
// to another record.
type columns struct {
	of     *types.Named
	source *packages.Package
	seen   map[string]bool
	found  map[string]bool
}

// Struct is the name of the struct that an object of the schema is stored as; empty where it is not stored.
func (s schema) Struct(o *codegen.Object) string {
	named, ok := types.Unalias(o.Type).(*types.Named)
	if !ok || !stored(named) {
		return ""
	}
	return named.Obj().Name()
}

// stored tells whether a struct has columns.
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

// Columns are the columns that a field is answered from, in alphabetical order.
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

// member takes in what a field or method of the struct reads.
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

// embedded takes in a field of an embedded struct, or all of its fields.
func (c *columns) embedded(s *types.Struct, name string, whole bool) (found bool) {
	for i := range s.NumFields() {
		if whole || s.Field(i).Name() == name {
			c.found[column(s, i)] = true
			found = true
		}
	}
	return found
}

// method takes in what a method reads of its receiver; one that does anything else with it may read all.
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

// declaration finds a method of the struct in the source.
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
