package graphqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// typeLists are the introspection fields that list other types, or fields of other types.
var typeLists = map[string]bool{"fields": true, "inputFields": true, "interfaces": true, "possibleTypes": true}

// introspection limits __schema and __type to the queries that tools send: without aliases, and without typeLists
// nested in each other. The response is then never much larger than the schema, so the depth of its fields does not
// count.
func (c *selectionChecker) introspection(f *ast.Field, inside selectionCounts) (selectionCounts, error) {
	switch {
	case !c.settings.Introspects():
		return inside, newError(codeIntrospection, "introspection is disabled: %s is not available, __typename is", f.Name)
	case f.Alias != f.Name || inside.aliases > 0:
		return inside, limitExceeded("introspection", "introspection fields have no aliases")
	case inside.typeLists > 1:
		return inside, limitExceeded("introspection", "the introspection fields fields, inputFields, interfaces and possibleTypes do not nest in each other")
	}
	inside.depth, inside.typeLists = 0, 0
	return inside, nil
}
