package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestWithParentReadsTheSameAsSeparateStatements(t *testing.T) {
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
			for children, ofChild := range map[string]map[string]bool{"alone": nil, "with their prices": {"tax_excluded_amount": true}} {
				// The first column of a record is its subscription, which some do not have.
				reading := db.WithProjection(map[string]map[string]bool{
					"Customer": {"name": true}, "ServiceSubscription": {"phone_number": true, "is_group_sim": true},
					"Connection": {"has_next_page": true}, "UsageRecord": {"link": true}, "RatedUsage": ofChild,
				})
				for _, parent := range parents {
					checkWithParent(t, reading(t.Context()), store.For(scope), parent, name+", records "+children)
				}
			}
		}
	})
}

// checkWithParent reads a record and its first usage records by one statement and compares them with two separate
// reads.
func checkWithParent(t *testing.T, ctx context.Context, r *db.Reader, node db.Node, name string) {
	t.Helper()
	of := db.Parents{Type: node.NodeType(), Keys: []db.Key{node.NodeKey()}}
	var alone []db.Node
	if node.NodeType() == db.TypeCustomer {
		alone = nodes(t, of.Keys, func(keys []db.Key) ([]*db.Customer, error) { return r.CustomersByKey(ctx, keys) })
	} else {
		alone = nodes(t, of.Keys, func(keys []db.Key) ([]*db.ServiceSubscription, error) { return r.SubscriptionsByKey(ctx, keys) })
	}
	q := db.UsageRecordQuery{Page: db.Page{Limit: 5}}
	want, err := r.UsageRecords(ctx, of, q)
	if err != nil {
		t.Fatal(err)
	}
	with, parent, err := r.WithParent(ctx, node.GlobalID())
	if err != nil {
		t.Fatal(err)
	}
	with, statements := db.CountStatements(with)
	got, err := r.UsageRecords(with, unreadParent(node), q)
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

// unreadParent returns Parents for a record that is read with its list.
func unreadParent(node db.Node) db.Parents {
	return db.Parents{Type: node.NodeType(), Keys: []db.Key{{}}}
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

func TestWithParentHidesCosts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		summary := &db.UsageSummary{Source: db.STN, SourceID: "1", YearMonth: "2025-01", Extension: db.JSON(`{"a":1,"netCost":2}`)}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{summary}, nil))
			return err
		})
		for scope, want := range map[bool]string{true: `{"a":1,"netCost":2}`, false: `{"a":1}`} {
			r := store.For(db.All().WithCost(scope))
			ctx, parent, err := r.WithParent(t.Context(), summary.GlobalID())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Buckets(ctx, unreadParent(summary), db.BucketQuery{Page: db.Page{Limit: 10}}); err != nil {
				t.Fatal(err)
			}
			if got := string(parent.Node.(*db.UsageSummary).Extension); !parent.Read || got != want {
				t.Errorf("%v, %s, want %s", parent.Read, got, want)
			}
		}
	})
}
