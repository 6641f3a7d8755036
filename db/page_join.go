package db

import "strings"

// pageJoins holds the related rows that a page query of type T reads in the same statement: the parent, children of the
// rows, or both. The parent is read by parentSQL, as the common table expression a.
type pageJoins[T any] struct {
	projection *Projection
	parent     *Parent
	parentSQL  string
	children   childJoin[T]
}

// isEmpty reports whether the page query reads no related rows.
func (j pageJoins[T]) isEmpty() bool { return j.parent == nil && j.children == nil }

// join returns a statement that reads the pages with the related rows. pages selects the sorted fields, of one parent
// in its order or of several parents.
func (j pageJoins[T]) join(r *Reader, c *compiler, pages string, fields *fields[T], order string, one bool) string {
	columns, from, width := fields.list, "("+pages+") t", len(fields.targets)
	if !one {
		columns, order = "t.ord, "+columns, "t.ord, "+order
	}
	if j.children != nil {
		join, of, more := j.children.join(r, j.projection, c)
		columns, from, width = columns+", "+of, from+join, width+more
	}
	if j.parent != nil {
		columns = strings.Repeat("NULL, ", j.parent.columns) + columns
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
	// The parent is a row of its own, so that its columns are not repeated in each row of the list.
	return "WITH a AS (" + j.parentSQL + ") SELECT a.*" + strings.Repeat(", NULL", width) + " FROM a UNION ALL " + list
}
