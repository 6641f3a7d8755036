package queryplan

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// countFields are the fields of a connection that need no page of it.
var countFields = []string{"totalCount", "countUpTo", "__typename"}

// countsOnly reports whether an operation selects nothing but countFields of a connection, by the name of its type.
func countsOnly(of string, operation *graphql.OperationContext, set ast.SelectionSet) bool {
	return !slices.ContainsFunc(graphql.CollectFields(operation, set, []string{of}), func(f graphql.CollectedField) bool {
		return !slices.Contains(countFields, f.Name)
	})
}

// Counting returns a copy for the resolver of a connection of which the operation selects only the length.
func (r *Read) Counting() *Read { return &Read{r.projection, nil, true} }

// CountsOnly reports whether the operation selects only the length of the connection that is being resolved.
func (r *Read) CountsOnly(ctx context.Context) bool {
	if r != nil {
		return r.countsOnly
	}
	f := graphql.GetFieldContext(ctx)
	return f != nil && f.Field.Field != nil && countsOnly(f.Field.Definition.Type.Name(), graphql.GetOperationContext(ctx), f.Field.Selections)
}
