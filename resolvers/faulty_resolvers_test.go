package resolvers_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
	schemas "usagegraph/graph"
	"usagegraph/queryplan"
	"usagegraph/resolvers"
)

// faulty is a resolver root whose resolvers fail for some records, in all ways that a resolver can fail: in nullable and
// non-null fields, of objects and lists, at the root and below.
type faulty struct {
	schemas.ResolverRoot
	// ranks are the ranks of the records by their keys.
	ranks map[db.Key]int
}

// newFaulty returns the faulty resolver roots for the records of a store.
func newFaulty(t *testing.T, store *db.Store) func(*queryplan.Read) schemas.ResolverRoot {
	t.Helper()
	reader, everything := store.For(db.All()), db.Page{Limit: db.MaxPage}
	var keys []db.Key
	customers, err := reader.Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: everything})
	for _, c := range customers[0].Nodes {
		keys = append(keys, c.NodeKey())
	}
	records, err2 := reader.UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: everything})
	for _, u := range records[0].Nodes {
		keys = append(keys, u.NodeKey())
	}
	buckets, err3 := reader.Buckets(t.Context(), db.AllColumns, db.NoParent, db.BucketQuery{Page: everything})
	for _, b := range buckets[0].Nodes {
		keys = append(keys, b.NodeKey())
	}
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(keys, func(a, b db.Key) int { return cmp.Compare(a.ID, b.ID) })
	ranks := map[db.Key]int{}
	for i, key := range keys {
		ranks[key] = i
	}
	return func(read *queryplan.Read) schemas.ResolverRoot { return faulty{resolvers.New(read), ranks} }
}

// fault returns the value of read, or fails, depending on the record and the number of the field.
func fault[T any](f faulty, key db.Key, number int, read func() (T, error)) (value T, err error) {
	switch (f.ranks[key]*3 + number) % 13 {
	case 0:
		return value, db.Errorf(db.NotFound, "broken")
	case 1:
		return value, errors.New("broken")
	case 2:
		return value, &gqlerror.Error{Message: "broken", Extensions: map[string]any{"code": "BROKEN"}}
	case 3:
		return value, gqlerror.List{gqlerror.Errorf("broken"), gqlerror.Errorf("broken twice")}
	case 4:
		panic("broken")
	case 5:
		return value, nil
	}
	return read()
}

// holes replaces the first of several elements by nil.
func holes[T any](list []*T, err error) ([]*T, error) {
	if len(list) > 1 {
		list = append([]*T{nil}, list[1:]...)
	}
	return list, err
}

func (f faulty) Query() schemas.QueryResolver { return faultyQuery{f.ResolverRoot.Query(), f} }

type faultyQuery struct {
	schemas.QueryResolver
	faults faulty
}

func (f faultyQuery) Node(ctx context.Context, id string) (db.Node, error) {
	switch {
	case len(id)%5 == 0:
		panic("broken")
	case len(id)%7 == 0:
		return (*db.Customer)(nil), nil
	}
	return f.QueryResolver.Node(ctx, id)
}

func (f faultyQuery) Links(_ context.Context, first *int32, _ *string) (*db.CustomerLinkConnection, error) {
	if first != nil {
		panic("broken")
	}
	return nil, nil
}

func (f faulty) Customer() schemas.CustomerResolver {
	return faultyCustomer{f.ResolverRoot.Customer(), f}
}

type faultyCustomer struct {
	schemas.CustomerResolver
	faults faulty
}

func (f faultyCustomer) Identifiers(ctx context.Context, c *db.Customer) ([]*db.CustomerIdentifier, error) {
	return fault(f.faults, c.NodeKey(), 1, func() ([]*db.CustomerIdentifier, error) {
		return holes(f.CustomerResolver.Identifiers(ctx, c))
	})
}

func (f faultyCustomer) Subscriptions(ctx context.Context, c *db.Customer, first *int32, after *string, last *int32, before *string, filter *db.SubscriptionFilter, orderBy []*db.SubscriptionOrder) (*db.SubscriptionConnection, error) {
	return fault(f.faults, c.NodeKey(), 2, func() (*db.SubscriptionConnection, error) {
		return f.CustomerResolver.Subscriptions(ctx, c, first, after, last, before, filter, orderBy)
	})
}

func (f faulty) UsageRecord() schemas.UsageRecordResolver {
	return faultyRecord{f.ResolverRoot.UsageRecord(), f}
}

type faultyRecord struct {
	schemas.UsageRecordResolver
	faults faulty
}

func (f faultyRecord) Customer(ctx context.Context, u *db.UsageRecord) (*db.Customer, error) {
	return fault(f.faults, u.NodeKey(), 3, func() (*db.Customer, error) { return f.UsageRecordResolver.Customer(ctx, u) })
}

func (f faultyRecord) Rated(ctx context.Context, u *db.UsageRecord) ([]*db.RatedUsage, error) {
	return fault(f.faults, u.NodeKey(), 4, func() ([]*db.RatedUsage, error) { return f.UsageRecordResolver.Rated(ctx, u) })
}

func (f faulty) RatedUsage() schemas.RatedUsageResolver {
	return faultyPrice{f.ResolverRoot.RatedUsage(), f}
}

type faultyPrice struct {
	schemas.RatedUsageResolver
	faults faulty
}

func (f faultyPrice) UsageRecord(ctx context.Context, p *db.RatedUsage) (*db.UsageRecord, error) {
	return fault(f.faults, p.Owner(), 5, func() (*db.UsageRecord, error) { return f.RatedUsageResolver.UsageRecord(ctx, p) })
}

func (f faulty) Bucket() schemas.BucketResolver { return faultyBucket{f.ResolverRoot.Bucket(), f} }

type faultyBucket struct {
	schemas.BucketResolver
	faults faulty
}

func (f faultyBucket) Subscription(ctx context.Context, b *db.Bucket) (*db.ServiceSubscription, error) {
	return fault(f.faults, b.NodeKey(), 6, func() (*db.ServiceSubscription, error) { return f.BucketResolver.Subscription(ctx, b) })
}

func (f faultyBucket) Balances(ctx context.Context, b *db.Bucket) ([]*db.BucketBalance, error) {
	return fault(f.faults, b.NodeKey(), 7, func() ([]*db.BucketBalance, error) { return holes(f.BucketResolver.Balances(ctx, b)) })
}
