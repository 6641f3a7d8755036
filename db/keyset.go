package db

import (
	"slices"
	"strings"
)

// pageCondition returns the condition that all rows of a page satisfy: scope, filter, and the range between the
// cursors.
func pageCondition[T any, K ~string, O order[K], F Filter](c *compiler, r *Reader, t *table[T, K], keys []sortKey, sign func() string, q Query[F, O]) (string, error) {
	condition := c.all(func() {
		r.scope.conditions(c, "t.")
		q.Filter.conditions(c, "t.")
		for _, end := range []struct {
			argument, cursor string
			backward         bool
		}{{"after", q.Page.After, false}, {"before", q.Page.Before, true}} {
			if end.cursor == "" {
				continue
			}
			values, err := decodeCursor(end.argument, end.cursor, sign(), sortColumns(keys))
			if err != nil {
				c.fail(err)
				return
			}
			c.add(keysetCondition(c, keys, values, end.backward))
		}
	})
	return condition, c.err
}

// sortColumns returns the columns of sort keys.
func sortColumns(keys []sortKey) []column {
	columns := make([]column, len(keys))
	for i, k := range keys {
		columns[i] = k.column
	}
	return columns
}

// orderValues returns the values of a row in the sort keys.
func (t *table[T, K]) orderValues(keys []sortKey, row *T) []any {
	values := make([]any, len(keys))
	for i, k := range keys {
		values[i] = t.value(row, k.name)
	}
	return values
}

func cursorValues[T any, K ~string](t *table[T, K], keys []sortKey, row *T) []*string {
	values := make([]*string, len(keys))
	for i, value := range t.orderValues(keys, row) {
		values[i] = keys[i].print(value)
	}
	return values
}

// orderBy returns the terms of an ORDER BY clause for a table alias with its dot. NULLs are last, or first if reverse
// is true. If sorted is true, the rows are sorted, not read from an index in their order.
func orderBy(d *dialect, t string, keys []sortKey, reverse, sorted bool) string {
	var terms []string
	for _, k := range keys {
		value := k.of(d, t)
		if sorted && k.expression == "" {
			value = d.unindexed(value)
		}
		if k.nullable {
			terms = append(terms, value+" IS NULL"+direction(reverse))
		}
		terms = append(terms, value+direction(k.descending != reverse))
	}
	return strings.Join(terms, ", ")
}

func direction(descending bool) string {
	if descending {
		return " DESC"
	}
	return ""
}

// keysetCondition returns the condition for rows after the values of a cursor, or before them if backward is true. If
// no key is nullable and all have one direction, it compares row values, which an index supports. Otherwise it compares
// key by key, bounded by the first key.
func keysetCondition(c *compiler, keys []sortKey, values []any, backward bool) string {
	if len(keys) == 0 {
		return "FALSE" // there is only one row
	}
	operator := func(k sortKey) string {
		if k.descending != backward {
			return " < "
		}
		return " > "
	}
	alike := !slices.ContainsFunc(keys, func(k sortKey) bool { return k.nullable || k.descending != keys[0].descending })
	if alike {
		names, placeholders := make([]string, len(keys)), make([]string, len(keys))
		for i, k := range keys {
			names[i], placeholders[i] = "t."+k.name, c.bind(values[i])
		}
		return "(" + strings.Join(names, ", ") + ")" + operator(keys[0]) + "(" + strings.Join(placeholders, ", ") + ")"
	}
	var either, same []string
	for i, k := range keys {
		either = append(either, "("+strings.Join(append(same, k.keyCondition(c, operator(k), values[i], backward)), " AND ")+")")
		if i == len(keys)-1 {
			break
		}
		if values[i] == nil {
			same = append(same, "t."+k.name+" IS NULL")
		} else {
			same = append(same, "t."+k.name+" = "+c.bind(values[i]))
		}
	}
	condition := "(" + strings.Join(either, " OR ") + ")"
	if first := keys[0]; !first.nullable {
		condition = "t." + first.name + strings.TrimRight(operator(first), " ") + "= " + c.bind(values[0]) + " AND " + condition
	}
	return condition
}

// keyCondition returns the condition for rows after a value in a single key.
func (k sortKey) keyCondition(c *compiler, operator string, value any, backward bool) string {
	switch {
	case value == nil && backward:
		return "t." + k.name + " IS NOT NULL"
	case value == nil:
		return "FALSE"
	case k.nullable && !backward:
		return "(t." + k.name + operator + c.bind(value) + " OR t." + k.name + " IS NULL)"
	}
	return "t." + k.name + operator + c.bind(value)
}
