package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// BillingCycles returns the latest billing cycles of a subscription, at most first of them, read in one batch with those
// of the subscription's siblings.
func BillingCycles(ctx context.Context, read *queryplan.Read, s *db.ServiceSubscription, first int32) ([]*db.TimePeriod, error) {
	l := from(ctx)
	if l.isUnread(s) {
		return []*db.TimePeriod{}, nil
	}
	type name struct{ first int32 }
	return batchOf(l, name{first}, func(ctx context.Context, _ *db.Projection, keys []db.Key) ([][]*db.TimePeriod, error) {
		return l.reader.BillingCycles(ctx, keys, first)
	}).load(ctx, read, l.siblingsOf(s), s.NodeKey(), ownKey)
}
