package resolvers_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// enum is a value of an enum, which has no quotes.
type enum string

// value returns a value of an input type, with at most the given levels of input objects.
func (a *queryGenerator) value(t *ast.Type, levels int) any {
	if !t.NonNull && a.chance(6) {
		return nil
	}
	if t.Elem != nil {
		return []any{a.value(t.Elem, levels), a.value(t.Elem, levels)}[:1+a.IntN(2)]
	}
	def := a.schema.Types[t.NamedType]
	switch {
	case def.Kind == ast.Enum:
		return enum(pick(a, def.EnumValues).Name)
	case def.Kind == ast.InputObject:
		return a.object(def, levels)
	}
	switch t.NamedType {
	case "Boolean":
		return a.chance(50)
	case "ID":
		return pick(a, a.ids)
	case "Int", "Long":
		return json.Number(pick(a, []string{"1", "2", "3", "5", "0", "1001"}))
	case "Decimal":
		return pick(a, []string{"0.10", "0", "1", "60", "1e3"})
	case "DateTime":
		return pick(a, []string{"2025-01-03T00:00:00Z", "2019-06-01T10:00:00+02:00", "yesterday"})
	case "Date":
		return pick(a, []string{"2025-01-03", "2025-02-30"})
	case "YearMonth":
		return pick(a, []string{"2021-05", "2021-13"})
	}
	return pick(a, a.texts)
}

func (a *queryGenerator) object(def *ast.Definition, levels int) any {
	object := map[string]any{}
	for _, f := range def.Fields {
		if f.Type.NonNull {
			object[f.Name] = a.value(f.Type, levels-1)
		}
	}
	for len(object) == 0 || levels > 0 && len(object) < len(def.Fields) && def.Directives.ForName("oneOf") == nil && a.chance(20) {
		f := pick(a, def.Fields)
		if levels <= 0 && a.schema.Types[f.Type.Name()].Kind == ast.InputObject {
			return object
		}
		object[f.Name] = a.value(&ast.Type{NamedType: f.Type.NamedType, Elem: f.Type.Elem, NonNull: true}, levels-1)
	}
	return object
}

// literal formats a value in the syntax of GraphQL.
func literal(value any) string {
	switch v := value.(type) {
	case enum:
		return string(v)
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, literal(e))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case map[string]any:
		var members []string
		for name, e := range v {
			members = append(members, name+": "+literal(e))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ", ") + "}"
	}
	text, _ := json.Marshal(value)
	return string(text)
}

// jsonValue returns a value as decoded from JSON.
func jsonValue(value any) any {
	switch v := value.(type) {
	case enum:
		return string(v)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = jsonValue(e)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, e := range v {
			object[name] = jsonValue(e)
		}
		return object
	}
	return value
}
