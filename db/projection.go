package db

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Projection selects the columns that a read returns, by the type of the row. The primary key is always selected.
// Project and AllColumns return projections. Data derived from a projection is cached in it, so make each only once.
type Projection struct {
	all     bool
	columns map[reflect.Type]map[string]bool
	// links holds the types whose keys of other rows are selected.
	links map[reflect.Type]bool
	// cursors and pageInfo are set if pages have cursors, and HasNextPage and HasPreviousPage.
	cursors, pageInfo bool
	derived           sync.Map
}

// AllColumns selects all columns of the rows that a read returns, with cursors and page information. A page has no
// children with it.
var AllColumns = &Projection{all: true, cursors: true, pageInfo: true}

// Columns is a part of a projection.
type Columns func(*Projection)

// onlyKeys selects nothing but keys.
var onlyKeys = Project()

// Project returns a projection of columns. Rows of other types have only their keys.
func Project(columns ...Columns) *Projection {
	p := &Projection{columns: map[reflect.Type]map[string]bool{}, links: map[reflect.Type]bool{}}
	for _, add := range columns {
		add(p)
	}
	return p
}

// ColumnsOf returns the columns of some fields of a row. fields returns pointers to these fields of its argument. It
// panics for a pointer to anything that has no column.
func ColumnsOf[T any](fields func(row *T) []any) Columns {
	row := new(T)
	var names []string
	for _, field := range fields(row) {
		names = append(names, columnOf(reflect.ValueOf(row).Elem(), field))
	}
	return func(p *Projection) {
		of := reflect.TypeFor[T]()
		if p.columns[of] == nil {
			p.columns[of] = map[string]bool{}
		}
		for _, name := range names {
			p.columns[of][name] = true
		}
	}
}

// columnOf returns the column of the field of a row to which a pointer points.
func columnOf(row reflect.Value, pointer any) string {
	for _, field := range mapper.TypeMap(row.Type()).Index {
		if tagged := field.Field.Tag.Get("db") != "" && !strings.Contains(field.Path, "."); tagged && row.FieldByIndex(field.Index).Addr().Interface() == pointer {
			return field.Path
		}
	}
	panic(fmt.Sprintf("db: %T is not a pointer to a column of %s", pointer, row.Type()))
}

// Links returns the keys by which a row refers to its parents.
func Links[T any]() Columns {
	return func(p *Projection) { p.links[reflect.TypeFor[T]()] = true }
}

// WithCursors adds the cursors of pages.
func WithCursors(p *Projection) { p.cursors = true }

// WithPageInfo adds the cursors, HasNextPage and HasPreviousPage of pages.
func WithPageInfo(p *Projection) { p.cursors, p.pageInfo = true, true }

// has reports whether a column of a row is selected.
func (p *Projection) has(row reflect.Type, column string) bool {
	return p.all || p.columns[row][column]
}

// hasLinks reports whether the keys of a row's parents are selected.
func (p *Projection) hasLinks(row reflect.Type) bool { return p.all || p.links[row] }

// derive returns the data derived from the projection for a key. It calls compute if the data is not cached.
func derive[V any](p *Projection, key any, compute func() V) V {
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
func newFields[T any](p *Projection, alias string, columns []string, always ...string) *fields[T] {
	row := reflect.TypeFor[T]()
	names := slices.DeleteFunc(slices.Clone(columns), func(column string) bool {
		return !p.has(row, column) && !slices.Contains(always, column)
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
func (t *table[T, K]) read(p *Projection, order []sortKey, cursors bool) *fields[T] {
	read := func() *fields[T] {
		always := []string{"customer_id", t.id}
		if p.hasLinks(reflect.TypeFor[T]()) {
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
