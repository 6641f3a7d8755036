package db

import (
	"context"
	"fmt"
)

// byKey returns those of the rows that there are and that the reader may see, in any order.
func byKey[T any, K ~string](ctx context.Context, r *Reader, t *table[T, K], keys []Key) ([]*T, error) {
	c := r.compiler()
	fields := t.read(ctx, nil, false)
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

// record is a query for the row of a condition on its key, if the reader may see it.
func (t *table[T, K]) record(r *Reader, c *compiler, fields *fields[T], condition string) string {
	return "SELECT " + fields.list + " FROM " + t.name + " t WHERE " + c.all(func() {
		r.scope.conditions(c, "t.")
		c.add(condition)
	})
}

// keyIs is the condition for the row of a key.
func (t *table[T, K]) keyIs(c *compiler, key Key) string {
	return "t.customer_id = " + c.bind(key.CustomerID) + " AND t." + t.id + " = " + c.bind(key.ID)
}

// where returns rows that satisfy a condition and that the reader may see, at most limit, in any order. An order would
// have SQLite, which has no statistics of a new file, read an index in that order and look for the condition there.
func where[T any, K ~string](ctx context.Context, r *Reader, t *table[T, K], limit int, condition func(*compiler)) ([]*T, error) {
	c := r.compiler()
	conditions := c.all(func() { r.scope.conditions(c, "t."); condition(c) })
	fields := t.read(ctx, nil, false)
	sql := fmt.Sprintf("SELECT %s FROM %s t WHERE %s LIMIT %d", fields.list, t.name, conditions, limit)
	var found []*T
	return found, query(ctx, r, c, sql, fields, func(row *T) { found = append(found, row) })
}
