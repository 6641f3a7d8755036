// Package coercion checks the variables and arguments of an operation by the input coercion rules of the GraphQL
// specification. The executor's own coercion accepts values that these rules reject.
package coercion

import (
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/graph"
)

// Variables coerces the variables of a request, decoded from JSON, to the types that the operation declares. It
// returns the given variables only: the executor adds the defaults. The values of custom scalars are returned
// unchecked; the fields check them. For the first value that does not match its type it returns a
// GRAPHQL_VALIDATION_FAILED error; its path is "variable", the name of the variable and the position in its
// value.
func Variables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, *gqlerror.Error) {
	c := coercer{schema}
	coerced := make(map[string]any, len(given))
	for _, v := range operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		value, isGiven := given[v.Variable]
		if !isGiven {
			if v.Type.NonNull && v.DefaultValue == nil {
				return nil, invalid(path, "%s: want a value, but none is given", v.Type)
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

// invalid returns the error of a value that does not match its type.
func invalid(path ast.Path, format string, args ...any) *gqlerror.Error {
	err := gqlerror.ErrorPathf(slices.Clone(path), format, args...)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

type coercer struct{ schema *ast.Schema }

func (c coercer) value(path ast.Path, t *ast.Type, v any) (any, *gqlerror.Error) {
	switch {
	case v == nil && t.NonNull:
		return nil, invalid(path, "%s: want a value, not null", t)
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

// list coerces a list; a single value becomes a list of one.
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
		return nil, invalid(path, "%s: want one of its values, not %s", definition.Name, graph.Kind(v))
	case definition.EnumValues.ForName(name) == nil:
		return nil, invalid(path, "%s: want one of its values, not %q", definition.Name, name)
	}
	return name, nil
}

func (c coercer) object(path ast.Path, definition *ast.Definition, v any) (any, *gqlerror.Error) {
	members, ok := v.(map[string]any)
	if !ok {
		return nil, invalid(path, "%s: want an object, not %s", definition.Name, graph.Kind(v))
	}
	for name := range members {
		if definition.Fields.ForName(name) == nil {
			return nil, invalid(append(path, ast.PathName(name)), "%s: unknown field", definition.Name)
		}
	}
	coerced := make(map[string]any, len(members))
	for _, field := range definition.Fields {
		path := append(path, ast.PathName(field.Name))
		value, isGiven := members[field.Name]
		if !isGiven {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, invalid(path, "%s: want a value, but none is given", field.Type)
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

// oneOf returns an error for a OneOf input object that does not have exactly one field, or has null for it.
func oneOf(path ast.Path, definition *ast.Definition, members map[string]any) *gqlerror.Error {
	if definition.Directives.ForName("oneOf") == nil {
		return nil
	}
	if len(members) != 1 {
		return invalid(path, "%s: want exactly one field, not %d", definition.Name, len(members))
	}
	for name, value := range members {
		if value == nil {
			return invalid(append(path, ast.PathName(name)), "%s: want a value, not null: %s has exactly one field", definition.Fields.ForName(name).Type, definition.Name)
		}
	}
	return nil
}

// scalar coerces a value of a built-in scalar or of Long. It returns the values of other scalars unchanged.
func scalar(path ast.Path, name string, v any) (any, *gqlerror.Error) {
	var err error
	switch name {
	case "Int":
		v = wholeNumber(v)
		_, err = graph.UnmarshalInt(v)
	case "Long":
		v = wholeNumber(v)
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
		return nil, invalid(path, "%s", err)
	}
	return v, nil
}

// wholeNumber returns an int64 for a JSON number with a whole value, such as 2.0 or 1e3, and any other value unchanged.
func wholeNumber(v any) any {
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
