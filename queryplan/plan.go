// Package queryplan works out what an operation asks for, once, so that its answers can be written without a look at the
// query: an encoder, which is generated from the schema beside the executor, walks the plan and the objects and appends
// bytes. What a plan does not cover, and whatever meets an error, the executor answers as if there were no plan.
package queryplan

import (
	"context"
	"maps"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// maxFields is how many fields a plan may have, with those of fragments counted wherever they are spread: a short query
// can spread a fragment over and over. What has more is left to the executor, which looks only where there are objects.
const maxFields = 5000

// Plan is what one operation asks for with one set of Boolean variables.
type Plan struct {
	// Root is what is asked of the root; nil where the operation is the executor's.
	Root *Selection
	// Calls is how many of the fields take arguments.
	Calls int

	// columns are what the fields are answered from, reading makes a context one in which those are read.
	columns Columns
	reading func(context.Context) context.Context
	fields  int
}

// Columns are names of stored columns, by the names of the structs that hold them; "*" is all of a struct's.
type Columns = map[string]map[string]bool

// Selection is what is asked of an object.
type Selection struct {
	Fields []Field
	// Of are the selections by the object's type, where that is only known with the object.
	Of map[string]*Selection
	// First is the first list of an object that is asked for, and nothing in it: by the object's type, too.
	First *Selection
}

// Field is a member of an object in the answer.
type Field struct {
	// Key is its name as JSON has it, with what stands between it and the member before; of __typename the value, too.
	Key string
	// Number is the field's place in the definition of its type; -1 for __typename.
	Number int
	// Call is the place of the field's arguments among those of the plan.
	Call int
	// Selection is what is asked of the field's objects; nil where they have no fields.
	Selection *Selection

	definition *ast.FieldDefinition
	arguments  ast.ArgumentList
}

// Arguments are the field's arguments as they were given; what a variable holds is found by its name.
func (f *Field) Arguments(variables map[string]any) map[string]any {
	field := ast.Field{Definition: f.definition, Arguments: f.arguments}
	return field.ArgumentMap(variables)
}

// compiler makes a plan.
type compiler struct {
	schema    *ast.Schema
	operation *graphql.OperationContext
	// unsupported are the fields, as Type.field, that the encoder leaves to the executor.
	unsupported map[string]bool
	// columns are those that each field, as Type.field, is answered from.
	columns map[string]Columns
	plan    *Plan
	// over is set where the operation turns out to be the executor's.
	over bool
}

// compile plans a query.
func (s *Schema) compile(operation *graphql.OperationContext) *Plan {
	c := &compiler{schema: s.Schema(), operation: operation, unsupported: s.unsupported, columns: s.columns, plan: &Plan{columns: Columns{}}}
	root := c.object(c.schema.Query, operation.Operation.SelectionSet)
	if c.over {
		return &Plan{}
	}
	c.plan.Root, c.plan.reading = root, s.reading(c.plan.columns)
	return c.plan
}

// selection plans what is asked of objects of a type; nil of a scalar or enum.
func (c *compiler) selection(of *ast.Definition, set ast.SelectionSet) *Selection {
	switch {
	case of.IsLeafType():
		return nil
	case of.IsAbstractType():
		s := &Selection{Of: map[string]*Selection{}, First: &Selection{Of: map[string]*Selection{}}}
		for _, t := range c.schema.GetPossibleTypes(of) {
			s.Of[t.Name] = c.object(t, set)
			s.First.Of[t.Name] = s.Of[t.Name].first()
		}
		return s
	}
	return c.object(of, set)
}

// first returns the selection of an object's first list alone.
func (s *Selection) first() *Selection {
	first := &Selection{}
	if s == nil {
		return first
	}
	for _, f := range s.Fields {
		if f.Selection != nil && f.Number >= 0 && len(f.definition.Arguments) > 0 {
			f.Selection = &Selection{}
			first.Fields = append(first.Fields, f)
			break
		}
	}
	return first
}

// object plans what is asked of an object. Which fields those are, and in which order, is the executor's own rule.
func (c *compiler) object(of *ast.Definition, set ast.SelectionSet) *Selection {
	types := []string{of.Name}
	for _, t := range c.schema.GetImplements(of) {
		types = append(types, t.Name)
	}
	collected := graphql.CollectFields(c.operation, set, types)
	s := &Selection{Fields: make([]Field, 0, len(collected))}
	c.plan.fields += len(collected)
	written := make(map[string]bool, len(collected))
	for _, f := range collected {
		// A field that is selected of a union and of a member is collected twice; the executor writes the first one alone.
		if written[f.Alias] {
			continue
		}
		written[f.Alias] = true
		if c.over = c.over || c.plan.fields > maxFields || len(f.Deferrables) > 0 || c.unsupported[of.Name+"."+f.Name]; c.over {
			return nil
		}
		s.Fields = append(s.Fields, c.field(of, f, len(s.Fields) == 0))
	}
	return s
}

func (c *compiler) field(of *ast.Definition, f graphql.CollectedField, first bool) Field {
	planned := Field{Key: `,"` + f.Alias + `":`, Number: -1, definition: f.Definition, arguments: f.Field.Arguments}
	if first {
		planned.Key = planned.Key[1:]
	}
	if f.Name == "__typename" {
		planned.Key += `"` + of.Name + `"`
		return planned
	}
	for i, definition := range of.Fields {
		if definition.Name == f.Name {
			planned.Number = i
		}
	}
	// __schema and __type are in no definition's order.
	if planned.Number < 0 || strings.HasPrefix(f.Name, "__") {
		c.over = true
		return planned
	}
	for table, columns := range c.columns[of.Name+"."+f.Name] {
		if c.plan.columns[table] == nil {
			c.plan.columns[table] = map[string]bool{}
		}
		maps.Copy(c.plan.columns[table], columns)
	}
	if len(f.Definition.Arguments) > 0 {
		planned.Call = c.plan.Calls
		c.plan.Calls++
	}
	planned.Selection = c.selection(c.schema.Types[f.Definition.Type.Name()], f.Selections)
	return planned
}
