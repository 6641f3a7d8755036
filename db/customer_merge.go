package db

import (
	"fmt"
	"slices"
	"strings"
)

// hasCustomerIndex reports whether an index has the rows of a customer in this order: the default order or that by id. The
// keys must have one direction and no null, as the index and a comparison of row values need.
func (t *table[T, K]) hasCustomerIndex(keys []sortKey) bool {
	if slices.ContainsFunc(keys, func(k sortKey) bool { return k.nullable || k.descending != keys[0].descending }) {
		return false
	}
	return len(keys) == 1 && keys[0].name == t.id || slices.Equal(sortColumns(keys), sortColumns(t.defaultOrder))
}

// customerMerge returns the query for a page of the lists of several customers together, one for each row of k, in an
// order that has a customer index. A recursive query with an ORDER BY is a priority queue: it begins with the first row
// of each customer, and replaces each row that it returns by the next one of the same customer. So it reads as many rows
// as there are customers, and one more for each row of the page.
func customerMerge(q topN, keys []sortKey, backward bool, offset int64) string {
	columns, names, position, terms := make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		columns[i], names[i] = "t."+k.name, fmt.Sprint("k", i)
		position[i] = "+m." + names[i] // an index does not find a row value that has the affinities of columns
		terms[i] = fmt.Sprint(i+2) + direction(k.descending != backward)
	}
	list, operator := strings.Join(columns, ", "), ">"
	if keys[0].descending != backward {
		operator = "<"
	}
	// Each step reads an index for the row of which it then reads the columns.
	step := func(from, condition string) string {
		return fmt.Sprintf("SELECT t.customer_id, %s, t.rowid FROM %s CROSS JOIN %s AS t ON t.rowid = (SELECT t.rowid FROM %[3]s t WHERE %[4]s AND %[5]s ORDER BY %[6]s LIMIT 1)",
			list, from, q.table, condition, q.where, q.order)
	}
	return fmt.Sprintf(`WITH RECURSIVE m(customer_id, %s, row) AS (SELECT * FROM (%s) UNION ALL %s ORDER BY %s LIMIT %d)
SELECT %s FROM m CROSS JOIN %s AS t ON t.rowid = m.row ORDER BY %s LIMIT %d OFFSET %d`,
		strings.Join(names, ", "), step(q.keys, "t.customer_id = k.customer_id"),
		step("m", "t.customer_id = m.customer_id AND ("+list+") "+operator+" ("+strings.Join(position, ", ")+")"),
		strings.Join(terms, ", "), int64(q.limit)+offset, q.columns, q.table, q.order, q.limit, offset)
}
