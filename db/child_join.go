package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// A page query also reads the children of its rows where these are few and the projection has them: a second statement
// takes longer than repeating the parent's columns for each child.

// childJoin is a kind of children that a page query for rows of type T can join.
type childJoin[T any] interface {
	// selected reports whether a projection has columns of the children.
	selected(p *Projection) bool
	// join returns the SQL that joins the children x to the rows t, the columns of the children, and how many there
	// are.
	join(r *Reader, p *Projection, c *compiler) (join, columns string, width int)
	// scan reads the rows of such a query, like scanRows, and calls found once for each parent.
	scan(ctx context.Context, r *Reader, p *Projection, rows driver.Rows, place *int64, fields *fields[T], found func(*T)) error
}

// joinedChildren are the children of type C of parents of type T; field returns the parent's field that holds them.
type joinedChildren[T, C any] struct {
	*childTable[C]
	field func(*T) *[]*C
}

// childJoin returns the children to be joined to pages in an order; nil if there are none. It joins one kind at most: a
// second one would multiply the rows of the first.
func (t *table[T, K]) childJoin(p *Projection, keys []sortKey) childJoin[T] {
	if !onlyColumns(keys) {
		return nil
	}
	for _, children := range t.childJoins {
		if children.selected(p) {
			return children
		}
	}
	return nil
}

func (f joinedChildren[T, C]) selected(p *Projection) bool {
	row := reflect.TypeFor[C]()
	// Source and source id of the parent are read by the children's own statement only.
	return (len(p.columns[row]) > 0 || p.links[row]) && !p.has(row, originColumn)
}

// read returns the fields to be read. The first is the order column, which is null if a parent has no children.
func (f joinedChildren[T, C]) read(p *Projection) *fields[C] {
	type key struct{ of *childTable[C] }
	return derive(p, key{f.childTable}, func() *fields[C] {
		columns, always := []string{f.order}, []string{f.order}
		for _, column := range f.columns {
			if column != f.order {
				columns = append(columns, column)
			}
		}
		if p.hasLinks(reflect.TypeFor[C]()) {
			always = append(always, "customer_id", f.owner)
		}
		return newFields[C](p, "x.", columns, always...)
	})
}

func (f joinedChildren[T, C]) join(r *Reader, p *Projection, c *compiler) (join, columns string, width int) {
	on := fmt.Sprintf("x.customer_id = t.customer_id AND x.%s = t.id AND %s", f.owner, c.all(func() { r.scope.conditions(c, "x.") }))
	fields := f.read(p)
	return fmt.Sprintf(r.store.dialect.childJoin, fields.list, f.name, on, "x."+f.order), fields.list, len(fields.targets)
}

func (f joinedChildren[T, C]) scan(ctx context.Context, r *Reader, p *Projection, rows driver.Rows, place *int64, fields *fields[T], found func(*T)) error {
	ofChild, lead := f.read(p), 0
	if place != nil {
		lead = 1
	}
	child := lead + len(fields.targets)
	customer, id := lead+fields.at("customer_id"), lead+fields.at("id")
	parents, children := &rowAllocator[T]{}, &rowAllocator[C]{}
	var last *T
	var key struct{ place, customer, id driver.Value }
	// The rows usually come in the order of the children, but the statement does not guarantee it.
	var order []int64
	add := func(c *C) {
		at := len(order) - 1
		for at > 0 && order[at-1] > order[at] {
			order[at-1], order[at] = order[at], order[at-1]
			at--
		}
		*f.field(last) = slices.Insert(*f.field(last), at, c)
	}
	if !r.scope.cost {
		add = hideCosts(add)
	}
	return eachRow(ctx, rows, func(values []driver.Value) error {
		k := key
		if k.customer, k.id = values[customer], values[id]; place != nil {
			k.place = values[0]
		}
		if last == nil || k != key {
			last, key = parents.next(), k
			if place != nil {
				if err := setInt64(place, k.place); err != nil {
					return err
				}
			}
			if err := scan(unsafe.Pointer(last), fields.targets, values[lead:]); err != nil {
				return err
			}
			*f.field(last), order = []*C{}, order[:0]
			found(last)
		}
		// A parent without children has one row with null columns.
		if values[child] == nil {
			return nil
		}
		c := children.next()
		if err := scan(unsafe.Pointer(c), ofChild.targets, values[child:]); err != nil {
			return err
		}
		order = append(order, 0)
		if err := setInt64(&order[len(order)-1], values[child]); err != nil {
			return err
		}
		add(c)
		return nil
	})
}
