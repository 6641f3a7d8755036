package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"sync"
	"unsafe"
)

// Query selects a page of a list by filter, order and page.
type Query[F Filter, O any] struct {
	Filter  F
	OrderBy []*O
	Page    Page
}

// Identity returns a comparable value that identifies the query by its pointers, without following them. Queries with
// the same identity are equal. If whole is true, queries with different identities are different.
func (q Query[F, O]) Identity() (of any, whole bool) {
	type identity struct {
		filter  any
		orderBy **O
		length  int
		page    Page
	}
	return identity{q.Filter, unsafe.SliceData(q.OrderBy), len(q.OrderBy), q.Page}, q.unordered()
}

// unordered reports whether the query has neither a filter nor an order.
func (q Query[F, O]) unordered() bool {
	var none F
	return any(q.Filter) == any(none) && len(q.OrderBy) == 0
}

// plain reports whether the query has neither a filter, an order, a cursor nor an offset.
func (q Query[F, O]) plain() bool {
	return q.unordered() && q.Page == Page{Limit: q.Page.Limit, Backward: q.Page.Backward}
}

// Parents holds the records whose lists a query reads. All have one type. The zero Key means the record that WithParent
// reads with its list.
type Parents struct {
	Type NodeType
	Keys []Key
}

// NoParent selects the list of all records in the reader's scope.
var NoParent = Parents{Keys: []Key{{}}}

// list returns one page for each parent, in the order of the parents, by one statement. It returns BadInput, BadCursor
// and Forbidden errors.
func list[T any, K ~string, O order[K], F Filter](ctx context.Context, r *Reader, t *table[T, K], of Parents, q Query[F, O]) ([]*Connection[T], error) {
	keys, err := sortKeys(r.scope, t, q.OrderBy)
	if err != nil {
		return nil, err
	}
	columnsRead := projectionOf(ctx)
	// In a snapshot, offsetResume stores the sort values of the last row of each page.
	cursors := columnsRead.has("Connection", "cursor") || r.snapshot != nil
	sign := sync.OnceValue(func() string { return signature(t.name, keys) })
	shared := &listing[T]{
		count: func(ctx context.Context) ([]int64, error) { return count(ctx, r, t, of, q.Filter) },
		cursor: func(row *T) string {
			if !cursors {
				panic("db: the projection of this page has no cursors: select Connection.cursor")
			}
			return encodeCursor(sign(), cursorValues(t, keys, row))
		},
	}
	pages := make([]*Connection[T], len(of.Keys))
	for i := range pages {
		pages[i] = &Connection[T]{Nodes: []*T{}, index: i, listing: shared}
	}

	parent, of, err := parentOf(ctx, of, keys, q.Page)
	if err != nil || len(of.Keys) == 0 {
		return pages, err
	}
	joins := pageJoins[T]{parent: parent, children: t.childJoin(ctx, keys)}
	fields := t.read(ctx, keys, cursors)
	columns := fields.sorted
	if joins.isEmpty() {
		columns = fields.list
	}
	limit := q.Page.Limit
	if columnsRead.hasPageInfo() {
		limit++
	}
	one := len(of.Keys) == 1
	var resume offsetResume
	compose := func() (c *compiler, sql string, err error) {
		c = r.filterCompiler(ctx)
		c.ofCustomers = of.Type != "" || !r.scope.everyone
		if one {
			r.countMatches(ctx, c)
			if f, ok := any(q.Filter).(narrowing); ok && r.scope.everyone {
				c.wide, c.allSources = !f.narrows(false), !f.narrows(true)
			}
		}
		if parent != nil {
			joins.parentSQL = parent.statement(c)
		}
		where, err := pageCondition(c, r, t, keys, sign, q)
		if err != nil {
			return nil, "", err
		}
		if f, ok := any(q.Filter).(selective); ok && f.selective() {
			c.few = true
		}
		order := orderBy(r.store.dialect, "t.", keys, q.Page.Backward, c.few)
		if one {
			sql, resume, err = onePage(c, r, t, of, q.Page, keys, columns, where, order, limit)
		} else {
			sql, err = t.pages(c, of, keys, topN{columns: columns, sorted: fields.sorted, where: where, order: order, limit: limit})
		}
		switch {
		case err != nil:
			return nil, "", err
		case !joins.isEmpty():
			sql = joins.join(ctx, r, c, sql, fields, order, one)
		case !one:
			sql += " ORDER BY k.ord, " + order
		}
		return c, sql, nil
	}
	var c *compiler
	var sql string
	if one && of.Type != "" && q.plain() && r.scope.everyone && r.snapshot == nil {
		c, sql, err = t.cachedStatement(columnsRead, statementKeyOf(r, of, parent, limit, q.Page.Backward), of.Keys[0], parent, compose)
	} else {
		c, sql, err = compose()
	}
	if err != nil {
		return nil, err
	}
	ordinal, column := int64(1), (*int64)(nil)
	if !one {
		column = &ordinal
	}
	err = queryWith(ctx, r, c, sql, joins, column, fields, func(row *T) {
		p := pages[ordinal-1]
		p.Nodes = append(p.Nodes, row)
	})
	if err != nil {
		return nil, err
	}
	if parent != nil {
		parent.Read = true
		of = parent.parents() // count needs its key
	}
	for _, p := range pages {
		p.finish(q.Page)
		if n := len(p.Nodes); p.HasNextPage && n > 0 {
			resume.remember(q.Page.Offset+int64(n), func() []any { return t.orderValues(keys, p.Nodes[n-1]) })
		}
	}
	return pages, nil
}

