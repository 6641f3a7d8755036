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

// customerMerge returns the query of SQLite for a page of the lists of several customers together, one for each row of k,
// in an order that has a customer index. A recursive query with an ORDER BY is a priority queue: it begins with the first row
// of each customer, and replaces each row that it returns by the next one of the same customer. So it reads as many rows
// as there are customers, and one more for each row of the page.
func customerMerge(q topN, _ int64, keys []sortKey, backward bool, offset int64) string {
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

// timed is a filter of records with a time. isPeriod reports whether it has no condition but one on the time.
type timed interface{ isPeriod() bool }

// maxThreshold is the largest number of customers for which PostgreSQL reads a page by customerThreshold.
const maxThreshold = 1000

// customerThreshold returns that page for PostgreSQL, whose recursive queries have no order. It reads the first rows of
// each customer. If they fill the page, no row after the last of them is in it. Each customer that has one of them is then
// read up to that row. So customers with few records are not looked for among those of all customers. The keys are times
// and numbers.
func customerThreshold(q topN, customers int64, keys []sortKey, backward bool, offset int64) string {
	n := int64(q.limit) + offset
	columns, names, terms, last := make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	operator := "<="
	if keys[0].descending != backward {
		operator = ">="
	}
	for i, k := range keys {
		columns[i] = "t." + k.name
		names[i] = fmt.Sprintf("t.%s AS k%d", k.name, i)
		terms[i] = fmt.Sprintf("k%d%s", i, direction(k.descending != backward))
	}
	order := strings.Join(terms, ", ")
	for i, k := range keys {
		last[i] = fmt.Sprintf("COALESCE((SELECT k%d FROM h ORDER BY %s OFFSET %d), '%s')", i, order, n-1, extremes[k.kind][operator])
	}
	read := func(selected, from, condition string, limit int64) string {
		return fmt.Sprintf("%s CROSS JOIN LATERAL (SELECT %s, %s FROM %s t WHERE t.customer_id = k.customer_id AND %s%s ORDER BY %s LIMIT %d) t ORDER BY %s",
			from, selected, strings.Join(names, ", "), q.table, condition, q.where, q.order, limit, order)
	}
	return fmt.Sprintf("WITH h AS MATERIALIZED (SELECT t.* FROM %s LIMIT %d) SELECT %s FROM %s LIMIT %d OFFSET %d",
		read("t.customer_id", q.keys, "", n/customers+2), n, q.columns,
		read(q.columns, "(SELECT DISTINCT customer_id FROM h) k", "("+strings.Join(columns, ", ")+") "+operator+" ("+strings.Join(last, ", ")+") AND ", n), q.limit, offset)
}

// extremes are the values of a kind that all others are at least, or at most.
var extremes = map[columnKind]map[string]string{
	timeColumn: {">=": "-infinity", "<=": "infinity"},
	longColumn: {">=": "-9223372036854775808", "<=": "9223372036854775807"},
}
