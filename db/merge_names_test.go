package db_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func sortedKeys(keys []db.Key) []db.Key {
	return slices.SortedFunc(slices.Values(keys), func(a, b db.Key) int { return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.ID, b.ID)) })
}

func TestMergeDeletesNumberIdentifiers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		customers, keys := addCustomersWithSubscriptions(t, store, []string{"aA", "B"}, []string{"aC", "bB"}, []string{"cA"})
		merge(t, store, customers[0], customers[1])
		names := func(key db.Key) []string {
			return convert(must(store.For(db.All()).SubscriptionIdentifiers(context.Background(), db.AllColumns, []db.Key{key})),
				func(i *db.SubscriptionIdentifier) string { return i.Value })
		}
		for subscription, want := range map[db.Key][]string{
			keys["0aA"]: nil, keys["1aC"]: {"a"}, keys["1bB"]: {"b"}, keys["2cA"]: {"A", "c"},
			{CustomerID: customers[1], ID: keys["0B"].ID}: nil,
		} {
			if diff := gocmp.Diff(want, names(subscription)); diff != "" {
				t.Errorf("%v: %s", subscription, diff)
			}
		}
	})
}

func TestMergedCustomerHasItsLeastIdentifier(t *testing.T) {
	t.Parallel()
	for _, reverse := range []bool{false, true} {
		dbtest.Each(t, func(t *testing.T, store *db.Store) {
			named := func(customerID int64, id, at, name string) *db.UsageRecord {
				u := of(customerID, id, "x")
				u.EventTime, u.CustomerName = instant(at), &name
				return u
			}
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				return tx.AddCustomers(ctx, []*db.Customer{{CustomerID: 1, Source: db.BRM, SourceID: "1", Name: new("first")}, {CustomerID: 2, Source: db.STN, SourceID: "2"}})
			})
			putRecords(t, store, named(1, "a", "2025-01-01T00:00:00Z", "first"), named(2, "b", "2025-01-02T00:00:00Z", "latest"), of(2, "c", "unnamed"))
			from, to := int64(1), int64(2)
			if reverse {
				from, to = to, from
			}
			merge(t, store, from, to)
			ctx := context.Background()
			r := store.For(db.All())
			got := only(r.Customers(ctx, db.AllColumns, db.NoParent, db.CustomerQuery{Page: db.Page{Limit: 5}})).Nodes
			if diff := gocmp.Diff([]*db.Customer{{CustomerID: to, Source: db.BRM, SourceID: "1", Name: new("latest")}}, got); diff != "" {
				t.Error(diff)
			}
			for source, id := range map[db.Source]string{db.BRM: "1", db.STN: "2"} {
				if c, err := r.Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: source, Value: id}}); err != nil || c.CustomerID != to {
					t.Errorf("%s %s: %v, %v", source, id, c, err)
				}
			}
		})
	}
}

func TestSuggestLinksReturnsCustomersWithSharedNumbers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomersWithSubscriptions(t, store, []string{"aAB", "xC"}, []string{"A", "D"}, []string{"bB", "C", "y"}, []string{"xA", "E"}) // the fourth has the same system as the first
		write(t, store, func(ctx context.Context, tx *db.Tx) error {                                                                      // subscriptions of unattributed documents are ignored
			return tx.AddIdentifiers(ctx, []*db.SubscriptionIdentifier{{Kind: db.MSISDN, Value: "D", CustomerID: 0, SubscriptionID: 1}})
		})
		got, err := store.SuggestLinks(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := []db.Suggestion{
			{SourceA: db.Elevate, ValueA: "0", SourceB: db.STN, ValueB: "2", Shared: 2},
			{SourceA: db.Elevate, ValueA: "0", SourceB: db.BRM, ValueB: "1", Shared: 1},
			{SourceA: db.BRM, ValueA: "1", SourceB: db.Elevate, ValueB: "3", Shared: 1},
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// instant parses a time.
func instant(s string) db.Time {
	at, err := db.ParseTime(s)
	if err != nil {
		panic(err)
	}
	return at
}

func sortedIDs(ids []int64) []int64 { return slices.Sorted(slices.Values(ids)) }
