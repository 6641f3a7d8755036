package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// Children that are few come with their parents' pages by the statement of the pages, where a reader was told that they
// are looked at (Reading): another statement would cost more than a parent's columns once more with each of its children.

// childJoin is a kind of children that the statement for pages of a type T can read with it.
type childJoin[T any] interface {
	// looked tells whether they are looked at.
	looked(ctx context.Context) bool
	// join joins them to rows t, as x, with so many columns.
	join(ctx context.Context, r *Reader, c *compiler) (join, columns string, width int)
	// scan is scanRows of such a statement: each parent is found once.
	scan(ctx context.Context, r *Reader, rows driver.Rows, place *int64, fields *fields[T], found func(*T)) error
}

// joinedChildren are children of which a parent has joinedChildren, and where it keeps them.
type joinedChildren[T, C any] struct {
	*childTable[C]
	of func(*T) *[]*C
}

// childJoin returns the children that pages in an order are read with; nil where they are read alone. Of several kinds it
// is one: together, each of one kind would come with each of the other.
func (t *table[T, K]) childJoin(ctx context.Context, keys []sortKey) childJoin[T] {
	if !onlyColumns(keys) {
		return nil
	}
	for _, b := range t.childJoins {
		if b.looked(ctx) {
			return b
		}
	}
	return nil
}

func (f joinedChildren[T, C]) looked(ctx context.Context) bool {
	l, name := projectionOf(ctx), reflect.TypeFor[C]().Name()
	// Which record they belong to is for a statement of their own to say.
	return len(l.columns[name]) > 0 && !l.has(name, "record")
}

// read returns the fields that are to be read, their order first: it tells a child from none.
func (f joinedChildren[T, C]) read(ctx context.Context) *fields[C] {
	l := projectionOf(ctx)
	type key struct{ of *childTable[C] }
	return derive(l, key{f.childTable}, func() *fields[C] {
		columns, always := []string{f.order}, []string{f.order}
		for _, column := range f.columns {
			if column != f.order {
				columns = append(columns, column)
			}
		}
		if l.has(reflect.TypeFor[C]().Name(), "link") {
			always = append(always, "customer_id", f.owner)
		}
		return newFields[C](l, "x.", columns, always...)
	})
}

func (f joinedChildren[T, C]) join(ctx context.Context, r *Reader, c *compiler) (join, columns string, width int) {
	on := fmt.Sprintf("x.customer_id = t.customer_id AND x.%s = t.id AND %s", f.owner, c.all(func() { r.scope.conditions(c, "x.") }))
	fields := f.read(ctx)
	return fmt.Sprintf(r.store.dialect.childJoin, fields.list, f.name, on, "x."+f.order), fields.list, len(fields.targets)
}

func (f joinedChildren[T, C]) scan(ctx context.Context, r *Reader, rows driver.Rows, place *int64, fields *fields[T], found func(*T)) error {
	ofChild, lead := f.read(ctx), 0
	if place != nil {
		lead = 1
	}
	child := lead + len(fields.targets)
	customer, id := lead+fields.at("customer_id"), lead+fields.at("id")
	parents, children := &rowAllocator[T]{}, &rowAllocator[C]{}
	var last *T
	var key struct{ place, customer, id driver.Value }
	// Children come in their order as a rule, which no statement asks for.
	var order []int64
	add := func(c *C) {
		at := len(order) - 1
		for at > 0 && order[at-1] > order[at] {
			order[at-1], order[at] = order[at], order[at-1]
			at--
		}
		*f.of(last) = slices.Insert(*f.of(last), at, c)
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
			*f.of(last), order = []*C{}, order[:0]
			found(last)
		}
		// A parent without children has a row of nothing.
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
