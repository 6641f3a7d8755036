package db

import (
	"context"
	"strings"
)

// pageJoins is what a statement for pages of a type T reads with them: the record whose list it is, or the children of the rows,
// or both. The record is the relation a of the statement, made by a query for it.
type pageJoins[T any] struct {
	parent    *Parent
	parentSQL string
	children  childJoin[T]
}

// isEmpty tells that there is no kin.
func (j pageJoins[T]) isEmpty() bool { return j.parent == nil && j.children == nil }

// join joins kin to a statement for pages of these fields, sorted: the one of one parent, in its order, or those of many.
func (j pageJoins[T]) join(ctx context.Context, r *Reader, c *compiler, pages string, fields *fields[T], order string, one bool) string {
	columns, from, width := fields.list, "("+pages+") t", len(fields.targets)
	if !one {
		columns, order = "t.ord, "+columns, "t.ord, "+order
	}
	if j.children != nil {
		join, of, more := j.children.join(ctx, r, c)
		columns, from, width = columns+", "+of, from+join, width+more
	}
	if j.parent != nil {
		columns = strings.Repeat("NULL, ", len(j.parent.targets)) + columns
	}
	list := "SELECT " + columns + " FROM " + from
	inOrder := one && r.store.dialect.keepsOrder
	if !inOrder {
		list += " ORDER BY " + order
	}
	if j.parent == nil {
		return list
	}
	if !inOrder {
		list = "(" + list + ")"
	}
	// As a row of its own, the parent does not stand in each of the others.
	return "WITH a AS (" + j.parentSQL + ") SELECT a.*" + strings.Repeat(", NULL", width) + " FROM a UNION ALL " + list
}
