package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// maxTotals is the maximum number of fields of an operation that add up records.
const maxTotals = 5

// UsageTotals returns totals of the usage records of a customer or subscription; of all usage records if parent is nil.
func UsageTotals(ctx context.Context, read *queryplan.Read, parent db.Node, q db.UsageTotalsQuery) (*db.UsageTotalsConnection, error) {
	l := from(ctx)
	of := db.NoParent
	list := func(ctx context.Context, p *db.Projection, keys []db.Key) ([]*db.UsageTotalsConnection, error) {
		if err := l.countTotals(); err != nil {
			return nil, err
		}
		var owners []*db.GroupOwner
		pages, err := l.reader.UsageTotals(ctx, p, db.Parents{Type: of.Type, Keys: keys}, q)
		for _, p := range pages {
			for _, group := range p.Nodes {
				owners = append(owners, &group.Key.GroupOwner)
			}
		}
		l.rememberOwners(owners)
		return pages, err
	}
	if parent == nil {
		pages, err := list(ctx, read.Projection(), of.Keys)
		if err != nil {
			return nil, err
		}
		return pages[0], nil
	}
	of.Type = parent.NodeType()
	if l.isUnread(parent) {
		return &db.UsageTotalsConnection{Nodes: []*db.UsageTotals{}}, nil
	}
	type name struct {
		of       db.NodeType
		question string
	}
	return batchOf(l, name{of.Type, q.Identity()}, list).load(ctx, read, l.siblingsOf(parent), parent.NodeKey(), ownKey)
}

// countTotals counts a field that adds up records. It returns a LimitExceeded error after maxTotals of them.
func (l *Loaders) countTotals() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.totals++; l.totals > maxTotals {
		return db.LimitErrorf("totals", "at most %d fields of an operation sum up records", maxTotals)
	}
	return nil
}
