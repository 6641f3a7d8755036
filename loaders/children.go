package loaders

import (
	"context"

	"usagegraph/db"
)

// children returns all children of a record: those that came with it, or, where that is nil, with those of its siblings.
func children[T any](ctx context.Context, parent db.Node, came []*T, name string, read func(*db.Reader, context.Context, []db.Key) ([]*T, error), owner func(*T) db.Key) ([]*T, error) {
	if came != nil {
		return came, nil
	}
	l := from(ctx)
	r := batchOf(l, name, func(ctx context.Context, keys []db.Key) ([][]*T, error) {
		rows, err := read(l.reader, ctx, keys)
		return many(keys, rows, owner), err
	})
	return r.load(ctx, l.siblingsOf(parent), parent.NodeKey(), ownKey)
}

// many puts rows, which come in any order, to the keys that own them; a key without rows has an empty list.
func many[T any](keys []db.Key, rows []*T, owner func(*T) db.Key) [][]*T {
	byKey := make(map[db.Key][]*T, len(keys))
	for start := 0; start < len(rows); {
		key, end := owner(rows[start]), start+1
		for end < len(rows) && owner(rows[end]) == key {
			end++
		}
		// Rows of one key mostly stand together, and then need no list of their own.
		if together := rows[start:end:end]; byKey[key] == nil {
			byKey[key] = together
		} else {
			byKey[key] = append(byKey[key], together...)
		}
		start = end
	}
	lists := make([][]*T, len(keys))
	for i, key := range keys {
		lists[i] = byKey[key]
	}
	return lists
}

// CustomerIdentifiers returns the ids by which systems know a customer.
func CustomerIdentifiers(ctx context.Context, c *db.Customer) ([]*db.CustomerIdentifier, error) {
	return children(ctx, c, nil, "customer identifiers", (*db.Reader).CustomerIdentifiers, (*db.CustomerIdentifier).Owner)
}

// SubscriptionIdentifiers returns the names by which a line is known.
func SubscriptionIdentifiers(ctx context.Context, s *db.ServiceSubscription) ([]*db.SubscriptionIdentifier, error) {
	return children(ctx, s, nil, "subscription identifiers", (*db.Reader).SubscriptionIdentifiers, (*db.SubscriptionIdentifier).Owner)
}

// RatedUsages returns the prices of a usage record.
func RatedUsages(ctx context.Context, u *db.UsageRecord) ([]*db.RatedUsage, error) {
	return children(ctx, u, u.Rated, "rated usages", (*db.Reader).RatedUsages, (*db.RatedUsage).Owner)
}

// UsageSummaryLines returns the lines of a usage summary.
func UsageSummaryLines(ctx context.Context, s *db.UsageSummary) ([]*db.UsageSummaryLine, error) {
	return children(ctx, s, nil, "usage summary lines", (*db.Reader).UsageSummaryLines, (*db.UsageSummaryLine).Owner)
}

// BucketBalances returns the balances of a bucket.
func BucketBalances(ctx context.Context, b *db.Bucket) ([]*db.BucketBalance, error) {
	return children(ctx, b, b.Balances, "bucket balances", (*db.Reader).BucketBalances, (*db.BucketBalance).Owner)
}

// BucketCounters returns the counters of a bucket.
func BucketCounters(ctx context.Context, b *db.Bucket) ([]*db.BucketCounter, error) {
	return children(ctx, b, b.Counters, "bucket counters", (*db.Reader).BucketCounters, (*db.BucketCounter).Owner)
}
