// Package queryplan compiles the selection of an operation into a plan, once, so that its answers can be encoded
// without interpreting the query again. An encoder, which is generated from the schema together with the executor,
// follows the plan and appends JSON. The executor answers operations without a plan, and those in
// which a method of a record panics.
package queryplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// maxFields is the maximum number of fields of a plan. Fields of fragments count at each spread, because a short query
// can spread a fragment many times. The executor answers larger operations: it visits a selection only if there are
// objects.
const maxFields = 5000

// Plan is the compiled selection of one operation with one set of Boolean variables.
type Plan struct {
	// Root is the selection of the root object; nil if the executor answers the operation.
	Root *Selection
	// Calls is the number of fields with arguments.
	Calls int

	// Read holds what the resolvers read.
	Read   *Read
	fields int
}

// Read holds what the resolvers of a plan read. They resolve the fields of an answer one after another, so a loader need
// not wait for concurrent requests. It is nil for the executor, which reads all columns and resolves fields concurrently.
type Read struct {
	projection *db.Projection
	// Prefetch requests the first list that the operation selects of an object that is found by its ID and has no values
	// yet, so that both can be read in one statement. It is nil except for the resolver of such an object.
	Prefetch func(object db.Node)
	// countsOnly is set for the resolver of a connection of which the operation selects only the length.
	countsOnly bool
}

// Projection returns the columns that the operation needs, in any of its fields.
func (r *Read) Projection() *db.Projection {
	if r == nil {
		return db.AllColumns
	}
	return r.projection
}

// Prefetching returns a copy with Prefetch.
func (r *Read) Prefetching(request func(object db.Node)) *Read {
	return &Read{r.projection, request, false}
}

// Selection holds the selected fields of an object.
type Selection struct {
	Fields []Field
	// Of holds the selections by the object's type, for an interface or union.
	Of map[string]*Selection
	// First holds the first list among the fields of an object, with an empty selection; it has selections by type,
	// too.
	First *Selection
}

// Field is a member of an object in the answer.
type Field struct {
	// Key is the member's name in JSON, with the separator from the previous member. For __typename it includes the
	// value.
	Key string
	// Number is the index of the field in the definition of its type; -1 for __typename.
	Number int
	// Call is the index of the field's arguments among those of the plan.
	Call int
	// Selection holds the selected fields of the field's objects; nil for scalars and enums.
	Selection *Selection
	// CountsOnly is true for a connection of which the operation selects only the length.
	CountsOnly bool
	// NonNull is set if the value must not be null, nonNullElements if it is a list whose elements must not be null.
	NonNull, nonNullElements bool
	// object is the name of the type to which the field belongs.
	object    string
	collected graphql.CollectedField
}

// Arguments returns the field's arguments with the values of variables.
func (f *Field) Arguments(variables map[string]any) map[string]any {
	return f.collected.ArgumentMap(variables)
}

// compiler compiles an operation into a plan.
type compiler struct {
	schema    *ast.Schema
	operation *graphql.OperationContext
	// unsupported are the fields, as Type.field, that the encoder does not support.
	unsupported map[string]bool
	// columns are the columns that each field, as Type.field, needs, selected those of the operation.
	columns  map[string]db.Columns
	selected map[string]db.Columns
	plan     *Plan
	// fallBack is set if the executor must answer the operation.
	fallBack bool
}

// compile returns the plan of an operation.
func (s *Schema) compile(operation *graphql.OperationContext) *Plan {
	c := &compiler{schema: s.Schema(), operation: operation, unsupported: s.unsupported, columns: s.columns, selected: map[string]db.Columns{}, plan: &Plan{}}
	root := c.object(c.schema.Query, operation.Operation.SelectionSet)
	if c.fallBack {
		return &Plan{}
	}
	c.plan.Root, c.plan.Read = root, &Read{projection: db.Project(slices.Collect(maps.Values(c.selected))...)}
	return c.plan
}

// selection compiles the selection of an object of a type; nil for a scalar or enum.
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
		if f.Selection != nil && f.Number >= 0 && len(f.collected.Definition.Arguments) > 0 && !f.CountsOnly {
			f.Selection = &Selection{}
			first.Fields = append(first.Fields, f)
			break
		}
	}
	return first
}

// object compiles the selection of an object type. It collects fields as the executor does, in the same order.
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
		// A field selected on a union and on its member is collected twice; the executor writes only the first one.
		if written[f.Alias] {
			continue
		}
		written[f.Alias] = true
		if c.fallBack = c.fallBack || c.plan.fields > maxFields || len(f.Deferrables) > 0 || c.unsupported[of.Name+"."+f.Name]; c.fallBack {
			return nil
		}
		s.Fields = append(s.Fields, c.field(of, f, len(s.Fields) == 0))
	}
	return s
}

func (c *compiler) field(of *ast.Definition, f graphql.CollectedField, first bool) Field {
	value := f.Definition.Type
	planned := Field{
		Key: `,"` + f.Alias + `":`, Number: -1, object: of.Name, collected: f,
		NonNull: value.NonNull, nonNullElements: value.Elem != nil && value.Elem.NonNull,
	}
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
	// __schema and __type are in no type definition.
	if planned.Number < 0 || strings.HasPrefix(f.Name, "__") {
		c.fallBack = true
		return planned
	}
	if name := of.Name + "." + f.Name; c.columns[name] != nil {
		c.selected[name] = c.columns[name]
	}
	if len(f.Definition.Arguments) > 0 {
		planned.Call = c.plan.Calls
		c.plan.Calls++
	}
	planned.Selection = c.selection(c.schema.Types[f.Definition.Type.Name()], f.Selections)
	planned.CountsOnly = planned.Selection != nil && countsOnly(f.Definition.Type.Name(), c.operation, f.Selections)
	return planned
}
