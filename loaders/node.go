package loaders

import (
	"context"
	"maps"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// byKey is a method of db.Reader that returns the existing records of keys, in any order.
type byKey[T any] func(*db.Reader, context.Context, *db.Projection, []db.Key) ([]*T, error)

// records returns the batch of the records of one type. A key without a record has the value nil.
func records[T any, N node[T]](l *Loaders, name db.NodeType, list byKey[T]) *batch[*T] {
	return batchOf(l, name, func(ctx context.Context, p *db.Projection, keys []db.Key) ([]*T, error) {
		rows, err := list(l.reader, ctx, p, keys)
		if err != nil {
			return nil, err
		}
		remember[T, N](l, rows)
		return one(keys, rows, func(row *T) db.Key { return N(row).NodeKey() }), nil
	})
}

// one returns the row of each key, in the order of the keys, or nil if there is none. Rows may come in any order.
func one[T any](keys []db.Key, rows []*T, keyOf func(*T) db.Key) []*T {
	byKey := make(map[db.Key]*T, len(keys))
	for _, row := range rows {
		byKey[keyOf(row)] = row
	}
	found := make([]*T, len(keys))
	for i, key := range keys {
		found[i] = byKey[key]
	}
	return found
}

// related returns the record at which another one points, read in one batch with those of its siblings; nil if pointer
// returns false. It does not read a record again.
func related[T any, N node[T]](ctx context.Context, read *queryplan.Read, from_ db.Node, name db.NodeType, pointer func(db.Node) (db.Key, bool), list byKey[T]) (*T, error) {
	l := from(ctx)
	key, ok := pointer(from_)
	if !ok {
		return nil, nil
	}
	if before, ok := l.lookUp(name, key).node.(N); ok {
		return before, nil
	}
	return records[T, N](l, name, list).load(ctx, read, l.siblingsOf(from_), key, func(n db.Node) (db.Key, bool) {
		key, ok := pointer(n)
		return key, ok && l.lookUp(name, key).node == nil
	})
}

// CustomerOf returns the customer of a record; nil if it is unattributed.
func CustomerOf(ctx context.Context, read *queryplan.Read, n db.Node) (*db.Customer, error) {
	return related(ctx, read, n, db.TypeCustomer, func(n db.Node) (db.Key, bool) {
		id := n.NodeKey().CustomerID
		return db.CustomerKey(id), id != 0
	}, (*db.Reader).CustomersByKey)
}

// SubscriptionOf returns the subscription of a record; nil if it has none.
func SubscriptionOf(ctx context.Context, read *queryplan.Read, n interface {
	db.Node
	SubscriptionKey() (db.Key, bool)
}) (*db.ServiceSubscription, error) {
	return related(ctx, read, n, db.TypeSubscription, func(n db.Node) (db.Key, bool) {
		return n.(interface{ SubscriptionKey() (db.Key, bool) }).SubscriptionKey()
	}, (*db.Reader).SubscriptionsByKey)
}

// ConsumptionReportOf returns the report that contains a bucket; nil if there is none.
func ConsumptionReportOf(ctx context.Context, read *queryplan.Read, b *db.Bucket) (*db.ConsumptionReport, error) {
	return related(ctx, read, b, db.TypeConsumptionReport, func(n db.Node) (db.Key, bool) {
		return n.(*db.Bucket).ReportKey()
	}, (*db.Reader).ConsumptionReportsByKey)
}

// UsageSummaryOf returns the summary that contains a bucket; nil if there is none.
func UsageSummaryOf(ctx context.Context, read *queryplan.Read, b *db.Bucket) (*db.UsageSummary, error) {
	return related(ctx, read, b, db.TypeUsageSummary, func(n db.Node) (db.Key, bool) {
		return n.(*db.Bucket).SummaryKey()
	}, (*db.Reader).UsageSummariesByKey)
}

// Nodes returns the records of ids; nil for each id without a record in the reader's scope. The number of statements
// depends on the number of types, not on the number of ids.
func Nodes(ctx context.Context, read *queryplan.Read, ids []db.ID) ([]db.Node, error) {
	l := from(ctx)
	if read != nil && read.Prefetch != nil && len(ids) == 1 {
		n, err := l.withList(ctx, read, ids[0])
		return []db.Node{n}, err
	}
	keys, err := l.keysOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	waiting := make([]func() (db.Node, error), len(ids))
	for i, id := range ids {
		if keys[i] != (db.Key{}) {
			waiting[i] = l.node(ctx, read, id.Type, keys[i])
		}
	}
	nodes := make([]db.Node, len(ids))
	for i, wait := range waiting {
		if wait == nil {
			continue
		}
		n, err := wait()
		if err != nil {
			return nil, err
		}
		nodes[i] = as(n, ids[i])
	}
	return nodes, nil
}

// keysOf returns the keys of the records of ids; the zero key for an id without a record. It looks up each id once per
// request.
func (l *Loaders) keysOf(ctx context.Context, ids []db.ID) ([]db.Key, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var missing []db.ID
	for _, id := range ids {
		if _, known := l.keys[id]; !known {
			l.keys[id] = db.Key{}
			missing = append(missing, id)
		}
	}
	found, err := l.reader.NodeKeys(ctx, missing)
	if err != nil {
		for _, id := range missing {
			delete(l.keys, id)
		}
		return nil, err
	}
	maps.Copy(l.keys, found)
	keys := make([]db.Key, len(ids))
	for i, id := range ids {
		keys[i] = l.keys[id]
	}
	return keys, nil
}

// as returns a record with the id by which it was found. A record with several names shows that id as its own.
func as(n db.Node, id db.ID) db.Node {
	if named, ok := n.(interface{ As(id db.ID) db.Node }); ok {
		return named.As(id)
	}
	return n
}

// node requests a record and returns a function that waits for it.
func (l *Loaders) node(ctx context.Context, read *queryplan.Read, of db.NodeType, key db.Key) func() (db.Node, error) {
	switch of {
	case db.TypeCustomer:
		return single[db.Customer](ctx, read, l, of, key, (*db.Reader).CustomersByKey)
	case db.TypeSubscription:
		return single[db.ServiceSubscription](ctx, read, l, of, key, (*db.Reader).SubscriptionsByKey)
	case db.TypeUsageRecord:
		return single[db.UsageRecord](ctx, read, l, of, key, (*db.Reader).UsageRecordsByKey)
	case db.TypeUsageSummary:
		return single[db.UsageSummary](ctx, read, l, of, key, (*db.Reader).UsageSummariesByKey)
	case db.TypeBucket:
		return single[db.Bucket](ctx, read, l, of, key, (*db.Reader).BucketsByKey)
	}
	return single[db.ConsumptionReport](ctx, read, l, of, key, (*db.Reader).ConsumptionReportsByKey)
}

func single[T any, N node[T]](ctx context.Context, read *queryplan.Read, l *Loaders, of db.NodeType, key db.Key, list byKey[T]) func() (db.Node, error) {
	thunk := records[T, N](l, of, list).enqueue(ctx, read, key)
	return func() (db.Node, error) {
		row, err := thunk()
		if row == nil || err != nil {
			return nil, err
		}
		return N(row), nil
	}
}

// UsageRecordOf returns the usage record of a rated usage.
func UsageRecordOf(ctx context.Context, p *db.RatedUsage) (*db.UsageRecord, error) {
	return parent[db.UsageRecord](ctx, db.TypeUsageRecord, p.Owner())
}

// UsageSummaryOfLine returns the usage summary of a line.
func UsageSummaryOfLine(ctx context.Context, line *db.UsageSummaryLine) (*db.UsageSummary, error) {
	return parent[db.UsageSummary](ctx, db.TypeUsageSummary, line.Owner())
}

// BucketOfBalance returns the bucket of a balance.
func BucketOfBalance(ctx context.Context, b *db.BucketBalance) (*db.Bucket, error) {
	return parent[db.Bucket](ctx, db.TypeBucket, b.Owner())
}

// BucketOfCounter returns the bucket of a counter.
func BucketOfCounter(ctx context.Context, c *db.BucketCounter) (*db.Bucket, error) {
	return parent[db.Bucket](ctx, db.TypeBucket, c.Owner())
}

// parent returns the record with which a child was read. It is always cached.
func parent[T any, N node[T]](ctx context.Context, name db.NodeType, key db.Key) (*T, error) {
	if n, ok := from(ctx).lookUp(name, key).node.(N); ok {
		return n, nil
	}
	return nil, db.Errorf(db.NotFound, "the %s no longer exists", name)
}

// One returns a record by one of its identifiers. look is the method of db.Reader that finds it.
func One[T, By any, N node[T]](ctx context.Context, read *queryplan.Read, by By, look func(*db.Reader, context.Context, *db.Projection, By) (N, error)) (N, error) {
	l := from(ctx)
	n, err := look(l.reader, ctx, read.Projection(), by)
	if err == nil {
		remember[T, N](l, []*T{n})
	}
	return n, err
}
