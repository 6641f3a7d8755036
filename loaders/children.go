package loaders

import (
	"context"

	"usagegraph/db"
)

// children returns all children of a record: loaded if it is not nil, else a batch that includes those of the record's
// siblings.
func children[T any](ctx context.Context, parent db.Node, loaded []*T, name string, read func(*db.Reader, context.Context, []db.Key) ([]*T, error), owner func(*T) db.Key) ([]*T, error) {
	if loaded != nil {
		return loaded, nil
	}
	l := from(ctx)
	r := batchOf(l, name, func(ctx context.Context, keys []db.Key) ([][]*T, error) {
		rows, err := read(l.reader, ctx, keys)
		return many(keys, rows, owner), err
	})
	return r.load(ctx, l.siblingsOf(parent), parent.NodeKey(), ownKey)
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

// CustomerIdentifiers returns the ids of a customer in the source systems.
func CustomerIdentifiers(ctx context.Context, c *db.Customer) ([]*db.CustomerIdentifier, error) {
	return children(ctx, c, nil, "customer identifiers", (*db.Reader).CustomerIdentifiers, (*db.CustomerIdentifier).Owner)
}

// SubscriptionIdentifiers returns the own ids, numbers and cards of a subscription.
func SubscriptionIdentifiers(ctx context.Context, s *db.ServiceSubscription) ([]*db.SubscriptionIdentifier, error) {
	return children(ctx, s, nil, "subscription identifiers", (*db.Reader).SubscriptionIdentifiers, (*db.SubscriptionIdentifier).Owner)
}

// RatedUsages returns the rated usages of a usage record.
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
