package db

import (
	"context"
	"reflect"
	"slices"
	"sync"
)

// projection is what is looked at, and what follows from that, worked out once.
type projection struct {
	all     bool
	columns map[string]map[string]bool
	derived sync.Map
}

type projectionKey struct{}

// WithProjection returns what makes a context one in which readers leave those columns out that are not named: columns are by the
// name of the struct that holds them, "*" is all of them, record an Origin, and link the keys of the records that it leads
// to. Its own keys are always read. Whether there is more than a page is known, and cursors are, only where those columns
// of Connection are named. In other contexts every column is read. What readers work out for one of its contexts serves
// all of them.
func WithProjection(columns map[string]map[string]bool) func(context.Context) context.Context {
	p := &projection{columns: columns}
	return func(ctx context.Context) context.Context { return context.WithValue(ctx, projectionKey{}, p) }
}

// allColumns is what is looked at where nobody says.
var allColumns = &projection{all: true}

func projectionOf(ctx context.Context) *projection {
	if p, ok := ctx.Value(projectionKey{}).(*projection); ok {
		return p
	}
	return allColumns
}

// has tells whether a column of a struct is looked has; "*" is one that stands for all.
func (p *projection) has(row, column string) bool {
	return p.all || p.columns[row][column] || p.columns[row]["*"]
}

// hasPageInfo tells whether somebody wants to know if there is more than a page.
func (p *projection) hasPageInfo() bool {
	return p.has("Connection", "has_next_page") || p.has("Connection", "has_previous_page")
}

// derive returns what follows for a key from what is looked at.
func derive[V any](p *projection, key any, compute func() V) V {
	if known, ok := p.derived.Load(key); ok {
		return known.(V)
	}
	v := compute()
	p.derived.Store(key, v)
	return v
}

// fields are those of a row that columns are read into.
type fields[T any] struct {
	// list is the columns as a statement has them, sorted is the same with those that an order needs besides.
	list, sorted string
	targets      []target
}

// newFields finds the fields of the columns that are looked at, and of those of always, in the columns' order.
func newFields[T any](p *projection, alias string, columns []string, always ...string) *fields[T] {
	row := reflect.TypeFor[T]()
	names := slices.DeleteFunc(slices.Clone(columns), func(column string) bool {
		return !p.has(row.Name(), column) && !slices.Contains(always, column)
	})
	f := &fields[T]{}
	for _, name := range names {
		f.add(alias+name, name)
	}
	return f
}

// add adds a column, by how a statement has it and the name of its field.
func (f *fields[T]) add(column, field string) {
	if f.list != "" {
		f.list += ", "
	}
	f.list += column
	row := reflect.TypeFor[T]()
	f.targets = append(f.targets, newTarget(row, field, mapper.TraversalsByName(row, []string{field})[0]))
}

// at is the place of a column among those that are read.
func (f *fields[T]) at(column string) int {
	return slices.IndexFunc(f.targets, func(t target) bool { return t.column == column })
}

// read returns the fields of a table's rows that are to be read, for a list in an order; with those of the order where
// cursors are made of them.
func (t *table[T, K]) read(ctx context.Context, order []sortKey, cursors bool) *fields[T] {
	p := projectionOf(ctx)
	read := func() *fields[T] {
		always := []string{"customer_id", t.id}
		if p.has(reflect.TypeFor[T]().Name(), "link") {
			for _, link := range t.parents {
				always = append(always, link)
			}
		}
		if cursors {
			for _, k := range order {
				always = append(always, k.name)
			}
		}
		f := newFields[T](p, "t.", t.columns, always...)
		f.sorted = f.list
		for _, k := range order {
			if k.expression == "" && f.at(k.name) < 0 {
				f.sorted += ", t." + k.name
			}
		}
		return f
	}
	if order != nil && !t.isDefaultOrder(order) {
		return read()
	}
	type key struct {
		of               *table[T, K]
		ordered, cursors bool
	}
	return derive(p, key{t, order != nil, cursors}, read)
}
