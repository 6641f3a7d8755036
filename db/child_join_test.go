package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestJoinedRatedUsagesEqualThoseReadAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, c := range w.customers {
			for name, scope := range map[string]db.Scope{"the operator": db.All(), "without cost": db.All().WithCost(false), "the customer": db.Only(c.CustomerID)} {
				for _, q := range []db.UsageRecordQuery{
					{Page: db.Page{Limit: 100}},
					{Page: db.Page{Limit: 3}},
					{Page: db.Page{Limit: 3, Backward: true}, OrderBy: []*db.UsageRecordOrder{{Field: "DESTINATION", Direction: db.Descending}}},
					{Page: db.Page{Limit: 100}, OrderBy: []*db.UsageRecordOrder{{Field: "DURATION_QUANTITY"}}},
				} {
					columns := db.Project(db.WithPageInfo, db.Links[db.RatedUsage](),
						db.ColumnsOf(func(u *db.UsageRecord) []any { return []any{&u.SourceID} }),
						db.ColumnsOf(func(r *db.RatedUsage) []any {
							return []any{&r.TaxExcludedAmount, &r.Currency, &r.IsBilled, &r.RatedAt, &r.CostAmount}
						}))
					ctx, statements := db.CountStatements(t.Context())
					r := store.For(scope)
					of := db.Parents{Type: db.TypeCustomer, Keys: []db.Key{c.NodeKey()}}
					pages, err := r.UsageRecords(ctx, columns, of, q)
					if err != nil || statements() != 1 {
						t.Fatalf("%d statements: %v", statements(), err)
					}
					alone, err := r.UsageRecords(t.Context(), db.AllColumns, of, q)
					if err != nil {
						t.Fatal(err)
					}
					if len(pages[0].Nodes) != len(alone[0].Nodes) || pages[0].HasNextPage != alone[0].HasNextPage {
						t.Fatalf("%s: %d records, not %d", name, len(pages[0].Nodes), len(alone[0].Nodes))
					}
					for i, u := range pages[0].Nodes {
						if u.Key != alone[0].Nodes[i].Key {
							t.Errorf("%s: record %d is %d, not %d", name, i, u.ID, alone[0].Nodes[i].ID)
						}
						if u.Rated == nil {
							t.Errorf("%s: no rated usages joined to record %d", name, u.ID)
						}
						want, err := r.RatedUsages(ctx, columns, []db.Key{u.Key})
						if err != nil {
							t.Fatal(err)
						}
						for _, p := range u.Rated {
							p.Position = 0 // read for the order only
						}
						if d := cmp.Diff(append([]*db.RatedUsage{}, want...), u.Rated, exactly...); d != "" {
							t.Errorf("%s, record %d: rated usages differ:\n%s", name, u.ID, d)
						}
					}
				}
			}
		}
	})
}

func TestBucketsAreJoinedWithOneKindOfChildren(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		columns := db.Project(
			db.ColumnsOf(func(b *db.BucketBalance) []any { return []any{&b.Amount} }),
			db.ColumnsOf(func(c *db.BucketCounter) []any { return []any{&c.Name} }))
		pages, err := store.For(db.All()).Buckets(t.Context(), columns, db.NoParent, db.BucketQuery{Page: db.Page{Limit: len(w.buckets)}})
		if err != nil || len(pages[0].Nodes) != len(w.buckets) {
			t.Fatal(len(pages[0].Nodes), err)
		}
		stored := map[db.Key]*db.Bucket{}
		for _, b := range w.buckets {
			stored[b.Key] = b
		}
		for _, b := range pages[0].Nodes {
			switch of := stored[b.Key]; {
			case b.Counters != nil:
				t.Errorf("%d counters joined to a bucket", len(b.Counters))
			case b.Balances == nil || len(b.Balances) != len(of.Balances):
				t.Errorf("%d balances joined to a bucket, want %d", len(b.Balances), len(of.Balances))
			}
		}
	})
}
