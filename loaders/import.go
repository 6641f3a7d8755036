package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// Imports returns a page of the imports.
func Imports(ctx context.Context, page db.Page) (*db.ImportConnection, error) {
	l := from(ctx)
	list, err := l.reader.Imports(ctx, page)
	if err != nil {
		return nil, err
	}
	l.rememberImports(list.Nodes)
	return list, nil
}

// rememberImports keeps the imports of a list together, so that their rejects are read by one statement.
func (l *Loaders) rememberImports(list []*db.Import) {
	keys := make([]db.Key, len(list))
	for i, n := range list {
		keys[i] = importKey(n)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		l.imports[key] = keys
	}
}

// imported is the name of the batch of the imports of records.
type imported struct{}

// ImportOf returns the import that last changed a record, read with those of its siblings; nil if it is unknown.
// importOf returns the id of the import of a record of the same type.
func ImportOf[N db.Node](ctx context.Context, read *queryplan.Read, of N, importOf func(N) *int64) (*db.Import, error) {
	id := importOf(of)
	if id == nil {
		return nil, nil
	}
	l := from(ctx)
	return batchOf(l, imported{}, func(ctx context.Context, _ *db.Projection, keys []db.Key) ([]*db.Import, error) {
		rows, err := l.reader.ImportsByKey(ctx, keys)
		l.rememberImports(rows)
		return one(keys, rows, importKey), err
	}).load(ctx, read, l.siblingsOf(of), db.Key{ID: *id}, func(n db.Node) (db.Key, bool) {
		if id := importOf(n.(N)); id != nil {
			return db.Key{ID: *id}, true
		}
		return db.Key{}, false
	})
}

func importKey(i *db.Import) db.Key { return db.Key{ID: i.ID} }

// rejectPages is the name of the batch of the rejects of imports.
type rejectPages struct{ page db.Page }

// ImportRejects returns a page of the rejects of an import, read with those of the imports of its list.
func ImportRejects(ctx context.Context, read *queryplan.Read, of *db.Import, page db.Page) (*db.ImportRejectConnection, error) {
	l, key := from(ctx), importKey(of)
	pages := batchOf(l, rejectPages{page}, func(ctx context.Context, _ *db.Projection, keys []db.Key) ([]*db.ImportRejectConnection, error) {
		return l.reader.ImportRejects(ctx, keys, page)
	})
	l.mu.Lock()
	keys := append([]db.Key{key}, l.imports[key]...)
	l.mu.Unlock()
	return pages.loadAmong(ctx, read, keys, key)
}
