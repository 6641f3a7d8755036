package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestARecordComesWithItsListAsItComesAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		var parents []db.Node
		for _, c := range w.customers {
			parents = append(parents, c)
		}
		for _, line := range w.lines {
			parents = append(parents, line)
		}
		for name, scope := range map[string]db.Scope{"the operator": db.All(), "a customer": db.Only(w.customers[0].CustomerID), "nobody": {}} {
			for children, ofChild := range map[string]map[string]bool{"alone": nil, "with their prices": {"tax_excluded_amount": true}} {
				// A record's line is the first of its columns, and some have none.
				reading := db.Reading(map[string]map[string]bool{
					"Customer": {"name": true}, "ServiceSubscription": {"phone_number": true, "is_group_sim": true},
					"Connection": {"has_next_page": true}, "UsageRecord": {"link": true}, "RatedUsage": ofChild,
				})
				for _, parent := range parents {
					comesAsAlone(t, reading(t.Context()), store.For(scope), parent, name+", records "+children)
				}
			}
		}
	})
}

// comesAsAlone compares a record, and its first usage records, that come by one statement with those that come by two.
func comesAsAlone(t *testing.T, ctx context.Context, r *db.Reader, node db.Node, name string) {
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
	got, err := r.UsageRecords(with, unread(node), q)
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

// unread is a record as the parent of a list with which it is read.
func unread(node db.Node) db.Parents {
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

func TestASummaryThatComesWithItsListHidesWhatItCost(t *testing.T) {
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
			if _, err := r.Buckets(ctx, unread(summary), db.BucketQuery{Page: db.Page{Limit: 10}}); err != nil {
				t.Fatal(err)
			}
			if got := string(parent.Node.(*db.UsageSummary).Extension); !parent.Read || got != want {
				t.Errorf("%v, %s, want %s", parent.Read, got, want)
			}
		}
	})
}
