package loaders

import (
	"context"
	"reflect"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// child is a row of type T that belongs to a record.
type child[T any] interface {
	*T
	Owner() db.Key
}

// Children returns all children of a record: loaded if it is not nil, else those that a batch reads with those of the
// record's siblings. list is the method of db.Reader that reads them.
func Children[T any, C child[T]](ctx context.Context, read *queryplan.Read, parent db.Node, loaded []*T, list func(*db.Reader, context.Context, *db.Projection, []db.Key) ([]*T, error)) ([]*T, error) {
	if loaded != nil {
		return loaded, nil
	}
	l := from(ctx)
	return batchOf(l, reflect.TypeFor[T](), func(ctx context.Context, p *db.Projection, keys []db.Key) ([][]*T, error) {
		rows, err := list(l.reader, ctx, p, keys)
		return many(keys, rows, func(row *T) db.Key { return C(row).Owner() }), err
	}).load(ctx, read, l.siblingsOf(parent), parent.NodeKey(), ownKey)
}

// many groups rows, which may come in any order, by the keys that own them. A key without rows has an empty list.
func many[T any](keys []db.Key, rows []*T, owner func(*T) db.Key) [][]*T {
	byKey := make(map[db.Key][]*T, len(keys))
	for start := 0; start < len(rows); {
		key, end := owner(rows[start]), start+1
		for end < len(rows) && owner(rows[end]) == key {
			end++
		}
		// Rows of one key are usually adjacent and can share the array.
		if adjacent := rows[start:end:end]; byKey[key] == nil {
			byKey[key] = adjacent
		} else {
			byKey[key] = append(byKey[key], adjacent...)
		}
		start = end
	}
	lists := make([][]*T, len(keys))
	for i, key := range keys {
		lists[i] = byKey[key]
	}
	return lists
}
