package db

import (
	"context"
	"strings"
)

// kin is what a statement for pages of a type T reads with them: the record whose list it is, or the children of the rows,
// or both.
type kin[T any] struct {
	parent   *Parent
	children beside[T]
}

// none tells that there is no kin.
func (k kin[T]) none() bool { return k.parent == nil && k.children == nil }

// join joins kin to a statement for pages of these fields, sorted: the one of one parent, in its order, or those of many.
func (k kin[T]) join(ctx context.Context, r *Reader, c *compiler, pages string, fields *fields[T], order string, one bool) string {
	columns, from, width := fields.list, "("+pages+") t", len(fields.targets)
	inOrder := one && r.store.dialect.keepsOrder
	parent := ""
	if k.parent != nil {
		parent = k.parent.statement(r, c)
	}
	if !one {
		columns, order = "t.ord, "+columns, "t.ord, "+order
	}
	if k.parent != nil && !inOrder {
		columns, from = "a.*, "+columns, "("+parent+") a LEFT JOIN "+from+" ON TRUE"
	}
	if k.children != nil {
		join, of, place, more := k.children.join(ctx, r, c)
		columns, from, order, width = columns+", "+of, from+join, order+", "+place, width+more
	}
	switch {
	case !inOrder:
		return "SELECT " + columns + " FROM " + from + " ORDER BY " + order
	case k.parent != nil:
		// As a row of its own, the parent does not stand in each of the others.
		return "SELECT a.*" + strings.Repeat(", NULL", width) + " FROM (" + parent + ") a UNION ALL SELECT " +
			strings.Repeat("NULL, ", len(k.parent.targets)) + columns + " FROM " + from
	}
	return "SELECT " + columns + " FROM " + from
}
