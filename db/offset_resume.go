package db

import (
	"fmt"
	"slices"
	"strings"
)

// offsetResume is the part of the list cache for one list read by offset. It maps an offset to the sort values of the
// row before it, so that the next page is read by a keyset condition.
type offsetResume struct {
	cache   listCache
	key     listCacheKey
	enabled bool
}

// newOffsetResume returns the offsetResume of a list, which is identified by its statement without the page. It is
// disabled outside a snapshot, for a backward page or one with cursors, and for an order by an expression.
func newOffsetResume(r *Reader, c *compiler, keys []sortKey, page Page, list string) offsetResume {
	if page.After != "" || page.Before != "" || page.Backward || !onlyColumns(keys) {
		return offsetResume{}
	}
	key, ok := r.listCacheKey(c, list, 0)
	return offsetResume{r.store.listCache, key, ok}
}

// valuesBefore returns the cached sort values of the row before an offset.
func (o offsetResume) valuesBefore(offset int64) (values []any, known bool) {
	if !o.enabled || offset == 0 {
		return nil, false
	}
	o.key.offset = offset
	v, known := o.cache.cache.Get(o.key)
	if known {
		values = v.([]any)
	}
	return values, known
}

// remember caches the sort values of the last row before an offset.
func (o offsetResume) remember(offset int64, values func() []any) {
	if o.enabled {
		o.key.offset = offset
		o.cache.cache.Add(o.key, values())
	}
}

// onlyColumns reports whether all keys of an order are columns, not expressions.
func onlyColumns(keys []sortKey) bool {
	return !slices.ContainsFunc(keys, func(k sortKey) bool { return k.expression != "" })
}

// onePage returns the statement for a page of one parent's list, and the offsetResume of the list.
func onePage[T any, K ~string](c *compiler, r *Reader, t *table[T, K], of Parents, page Page, keys []sortKey, columns, where, order string, limit int) (string, offsetResume, error) {
	ofParent, err := t.parentCondition(c, of)
	if err != nil {
		return "", offsetResume{}, err
	}
	where, offset := ofParent+" AND "+where, page.Offset
	resume := newOffsetResume(r, c, keys, page, t.name+" "+where+" "+order)
	if values, known := resume.valuesBefore(offset); known {
		where, offset = where+" AND "+keysetCondition(c, keys, values, false), 0
	}
	q := topN{columns: columns, table: t.name, where: where, order: order, limit: limit}
	customers := len(r.scope.customers)
	switch merged := of.Type == "" && onlyColumns(keys) && !c.few; {
	case merged && customers > 1 && (c.dialect.mergesCustomers || c.isPeriod && customers <= maxThreshold) && t.hasCustomerIndex(keys):
		q.keys = "(SELECT customer_id FROM customers WHERE customer_id" + c.dialect.in(c, "bigint", r.scope.values()) + ") k"
		return c.dialect.customerMerge(q, int64(customers), keys, page.Backward, offset), resume, nil
	case merged && c.dialect.mergesCustomers && customers > 1:
		q.keys, q.merged = c.dialect.keyList(c, r.scope.keys()), "customer_id"
		return c.dialect.mergedPage(q, offset), resume, nil
	case merged && c.allSources && keys[0].name == t.id:
		q.keys, q.merged = sourceList(), "source"
		return c.dialect.mergedPage(q, offset), resume, nil
	}
	return offsetPage(c, t, of, q, keys, offset), resume, nil
}

// offsetPage returns the statement for a page of one parent's list. With an offset or an order by an expression, a
// subquery selects the keys of the page: skipped rows are read from an index only, and sorting does not carry the
// columns.
func offsetPage[T any, K ~string](c *compiler, t *table[T, K], of Parents, q topN, keys []sortKey, offset int64) string {
	join := ""
	if slices.ContainsFunc(keys, sortKey.isFirstPrice) {
		join = firstPriceJoin
	}
	page := fmt.Sprintf("%s t%s WHERE %s ORDER BY %s LIMIT %d", t.name, join, q.where, q.order, q.limit)
	if offset == 0 && onlyColumns(keys) {
		return "SELECT " + q.columns + " FROM " + page
	}
	page = fmt.Sprintf("SELECT t.customer_id AS owner, t.%s AS own FROM %s OFFSET %d", t.id, page, offset)
	if of.Type == "" && c.wide && !c.few && isPriceOrder(keys) {
		page = pricePage(c.dialect, q, keys, offset)
	}
	return fmt.Sprintf("SELECT %s FROM (%s) k JOIN %s t ON t.customer_id = k.owner AND t.%s = k.own%s ORDER BY %s", q.columns, page, t.name, t.id, join, q.order)
}

// sourceList returns a relation k of all sources.
func sourceList() string {
	rows := make([]string, len(Sources()))
	for i, s := range Sources() {
		rows[i] = "SELECT CAST('" + string(s) + "' AS TEXT) AS source"
	}
	return "(" + strings.Join(rows, " UNION ALL ") + ") k"
}
