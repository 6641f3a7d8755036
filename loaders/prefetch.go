package loaders

import (
	"context"

	"usagegraph/db"
)

// withList reads a record together with its first list in the query; nil if there is no such record. request requests
// the list. A cached record is not read again.
func (l *Loaders) withList(ctx context.Context, id db.ID, request func(context.Context, any)) (db.Node, error) {
	if key, known := l.keys[id]; known {
		if key == (db.Key{}) {
			return nil, nil
		}
		if n := l.lookUp(id.Type, key).node; n != nil {
			return as(n, id), nil
		}
	}
	reading, parent, err := l.reader.WithParent(ctx, id)
	if err != nil {
		return nil, err
	}
	if !parent.Read {
		request(reading, parent.Node)
	}
	if err := parent.Load(ctx); err != nil {
		return nil, err
	}
	if !parent.Found {
		l.keys[id] = db.Key{}
		return nil, nil
	}
	l.keys[id] = parent.Node.NodeKey()
	l.keep(id.Type, func() *siblings { return &siblings{nodes: []db.Node{parent.Node}} })
	return as(parent.Node, id), nil
}
