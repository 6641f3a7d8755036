package graphqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// toOtherTypes are the lists that lead from a type of a schema to others, and so round and round.
var toOtherTypes = map[string]bool{"fields": true, "inputFields": true, "interfaces": true, "possibleTypes": true}

// introspection holds a question about the schema to what tools ask: each thing once, under its own name, and no list
// that leads to other types inside another. So its answer is never much larger than the schema. Within that it may be
// deep, for the type of an argument of a field of a type is.
func (m *measurer) introspection(f *ast.Field, inside extent) (extent, error) {
	switch {
	case !m.settings.Introspects():
		return inside, failed(codeIntrospection, "introspection is off here: %s is not answered, __typename is", f.Name)
	case f.Alias != f.Name || inside.aliases > 0:
		return inside, exceeded("introspection", "introspection takes no aliases")
	case inside.lists > 1:
		return inside, exceeded("introspection", "introspection goes from types to other types once: fields, inputFields, interfaces and possibleTypes do not nest")
	}
	inside.depth, inside.lists = 0, 0
	return inside, nil
}