// pages returns a query for the first rows of each of several parents.
func (t *table[T, K]) pages(c *compiler, of Parents, keys []sortKey, q topN) (string, error) {
	link, ok := t.parents[of.Type]
	if !ok {
		return "", fmt.Errorf("%s has no list by %s", t.name, of.Type)
	}
	if slices.ContainsFunc(keys, sortKey.isFirstPrice) {
		return "", fmt.Errorf("%s of several parents have no order by a price", t.name)
	}
	q.keys, q.table, q.link = c.dialect.keyList(c, of.Keys), t.name, link
	q.parents, q.parentID = parentTables[of.Type][0], parentTables[of.Type][1]
	return c.dialect.topN(q), nil
}

// finish removes the extra row that list reads to find out whether there is another page, and reverses a backward page.
func (c *Connection[T]) finish(page Page) {
	more := len(c.Nodes) > page.Limit
	if more {
		c.Nodes = c.Nodes[:page.Limit]
	}
	if page.Backward {
		slices.Reverse(c.Nodes)
		c.HasPreviousPage, c.HasNextPage = more, page.Before != ""
	} else {
		c.HasNextPage, c.HasPreviousPage = more, page.After != ""
	}
}

// count returns the length of the list of each parent, in the order of the parents, by one statement.
func count[T any, K ~string, F Filter](ctx context.Context, r *Reader, t *table[T, K], of Parents, f F) ([]int64, error) {
	counts := make([]int64, len(of.Keys))
	c := r.filterCompiler(ctx)
	c.ofCustomers = of.Type != "" || !r.scope.everyone
	if wide, ok := any(f).(narrowing); ok && !wide.narrows(false) && len(of.Keys) == 1 && t.parents[of.Type] == "" {
		c.within = func(x string) {
			r.scope.conditions(c, x)
			if of.Type != "" {
				c.add(x, "customer_id = ", c.bind(of.Keys[0].CustomerID))
			}
		}
	}
	where := c.all(func() { r.scope.conditions(c, "t."); f.conditions(c, "t.") })
	var sql string
	if len(of.Keys) == 1 {
		ofParent, err := t.parentCondition(c, of)
		if err != nil {
			return nil, err
		}
		sql = fmt.Sprintf("SELECT 1, COUNT(*) AS n FROM %s t WHERE %s AND %s", t.name, ofParent, where)
	} else {
		sql = fmt.Sprintf("SELECT k.ord, COUNT(*) AS n FROM %s JOIN %s t ON t.customer_id = k.customer_id%s WHERE %s GROUP BY k.ord",
			r.store.dialect.keyList(c, of.Keys), t.name, linked(t.parents[of.Type], "k.id"), where)
	}
	if c.err != nil {
		return nil, c.err
	}
	return cached(r, c, sql, func() ([]int64, error) {
		return counts, r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
			return eachRow(ctx, rows, func(row []driver.Value) error {
				var ordinal int64
				if err := setInt64(&ordinal, row[0]); err != nil {
					return err
				}
				return setInt64(&counts[ordinal-1], row[1])
			})
		})
	})
}

// parentCondition returns the condition that selects the rows of a single parent.
func (t *table[T, K]) parentCondition(c *compiler, of Parents) (string, error) {
	if of.Type == "" {
		return "TRUE", nil
	}
	link, ok := t.parents[of.Type]
	if !ok {
		return "", fmt.Errorf("%s has no list by %s", t.name, of.Type)
	}
	if of.Keys[0] == (Key{}) {
		if link == "" {
			return "t.customer_id = (SELECT a.customer_id FROM a)", nil
		}
		return "(t.customer_id, t." + link + ") = (SELECT a.customer_id, a.id FROM a)", nil
	}
	condition := "t.customer_id = " + c.bind(of.Keys[0].CustomerID)
	if link != "" {
		condition += " AND t." + link + " = " + c.bind(of.Keys[0].ID)
	}
	return condition, nil
}
