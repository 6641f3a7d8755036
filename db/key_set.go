package db

import (
	"context"
	"strconv"
)

// A condition on the children of a row has two forms. EXISTS looks for a child of each row that is read. A key set holds
// the keys of all rows that have such a child: it takes long to read if they are many, and finds the rows at once if they
// are few. SQLite has no statistics, and the statistics of PostgreSQL do not apply to the arguments of a prepared
// statement, so that the number of matches is read from an index first.

// fewMatches is the largest number of matching children for which a page is read by a key set. With more matches, a page
// in the order of an index is found soon.
const fewMatches = 2000

// maxCounted is the maximum number of conditions of a filter whose matches are counted.
const maxCounted = 8

// matchCounter counts the matches of the conditions of one filter.
type matchCounter struct {
	// isFew reports whether at most fewMatches rows of a table satisfy a condition on an indexed column.
	isFew   func(table, column string, condition func(c *compiler, x string)) (bool, error)
	counted int
}

// countMatches makes the compiler count the matches of conditions on children, for a page of a list.
func (r *Reader) countMatches(ctx context.Context, c *compiler) {
	c.matches = &matchCounter{isFew: func(table, column string, condition func(c *compiler, x string)) (bool, error) {
		// The number of matches in all customers decides on the form of a statement only.
		counting := r.compiler()
		where := counting.all(func() { condition(counting, "x.") })
		limit := strconv.Itoa(r.store.fewMatches + 1)
		// The order makes PostgreSQL read the index for any arguments.
		found, err := texts(ctx, r, counting, "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT 1 FROM "+table+" x WHERE "+where+" ORDER BY x."+column+" LIMIT "+limit+") n", 1)
		return err == nil && *found[0][0] != limit, err
	}}
}

// hasFew reports whether at most fewMatches rows of a table satisfy one of the conditions on indexed columns.
func (c *compiler) hasFew(table string, columns []indexedCondition) bool {
	if c.matches == nil {
		return false
	}
	for _, i := range columns {
		if c.matches.counted++; c.matches.counted > maxCounted {
			return false
		}
		few, err := c.matches.isFew(table, i.column, i.condition)
		if err != nil {
			c.fail(err)
			return false
		}
		if few {
			return true
		}
	}
	return false
}

// narrowing is a filter with conditions on children. narrows reports whether other conditions may select few rows, so that
// the children of these rows are read faster than a key set. A condition on the source counts if bySource is true.
type narrowing interface{ narrows(bySource bool) bool }

// indexedCondition is a condition on a column that has an index.
type indexedCondition struct {
	column    string
	condition func(c *compiler, x string)
}

// childCondition adds the condition that a row has a child in a table that satisfies the conditions that write adds.
// owner is the column with the row's id.
func (c *compiler) childCondition(t, table, owner string, columns []indexedCondition, write func()) {
	few := c.hasFew(table, columns)
	c.few = c.few || few
	if c.dialect.keySets && (few || c.within != nil) {
		c.add("(", t, "customer_id, ", t, "id) IN (SELECT x.customer_id, x.", owner, " FROM ", table, " x WHERE ", c.all(func() {
			if !few {
				c.within("x.")
			}
			write()
		}), ")")
		return
	}
	c.add("EXISTS (SELECT 1 FROM ", table, " x WHERE x.customer_id = ", t, "customer_id AND x.", owner, " = ", t, "id AND ", c.all(write), ")")
}
