package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// SummaryTotals returns totals of usage summaries.
func SummaryTotals(ctx context.Context, read *queryplan.Read, q db.SummaryTotalsQuery) (*db.SummaryTotalsConnection, error) {
	l := from(ctx)
	if err := l.countTotals(); err != nil {
		return nil, err
	}
	page, err := l.reader.SummaryTotals(ctx, read.Projection(), q)
	if err != nil {
		return nil, err
	}
	var owners []*db.GroupOwner
	for _, group := range page.Nodes {
		owners = append(owners, &group.Key.GroupOwner)
	}
	l.rememberOwners(owners)
	return page, nil
}
