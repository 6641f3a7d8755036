// Package coercion checks the inputs of an operation against the types of the schema, by the rules for input coercion of
// the GraphQL specification. The executor's own coercion takes values that the rules refuse.
package coercion

import (
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/graph"
)

// Variables coerces the variables of a request, as JSON has them, to the types that the operation declares, and returns
// those that the request gives. Defaults are left to the executor, and so is the content of custom scalars, which is
// checked where a field takes it. The first value that does not fit its type is a GRAPHQL_VALIDATION_FAILED error, whose
// path is "variable", the variable's name and the place in its value.
func Variables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, *gqlerror.Error) {
	c := coercer{schema}
	coerced := make(map[string]any, len(given))
	for _, v := range operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		value, isGiven := given[v.Variable]
		if !isGiven {
			if v.Type.NonNull && v.DefaultValue == nil {
				return nil, wrong(path, "%s: want a value, but none is given", v.Type)
			}
			continue
		}
		var err *gqlerror.Error
		if coerced[v.Variable], err = c.value(path, v.Type, value); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

// wrong makes the error of a value that does not fit its type.
func wrong(path ast.Path, format string, args ...any) *gqlerror.Error {
	err := gqlerror.ErrorPathf(slices.Clone(path), format, args...)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

type coercer struct{ schema *ast.Schema }

func (c coercer) value(path ast.Path, t *ast.Type, v any) (any, *gqlerror.Error) {
	switch {
	case v == nil && t.NonNull:
		return nil, wrong(path, "%s: want a value, not null", t)
	case v == nil:
		return nil, nil
	case t.Elem != nil:
		return c.list(path, t.Elem, v)
	}
	switch definition := c.schema.Types[t.NamedType]; definition.Kind {
	case ast.Enum:
		return enum(path, definition, v)
	case ast.InputObject:
		return c.object(path, definition, v)
	}
	return scalar(path, t.NamedType, v)
}

// list coerces a list, or one value in place of a list of one.
func (c coercer) list(path ast.Path, of *ast.Type, v any) (any, *gqlerror.Error) {
	elements, ok := v.([]any)
	if !ok {
		elements = []any{v}
	}
	coerced := make([]any, len(elements))
	for i, element := range elements {
		var err *gqlerror.Error
		if coerced[i], err = c.value(append(path, ast.PathIndex(i)), of, element); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

func enum(path ast.Path, definition *ast.Definition, v any) (any, *gqlerror.Error) {
	name, ok := v.(string)
	switch {
	case !ok:
		return nil, wrong(path, "%s: want one of its values, not %s", definition.Name, graph.Kind(v))
	case definition.EnumValues.ForName(name) == nil:
		return nil, wrong(path, "%s: want one of its values, not %q", definition.Name, name)
	}
	return name, nil
}

func (c coercer) object(path ast.Path, definition *ast.Definition, v any) (any, *gqlerror.Error) {
	members, ok := v.(map[string]any)
	if !ok {
		return nil, wrong(path, "%s: want an object, not %s", definition.Name, graph.Kind(v))
	}
	for name := range members {
		if definition.Fields.ForName(name) == nil {
			return nil, wrong(append(path, ast.PathName(name)), "%s: it has no such field", definition.Name)
		}
	}
	coerced := make(map[string]any, len(members))
	for _, field := range definition.Fields {
		path := append(path, ast.PathName(field.Name))
		value, isGiven := members[field.Name]
		if !isGiven {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, wrong(path, "%s: want a value, but none is given", field.Type)
			}
			continue
		}
		var err *gqlerror.Error
		if coerced[field.Name], err = c.value(path, field.Type, value); err != nil {
			return nil, err
		}
	}
	return coerced, oneOf(path, definition, coerced)
}

// oneOf returns an error unless a OneOf input object has exactly one field, which is not null.
func oneOf(path ast.Path, definition *ast.Definition, members map[string]any) *gqlerror.Error {
	if definition.Directives.ForName("oneOf") == nil {
		return nil
	}
	if len(members) != 1 {
		return wrong(path, "%s: want exactly one field, not %d", definition.Name, len(members))
	}
	for name, value := range members {
		if value == nil {
			return wrong(append(path, ast.PathName(name)), "%s: want a value, not null: %s has exactly one field", definition.Fields.ForName(name).Type, definition.Name)
		}
	}
	return nil
}

// scalar coerces a value of a scalar of the specification, and a whole number however it is written. Other values of custom
// scalars stay as they are.
func scalar(path ast.Path, name string, v any) (any, *gqlerror.Error) {
	var err error
	switch name {
	case "Int":
		v = whole(v)
		_, err = graph.UnmarshalInt(v)
	case "Long":
		v = whole(v)
	case "ID":
		v, err = graph.UnmarshalIDText(v)
	case "String":
		_, err = graph.UnmarshalString(v)
	case "Boolean":
		if _, ok := v.(bool); !ok {
			err = graph.WrongType(v, name, "true or false")
		}
	}
	if err != nil {
		return nil, wrong(path, "%s", err)
	}
	return v, nil
}

// whole returns a whole number for a JSON number that is one, such as 2.0 or 1e3: JSON has one kind of number.
func whole(v any) any {
	number, ok := v.(json.Number)
	if !ok {
		return v
	}
	if n, err := number.Int64(); err == nil {
		return n
	}
	if d, err := graph.UnmarshalDecimal(number); err == nil && d.IsInt() {
		if n, _, ok := d.Int64(0); ok {
			return n
		}
	}
	return v
}
