package db

import (
	"fmt"
	"slices"
	"strconv"
)

// offsetResume is a list that somebody may read page by page, by offset: it remembers where each page ended.
type offsetResume struct {
	cache listCache
	key   listCacheKey
	known bool
}

// newOffsetResume returns the walk through a list of a condition and an order, of one parent.
func newOffsetResume(r *Reader, c *compiler, keys []sortKey, page Page, list string) offsetResume {
	if page.After != "" || page.Before != "" || page.Backward || !onlyColumns(keys) {
		return offsetResume{}
	}
	key, ok := r.listCacheKey(c, list, 0)
	return offsetResume{r.store.listCache, key, ok}
}

// before returns what the row before an offset has in the order, if a page ended there.
func (o offsetResume) valuesBefore(offset int64) (values []any, known bool) {
	if !o.known || offset == 0 {
		return nil, false
	}
	o.key.offset = offset
	v, known := o.cache.cache.Get(o.key)
	if known {
		values = v.([]any)
	}
	return values, known
}

// ended remembers what the last row before an offset has in the order.
func (o offsetResume) remember(offset int64, values func() []any) {
	if o.known {
		o.key.offset = offset
		o.cache.cache.Add(o.key, values())
	}
}

// named tells whether all keys of an order are columns.
func onlyColumns(keys []sortKey) bool {
	return !slices.ContainsFunc(keys, func(k sortKey) bool { return k.expression != "" })
}

// onePage is the statement for a page of one parent's list, and the walk that it is a part of.
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
	return offsetPage(t, columns, keys, where, order, limit, offset), resume, nil
}

// offsetPage is the statement for a page of one parent's list. What an offset passes over is read from an index alone,
// and what is sorted by something that no index has is sorted without its columns; the page's own rows are then read
// by their keys.
func offsetPage[T any, K ~string](t *table[T, K], columns string, keys []sortKey, where, order string, limit int, offset int64) string {
	page := t.name + " t WHERE " + where + " ORDER BY " + order + " LIMIT " + strconv.Itoa(limit)
	if offset == 0 && onlyColumns(keys) {
		return "SELECT " + columns + " FROM " + page
	}
	return fmt.Sprintf("SELECT %s FROM (SELECT t.customer_id AS owner, t.%s AS own FROM %s OFFSET %d) k JOIN %s t ON t.customer_id = k.owner AND t.%[2]s = k.own ORDER BY %[6]s",
		columns, t.id, page, offset, t.name, order)
}
