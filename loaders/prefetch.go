package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// isUnread reports whether a record is to be read with its first list. Fields that are no page of a list return nothing
// for it, so that it is read by itself.
func (l *Loaders) isUnread(n db.Node) bool { return l.unread != nil && l.unread.Node == n }

// withList reads a record together with its first list in the query, which read.Prefetch requests; nil if there is no
// such record. A cached record is not read again.
func (l *Loaders) withList(ctx context.Context, read *queryplan.Read, id db.ID) (db.Node, error) {
	if key, known := l.keys[id]; known {
		if key == (db.Key{}) {
			return nil, nil
		}
		if n := l.lookUp(id.Type, key).node; n != nil {
			return as(n, id), nil
		}
	}
	parent, err := l.reader.Parent(ctx, read.Projection(), id)
	if err != nil {
		return nil, err
	}
	if !parent.Read {
		l.unread = parent
		read.Prefetch(parent.Node)
		l.unread = nil
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
