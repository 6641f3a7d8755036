package db

import (
	"context"
	"strconv"
	"strings"
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
	// isFew reports whether at most the given number of rows of a table satisfy a condition.
	isFew   func(table string, condition indexedCondition, most int) (bool, error)
	counted int
}

// countMatches makes the compiler count the matches of conditions on children, for a page of a list.
func (r *Reader) countMatches(ctx context.Context, c *compiler) {
	c.matches = &matchCounter{isFew: func(table string, i indexedCondition, most int) (bool, error) {
		// The number of matches in all customers decides on the form of a statement only.
		counting := r.filterCompiler(ctx)
		where := counting.all(func() { i.condition(counting, "x.") })
		limit := strconv.Itoa(min(most, r.store.fewMatches) + 1)
		order := ""
		if i.column != "" {
			order = " ORDER BY x." + i.column // makes PostgreSQL read the index for any arguments
		}
		found, err := texts(ctx, r, counting, "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT 1 FROM "+table+" x WHERE "+where+order+" LIMIT "+limit+") n", 1)
		return err == nil && *found[0][0] != limit, err
	}}
}

// hasFew reports whether at most the given number of rows of a table satisfy one of the conditions on indexed columns.
func (c *compiler) hasFew(table string, columns []indexedCondition, most int) bool {
	if c.matches == nil {
		return false
	}
	for _, i := range columns {
		if c.matches.counted++; c.matches.counted > maxCounted {
			return false
		}
		few, err := c.matches.isFew(table, i, most)
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

// indexedCondition is a condition on a column that has an index, or on several columns, without a name.
type indexedCondition struct {
	column    string
	condition func(c *compiler, x string)
}

// relatedRows are the rows of a table that are related to a row by equal columns.
type relatedRows struct {
	table string
	// own are the columns of the row, their the columns of the related rows.
	own, their []string
	// indexed are conditions that all of the wanted rows satisfy. If at most few rows of the table satisfy one of them,
	// the keys are read first.
	indexed []indexedCondition
	few     int
	// owners is true for the customers or subscriptions of records: few in comparison with the records.
	owners bool
}

// childrenIn returns the rows of a table that belong to a row; owner is the column with the row's id.
func childrenIn(table, owner string, indexed []indexedCondition) relatedRows {
	return relatedRows{table, []string{"customer_id", "id"}, []string{"customer_id", owner}, indexed, fewMatches, false}
}

// exists adds the condition that a row has a related row that satisfies the conditions that write adds for the alias x of
// the related rows.
func (c *compiler) exists(t string, related relatedRows, write func(x string)) {
	few := c.hasFew(related.table, related.indexed, related.few)
	outer := c.few || few
	x := "x" + strconv.Itoa(c.depth) + "."
	c.depth++
	defer func() { c.depth--; c.few = outer }()
	from := related.table + " " + strings.TrimSuffix(x, ".") + " WHERE "
	if c.dialect.keySets && (few || c.within != nil || c.owners != nil && related.owners) {
		c.add("(", t, strings.Join(related.own, ", "+t), ") IN (SELECT ", x, strings.Join(related.their, ", "+x), " FROM ", from, c.all(func() {
			switch {
			case few:
			case c.within != nil:
				c.within(x)
			case related.owners:
				c.owners(x)
			}
			write(x)
		}), ")")
		return
	}
	c.add("EXISTS (SELECT 1 FROM ", from, c.all(func() {
		for i, own := range related.own {
			c.add(x, related.their[i], " = ", t, own)
		}
		write(x)
	}), ")")
}

// ownersOf returns the conditions on the customers of the parents of lists.
func (c *compiler) ownersOf(of Parents) func(x string) {
	return func(x string) {
		ids := make([]any, len(of.Keys))
		for i, key := range of.Keys {
			ids[i] = key.CustomerID
		}
		c.add(x, "customer_id", c.dialect.in(c, "bigint", ids))
	}
}
