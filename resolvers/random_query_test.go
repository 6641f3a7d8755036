package resolvers_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// lists are the fields of Query with the records of each type.
var lists = []string{"customers", "subscriptions", "usageRecords", "usageSummaries", "buckets", "consumptionReports"}

// queryGenerator generates random queries with all fields of the schema, in all forms of GraphQL.
type queryGenerator struct {
	*rand.Rand
	schema *ast.Schema
	// ids and texts are values of arguments. Most of them match a record.
	ids, texts []string
	// cursors and records hold the cursors and the source ids of each list.
	cursors map[string][]string
	records map[string][]any

	names       int
	fragments   strings.Builder
	definitions []string
	variables   map[string]any
}

// query returns the next query. Half of the queries are of one list, so that more of their selections are reached.
func (a *queryGenerator) query() graphql.RawParams {
	a.fragments.Reset()
	a.definitions, a.variables = nil, map[string]any{}
	var selection string
	if a.chance(50) {
		selection = a.selection(a.schema.Query, 4)
	} else {
		list := pick(a, lists)
		nodes := a.schema.Types[a.schema.Query.Fields.ForName(list).Type.Name()].Fields.ForName("nodes")
		selection = "{" + list + "(first: 3) {nodes " + a.selection(a.schema.Types[nodes.Type.Name()], 4) + "}}"
	}
	head := "query"
	if len(a.definitions) > 0 {
		head += "(" + strings.Join(a.definitions, ", ") + ")"
	}
	return graphql.RawParams{Query: head + " " + selection + a.fragments.String(), Variables: a.variables}
}

func (a *queryGenerator) chance(percent int) bool { return a.IntN(100) < percent }

func pick[T any](a *queryGenerator, of []T) T { return of[a.IntN(len(of))] }

func (a *queryGenerator) name(prefix string) string {
	a.names++
	return fmt.Sprintf("%s%d", prefix, a.names)
}

// selection returns a selection of a type, with at most the given levels of objects below it.
func (a *queryGenerator) selection(of *ast.Definition, levels int) string {
	var parts []string
	for range 1 + a.IntN(4) {
		switch n := a.IntN(100); {
		case n < 8, of.Kind == ast.Union && levels == 0:
			parts = append(parts, "__typename")
		case n < 22 && levels > 0:
			parts = append(parts, "..."+a.condition(of)+a.directive()+" "+a.selection(of, levels-1))
		case n < 34 && levels > 0:
			name := a.name("F")
			fmt.Fprintf(&a.fragments, " fragment %s on %s %s", name, pick(a, append(a.schema.GetImplements(of), of)).Name, a.fragment(of, levels-1))
			parts = append(parts, "..."+name+a.directive())
		case (n < 45 || of.Kind == ast.Union) && of.IsAbstractType() && levels > 0:
			one := pick(a, a.schema.GetPossibleTypes(of))
			parts = append(parts, "... on "+one.Name+" "+a.selection(one, levels-1))
		default:
			parts = append(parts, a.field(of, levels)...)
		}
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// fragment returns the selection of a fragment on a type or its interface: only the fields of Node are allowed
// directly.
func (a *queryGenerator) fragment(of *ast.Definition, levels int) string {
	if len(of.Interfaces) > 0 && !strings.HasSuffix(a.fragments.String(), " on "+of.Name+" ") {
		return "{id __typename ... on " + of.Name + " " + a.selection(of, levels) + "}"
	}
	return a.selection(of, levels)
}

func (a *queryGenerator) condition(of *ast.Definition) string {
	if a.chance(50) {
		return ""
	}
	return " on " + of.Name
}

// field returns a field, sometimes twice: GraphQL merges the two in the answer.
func (a *queryGenerator) field(of *ast.Definition, levels int) []string {
	f := pick(a, of.Fields)
	result := a.schema.Types[f.Type.Name()]
	if strings.HasPrefix(f.Name, "__") || levels == 0 && !result.IsLeafType() {
		return []string{a.name("t") + ": __typename"}
	}
	head := f.Name + a.arguments(f)
	if len(f.Arguments) > 0 || a.chance(30) {
		head = a.name("a") + ": " + head
	}
	var fields []string
	for range 1 + a.IntN(6)/5 {
		text := head + a.directive()
		if !result.IsLeafType() {
			text += " " + a.selection(result, levels-1)
		}
		fields = append(fields, text)
	}
	return fields
}

func (a *queryGenerator) directive() string {
	if a.chance(88) {
		return ""
	}
	condition := a.value(ast.NonNullNamedType("Boolean", nil), 0)
	return fmt.Sprintf(" @%s(if: %s)", pick(a, []string{"skip", "include"}), a.literalOrVariable(ast.NonNullNamedType("Boolean", nil), condition))
}

func (a *queryGenerator) arguments(f *ast.FieldDefinition) string {
	var given []string
	for _, arg := range f.Arguments {
		var value any
		list := a.cursors[f.Name]
		switch {
		case arg.Name == "first" && a.chance(80):
			value = json.Number(fmt.Sprint(1 + a.IntN(3)))
		case (arg.Name == "after" || arg.Name == "before") && len(list) > 0 && a.chance(6):
			value = pick(a, list)
		case arg.Name == "by" && a.records[f.Name+"s"] != nil && a.chance(80):
			value = a.existing(f, arg)
		case (!arg.Type.NonNull || arg.DefaultValue != nil) && a.chance(94):
			continue
		default:
			value = a.value(arg.Type, 2)
		}
		given = append(given, arg.Name+": "+a.literalOrVariable(arg.Type, value))
	}
	if given == nil {
		return ""
	}
	return "(" + strings.Join(given, ", ") + ")"
}

// existing returns an argument that finds a record, from the list with the field's name in the plural.
func (a *queryGenerator) existing(f *ast.FieldDefinition, arg *ast.ArgumentDefinition) any {
	record := pick(a, a.records[f.Name+"s"])
	if a.schema.Types[arg.Type.NamedType].Fields.ForName("sourceId") != nil {
		return map[string]any{"sourceId": record}
	}
	return record
}

// literalOrVariable writes a value as a literal, or as a variable with this value.
func (a *queryGenerator) literalOrVariable(t *ast.Type, value any) string {
	if a.chance(60) {
		return literal(value)
	}
	name := a.name("v")
	definition := "$" + name + ": " + t.String()
	switch {
	case a.chance(20) && value != nil:
		definition += " = " + literal(value)
	case a.chance(1) && value != nil:
		// A variable of a nullable type with a default is allowed in a non-null position.
		nullable := *t
		nullable.NonNull = false
		definition = "$" + name + ": " + nullable.String() + " = " + literal(value)
		a.variables[name] = nil
	default:
		a.variables[name] = jsonValue(value)
	}
	a.definitions = append(a.definitions, definition)
	return "$" + name
}
