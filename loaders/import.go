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
	keys := make([]db.Key, len(list.Nodes))
	for i, n := range list.Nodes {
		keys[i] = importKey(n)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		l.imports[key] = keys
	}
	return list, nil
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
