package db

import (
	"context"
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
	var none F
	return identity{q.Filter, unsafe.SliceData(q.OrderBy), len(q.OrderBy), q.Page}, any(q.Filter) == any(none) && len(q.OrderBy) == 0
}

// Parents holds the records whose lists a query reads. All have one type.
type Parents struct {
	Type NodeType
	Keys []Key
	// unread is the only one, with the zero Key, if it is read together with its list.
	unread *Parent
}

// NoParent selects the list of all records in the reader's scope.
var NoParent = Parents{Keys: []Key{{}}}

// list returns one page for each parent, in the order of the parents, by one statement. It returns BadInput, BadCursor
// and Forbidden errors.
func list[T any, K ~string, O order[K], F Filter](ctx context.Context, r *Reader, p *Projection, t *table[T, K], of Parents, q Query[F, O]) ([]*Connection[T], error) {
	keys, err := sortKeys(r.scope, t, q.OrderBy)
	if err != nil {
		return nil, err
	}
	// In a snapshot, offsetResume stores the sort values of the last row of each page.
	cursors := p.cursors || r.caches()
	sign := sync.OnceValue(func() string { return signature(t.name, keys) })
	counter := &counter{count: func(ctx context.Context, most int64) ([]int64, error) { return count(ctx, r, t, of, q.Filter, most) }}
	shared := &listing[T]{
		cursor: func(row *T) string {
			if !cursors {
				panic("db: the projection of this page has no cursors: add WithCursors")
			}
			return encodeCursor(sign(), cursorValues(t, keys, row))
		},
	}
	pages := make([]*Connection[T], len(of.Keys))
	for i := range pages {
		pages[i] = &Connection[T]{Nodes: []*T{}, index: i, listing: shared, counter: counter}
	}
	if q.Page.CountOnly {
		return pages, q.Page.checkCursors(sign(), keys)
	}

	parent, of, err := of.withParent(ctx, keys, q.Page)
	if err != nil || len(of.Keys) == 0 {
		return pages, err
	}
	joins := pageJoins[T]{projection: p, parent: parent, children: t.childJoin(p, keys)}
	fields := t.read(p, keys, cursors)
	columns := fields.sorted
	if joins.isEmpty() {
		columns = fields.list
	}
	limit := q.Page.Limit
	if p.pageInfo {
		limit++
	}
	one := len(of.Keys) == 1
	var resume offsetResume
	c := r.filterCompiler(ctx)
	c.ofCustomers = of.Type != "" || !r.scope.everyone
	c.ofSubscription = ofOneSubscription(of.Type)
	if !one {
		c.owners = c.ownersOf(of)
	} else {
		r.countMatches(ctx, c)
		if f, ok := any(q.Filter).(timed); ok {
			c.isPeriod = f.isPeriod()
		}
		if f, ok := any(q.Filter).(narrowing); ok && r.scope.everyone {
			c.wide, c.allSources = !f.narrows(false), !f.narrows(true)
		}
	}
	if parent != nil {
		joins.parentSQL = parent.statement(c)
	}
	where, err := pageCondition(c, r, t, keys, sign, q)
	if err != nil {
		return nil, err
	}
	if f, ok := any(q.Filter).(selective); ok && f.selective() {
		c.few = true
	}
	order := orderBy(r.store.dialect, "t.", keys, q.Page.Backward, c.few)
	var sql string
	if one {
		sql, resume, err = onePage(c, r, t, of, q.Page, keys, columns, where, order, limit)
	} else {
		sql, err = t.pages(c, of, keys, topN{columns: columns, sorted: fields.sorted, where: where, order: order, limit: limit})
	}
	switch {
	case err != nil:
		return nil, err
	case !joins.isEmpty():
		sql = joins.join(r, c, sql, fields, order, one)
	case !one:
		sql += " ORDER BY k.ord, " + order
	}
	ordinal, column := int64(1), (*int64)(nil)
	if !one {
		column = &ordinal
	}
	leave, err := r.admit(ctx, PriceOf(q.Filter))
	if err != nil {
		return nil, err
	}
	defer leave()
	err = queryWith(ctx, r, c, sql, joins, column, fields, func(row *T) {
		page := pages[ordinal-1]
		page.Nodes = append(page.Nodes, row)
	})
	if err != nil {
		return nil, err
	}
	if parent != nil {
		parent.Read = true
		of = parent.Parents() // count needs its key
	}
	for _, page := range pages {
		page.total = q.Page.total(len(page.Nodes), limit)
		page.finish(q.Page)
		if n := len(page.Nodes); page.HasNextPage && n > 0 {
			resume.remember(q.Page.Offset+int64(n), func() []any { return t.orderValues(keys, page.Nodes[n-1]) })
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
