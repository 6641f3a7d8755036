package db

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"

	"github.com/jmoiron/sqlx"
)

// Children that are few come with one parent's page by the statement of the page, where a reader was told that they are
// looked at (Reading): for so little, another statement would cost more than all that it brings. Those of many parents'
// pages do not: each row has its parent's columns again. Nor do those on SQLite, which answers within the process.

// beside is a kind of children that the statement for a page can read with their parents, of type T.
type beside[T any] interface {
	// looked tells whether they are looked at.
	looked(ctx context.Context) bool
	// join adds them to a statement for a page in an order.
	join(ctx context.Context, r *Reader, c *compiler, page, order string) string
	// scan is scanRows of such a statement: each parent is found once.
	scan(ctx context.Context, r *Reader, rows *sqlx.Rows, before func() []any, found func(*T)) error
}

// few are children of which a parent has few, and where it keeps them.
type few[T, C any] struct {
	*childTable[C]
	of func(*T) *[]*C
}

// besides returns the children that a page in an order is read with; nil where it is read alone. Of several kinds it is
// one: together, each of one kind would come with each of the other.
func (t *table[T, K]) besides(ctx context.Context, r *Reader, of Parents, keys []sortKey) beside[T] {
	if !r.store.dialect.besides || len(of.Keys) > 1 || !named(keys) {
		return nil
	}
	for _, b := range t.few {
		if b.looked(ctx) {
			return b
		}
	}
	return nil
}

func (f few[T, C]) looked(ctx context.Context) bool {
	columns, _ := ctx.Value(columnsKey{}).(map[string]map[string]bool)
	looked := columns[reflect.TypeFor[C]().Name()]
	// Which record they belong to is for a statement of their own to say.
	return len(looked) > 0 && !looked["*"] && !looked["record"]
}

// read are the columns that are to be read, customer_id first.
func (f few[T, C]) read(ctx context.Context) []string {
	return reading(ctx, reflect.TypeFor[C](), f.columns, "customer_id", f.owner, f.order)
}

func (f few[T, C]) join(ctx context.Context, r *Reader, c *compiler, page, order string) string {
	// Without an OFFSET, the planner might join the parents to the whole table of children.
	return fmt.Sprintf(`SELECT t.*, x.* FROM (%s) t LEFT JOIN LATERAL (SELECT %s FROM %s x WHERE x.customer_id = t.customer_id AND x.%s = t.id AND %s OFFSET 0) x ON TRUE ORDER BY %s, x.%s`,
		page, columnList("x", f.read(ctx)), f.name, f.owner, c.all(func() { r.scope.conditions(c, "x.") }), order, f.order)
}

func (f few[T, C]) scan(ctx context.Context, r *Reader, rows *sqlx.Rows, before func() []any, found func(*T)) error {
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	dest := before()
	parents, children := &making[T]{}, &making[C]{}
	child := len(names) - len(f.read(ctx))
	dest = append(dest, parents.targets(names[len(dest):child])...)
	var none bool
	for i, target := range children.targets(names[child:]) {
		dest = append(dest, &outer{target.(sql.Scanner), i == 0, &none})
	}
	var last *T
	add := func(c *C) { *f.of(last) = append(*f.of(last), c) }
	if !r.scope.cost {
		add = costless(add)
	}
	for rows.Next() {
		parent, child := parents.next(), children.next()
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if last == nil || any(parent).(Node).GlobalID() != any(last).(Node).GlobalID() {
			parents.keep()
			last, *f.of(parent) = parent, []*C{}
			found(parent)
		}
		if !none {
			children.keep()
			add(child)
		}
	}
	return rows.Err()
}

// outer is a target in an outer join: where the first column, which is never null, is null, there is no row.
type outer struct {
	sql.Scanner
	first bool
	none  *bool
}

// Scan stores a value in the field, if there is a row.
func (o *outer) Scan(src any) error {
	if o.first {
		*o.none = src == nil
	}
	if *o.none {
		return nil
	}
	return o.Scanner.Scan(src)
}
