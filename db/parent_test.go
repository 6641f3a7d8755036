package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestParentReadWithItsListEqualsSeparateStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		var parents []db.Node
		for _, c := range w.customers {
			parents = append(parents, c)
		}
		for _, subscription := range w.subscriptions {
			parents = append(parents, subscription)
		}
		for name, scope := range map[string]db.Scope{"the operator": db.All(), "a customer": db.Only(w.customers[0].CustomerID), "no customer": {}} {
			for children, ofChild := range map[string]db.Columns{
				"alone":             db.WithPageInfo,
				"with their prices": db.ColumnsOf(func(r *db.RatedUsage) []any { return []any{&r.TaxExcludedAmount} }),
			} {
				// The first column of a record is its subscription, which some do not have.
				columns := db.Project(db.WithPageInfo, db.Links[db.UsageRecord](), ofChild,
					db.ColumnsOf(func(c *db.Customer) []any { return []any{&c.Name} }),
					db.ColumnsOf(func(s *db.ServiceSubscription) []any { return []any{&s.PhoneNumber, &s.IsGroupSim} }))
				for _, parent := range parents {
					checkParent(t, columns, store.For(scope), parent, name+", records "+children)
				}
			}
		}
	})
}

// checkParent reads a record and its first usage records by one statement and compares them with two separate reads.
func checkParent(t *testing.T, columns *db.Projection, r *db.Reader, node db.Node, name string) {
	t.Helper()
	ctx := t.Context()
	of := db.Parents{Type: node.NodeType(), Keys: []db.Key{node.NodeKey()}}
	var alone []db.Node
	if node.NodeType() == db.TypeCustomer {
		alone = nodes(t, of.Keys, func(keys []db.Key) ([]*db.Customer, error) { return r.CustomersByKey(ctx, columns, keys) })
	} else {
		alone = nodes(t, of.Keys, func(keys []db.Key) ([]*db.ServiceSubscription, error) {
			return r.SubscriptionsByKey(ctx, columns, keys)
		})
	}
	q := db.UsageRecordQuery{Page: db.Page{Limit: 5}}
	want, err := r.UsageRecords(ctx, columns, of, q)
	if err != nil {
		t.Fatal(err)
	}
	parent, err := r.Parent(ctx, columns, node.GlobalID())
	if err != nil {
		t.Fatal(err)
	}
	counted, statements := db.CountStatements(ctx)
	got, err := r.UsageRecords(counted, columns, parent.Parents(), q)
	if err != nil || statements() != 1 {
		t.Fatalf("%s: %d statements: %v", name, statements(), err)
	}
	if d := cmp.Diff(want[0].Nodes, got[0].Nodes, exactly...); d != "" || want[0].HasNextPage != got[0].HasNextPage {
		t.Errorf("%s: another list:\n%s", name, d)
	}
	if !parent.Read || parent.Found != (len(alone) == 1) {
		t.Fatalf("%s: read %v, found %v, of %d", name, parent.Read, parent.Found, len(alone))
	}
	if parent.Found {
		if d := cmp.Diff(alone[0], parent.Node); d != "" {
			t.Errorf("%s: another record:\n%s", name, d)
		}
	}
}

func nodes[N db.Node](t *testing.T, keys []db.Key, read func([]db.Key) ([]N, error)) []db.Node {
	t.Helper()
	rows, err := read(keys)
	if err != nil {
		t.Fatal(err)
	}
	var all []db.Node
	for _, row := range rows {
		all = append(all, row)
	}
	return all
}

func TestParentHidesCosts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		summary := &db.UsageSummary{Source: db.STN, SourceID: "1", YearMonth: "2025-01", Extension: db.JSON(`{"a":1,"netCost":2}`)}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{summary}, nil))
			return err
		})
		for scope, want := range map[bool]string{true: `{"a":1,"netCost":2}`, false: `{"a":1}`} {
			r := store.For(db.All().WithCost(scope))
			parent, err := r.Parent(t.Context(), db.AllColumns, summary.GlobalID())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Buckets(t.Context(), db.AllColumns, parent.Parents(), db.BucketQuery{Page: db.Page{Limit: 10}}); err != nil {
				t.Fatal(err)
			}
			if got := string(parent.Node.(*db.UsageSummary).Extension); !parent.Read || got != want {
				t.Errorf("%v, %s, want %s", parent.Read, got, want)
			}
		}
	})
}
