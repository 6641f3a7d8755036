package db

import (
	"context"
	"reflect"
	"slices"
	"sync"
)

// projection is the set of columns that a request selects, with data derived from it. columns maps the name of a struct
// to its selected columns.
type projection struct {
	all     bool
	columns map[string]map[string]bool
	derived sync.Map
}

type projectionKey struct{}

// WithProjection returns a function that adds a projection to a context. Readers select only its columns in that
// context. The columns are grouped by the name of the struct that holds them. "*" selects all columns, "record" an
// Origin, and "link" the keys of the parents. The primary key is always selected. A page has cursors and a correct
// HasNextPage and HasPreviousPage only if these columns of Connection are selected. Without a projection, readers
// select all columns. Derived data is cached for all contexts that one call returns.
func WithProjection(columns map[string]map[string]bool) func(context.Context) context.Context {
	p := &projection{columns: columns}
	return func(ctx context.Context) context.Context { return context.WithValue(ctx, projectionKey{}, p) }
}

// allColumns is the projection of a context without one.
var allColumns = &projection{all: true}

func projectionOf(ctx context.Context) *projection {
	if p, ok := ctx.Value(projectionKey{}).(*projection); ok {
		return p
	}
	return allColumns
}

// has reports whether a column of a struct is selected.
func (p *projection) has(row, column string) bool {
	return p.all || p.columns[row][column] || p.columns[row]["*"]
}

// hasPageInfo reports whether HasNextPage or HasPreviousPage is selected.
func (p *projection) hasPageInfo() bool {
	return p.has("Connection", "has_next_page") || p.has("Connection", "has_previous_page")
}

// derive returns the data derived from the projection for a key. It calls compute if the data is not cached.
func derive[V any](p *projection, key any, compute func() V) V {
	if known, ok := p.derived.Load(key); ok {
		return known.(V)
	}
	v := compute()
	p.derived.Store(key, v)
	return v
}

// fields holds the selected columns of a row type and the struct fields they are stored in.
type fields[T any] struct {
	// list is the select list. sorted is the select list with the additional columns of the order.
	list, sorted string
	targets      []target
}

// newFields returns the fields of the selected columns and of the columns in always, in the order of columns.
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

// add adds a column expression for the struct field with a db tag.
func (f *fields[T]) add(column, field string) {
	if f.list != "" {
		f.list += ", "
	}
	f.list += column
	row := reflect.TypeFor[T]()
	f.targets = append(f.targets, newTarget(row, field, mapper.TraversalsByName(row, []string{field})[0]))
}

// at returns the index of a column, or -1 if it is not selected.
func (f *fields[T]) at(column string) int {
	return slices.IndexFunc(f.targets, func(t target) bool { return t.column == column })
}

// read returns the selected fields of a table for a list in an order. With cursors, it includes the columns of the
// order.
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
