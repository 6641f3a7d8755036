package db

import (
	"context"
	"fmt"
	"reflect"
	"strings"
)

// Origin holds the source and source id of the record that a child belongs to. Its field in the child has the tag of
// originColumn.
type Origin struct {
	Source   Source `db:"source"`
	SourceID string `db:"source_id"`
}

const originColumn = "record"

// childTable describes a table whose rows are few for each parent and are always read together.
type childTable[T any] struct {
	relation[T]
	// owner is the column that holds the parent's id.
	owner string
	order string
	// record is the parent's type if the children have the source and source id of their parent, otherwise "".
	record NodeType
	// always are the columns that are read even if the projection does not have them.
	always []string
}

// reading returns the table with columns that are always read.
func (t *childTable[T]) reading(columns ...string) *childTable[T] {
	t.always = columns
	return t
}

func newChildren[T any](name, owner, order string, record ...NodeType) *childTable[T] {
	t := &childTable[T]{relation: newRelation[T](name), owner: owner, order: order}
	if len(record) > 0 {
		t.record = record[0]
	}
	return t
}

// children returns the children of all parents by one statement, in the order of the parents and, for each parent, in
// the order of the table. Without parents it runs no statement.
func children[T any](ctx context.Context, r *Reader, p *Projection, t *childTable[T], parents []Key) ([]*T, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	c := r.compiler()
	ofRecord := t.record != "" && p.has(reflect.TypeFor[T](), originColumn)
	fields := derive(p, t, func() *fields[T] {
		f := newFields[T](p, "t.", t.columns, append([]string{"customer_id", t.owner}, t.always...)...)
		if ofRecord {
			for _, column := range []string{"source", "source_id"} {
				f.add("p."+column, "record."+column)
			}
		}
		return f
	})
	from := fmt.Sprintf("%s JOIN %s t ON t.customer_id = k.customer_id AND t.%s = k.id", r.store.dialect.keyList(c, parents), t.name, t.owner)
	if ofRecord {
		from += fmt.Sprintf(" JOIN %s p ON p.customer_id = t.customer_id AND p.id = t.%s", parentTables[t.record][0], t.owner)
	}
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY k.ord, t.%s", fields.list, from,
		c.all(func() { r.scope.conditions(c, "t.") }), strings.ReplaceAll(t.order, ", ", ", t."))
	var found []*T
	return found, query(ctx, r, c, sql, fields, func(row *T) { found = append(found, row) })
}
