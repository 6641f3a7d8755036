package db

import "context"

// kin is what a statement for pages of a type T reads with them: the record whose list it is, or the children of the rows,
// or both.
type kin[T any] struct {
	parent   *Parent
	children beside[T]
}

// join joins kin to a statement for pages: the one of one parent, in its order, or those of many.
func (k kin[T]) join(ctx context.Context, r *Reader, c *compiler, pages, order string, one bool) string {
	columns, from := "t.*", "("+pages+") t"
	if !one {
		order = "t.ord, " + order
	}
	if k.parent != nil {
		columns, from = "a.*, "+columns, "("+k.parent.statement(ctx, r, c)+") a LEFT JOIN "+from+" ON TRUE"
	}
	if k.children != nil {
		join, of, place := k.children.join(ctx, r, c)
		columns, from, order = columns+", "+of, from+join, order+", "+place
	}
	if one && k.parent == nil && r.store.dialect.keepsOrder {
		return "SELECT " + columns + " FROM " + from
	}
	return "SELECT " + columns + " FROM " + from + " ORDER BY " + order
}
