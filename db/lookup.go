package db

import (
	"context"
	"fmt"
)

// byKey returns the rows with the given keys that are in the reader's scope, in any order. Missing rows are left out.
func byKey[T any, K ~string](ctx context.Context, r *Reader, p *Projection, t *table[T, K], keys []Key) ([]*T, error) {
	c := r.compiler()
	fields := t.read(p, nil, false)
	var sql string
	if len(keys) == 1 {
		sql = t.record(r, c, fields, t.keyIs(c, keys[0]))
	} else {
		sql = fmt.Sprintf("SELECT %s FROM %s JOIN %s t ON t.customer_id = k.customer_id AND t.%s = k.id WHERE %s",
			fields.list, r.store.dialect.keyList(c, keys), t.name, t.id, c.all(func() { r.scope.conditions(c, "t.") }))
	}
	var found []*T
	return found, query(ctx, r, c, sql, fields, func(row *T) { found = append(found, row) })
}

// record returns a query for the row that satisfies a condition and is in the reader's scope.
func (t *table[T, K]) record(r *Reader, c *compiler, fields *fields[T], condition string) string {
	return "SELECT " + fields.list + " FROM " + t.name + " t WHERE " + c.all(func() {
		r.scope.conditions(c, "t.")
		c.add(condition)
	})
}

// keyIs returns the condition that a row has the given key.
func (t *table[T, K]) keyIs(c *compiler, key Key) string {
	return "t.customer_id = " + c.bind(key.CustomerID) + " AND t." + t.id + " = " + c.bind(key.ID)
}

// where returns at most limit rows that satisfy a condition and are in the reader's scope, in any order. It has no
// ORDER BY: without statistics, SQLite would read an index in that order instead of an index for the condition.
func where[T any, K ~string](ctx context.Context, r *Reader, p *Projection, t *table[T, K], limit int, condition func(*compiler)) ([]*T, error) {
	c := r.compiler()
	conditions := c.all(func() { r.scope.conditions(c, "t."); condition(c) })
	fields := t.read(p, nil, false)
	sql := fmt.Sprintf("SELECT %s FROM %s t WHERE %s LIMIT %d", fields.list, t.name, conditions, limit)
	var found []*T
	return found, query(ctx, r, c, sql, fields, func(row *T) { found = append(found, row) })
}
