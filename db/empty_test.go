package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestDropEmptySubscriptions(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		addTestSubscriptions(t, store)
		empty, used, report, unattributed := testSubscriptions[0], testSubscriptions[1], testSubscriptions[2], testSubscriptions[3]
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			return tx.AddIdentifiers(ctx, convert(testSubscriptions, func(k db.Key) *db.SubscriptionIdentifier {
				return &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: db.Elevate, Value: "s", CustomerID: k.CustomerID, SubscriptionID: k.ID}
			}))
		})
		putAll(t, store, used, calls("a", 1, numberA, "06"))
		putAll(t, store, report, balance("r", 1, numberA, "06", ""))
		want := rowCounts(t, url)
		drop := func(keys, gone []db.Key) {
			t.Helper()
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				got, err := tx.DropEmptySubscriptions(ctx, keys)
				if diff := cmp.Diff(sortedKeys(gone), sortedKeys(got)); diff != "" {
					t.Error(diff)
				}
				return err
			})
			want["subscriptions"] -= len(gone)
			want["subscription_identifiers"] -= len(gone)
			if diff := cmp.Diff(want, rowCounts(t, url)); diff != "" {
				t.Error(diff)
			}
			checkReferences(t, url)
		}
		drop(nil, nil)
		drop([]db.Key{used, report}, nil)
		drop([]db.Key{empty, used, report, unattributed}, []db.Key{empty, unattributed})
		drop([]db.Key{used}, nil)
		putAll(t, store, testSubscriptions[2], month("m", 1, withPhone("06", numberA))) // a summary keeps its subscription, too
		want["usage_summaries"]++
		drop([]db.Key{report}, nil)
	})
}

func TestDropEmptyCustomers(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		const empty, linked, inScope, withRecord, withSummary, notGiven = 1, 2, 3, 4, 5, 6
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			var customers []*db.Customer
			for i, id := range []string{"a", "b", "c", "d", "e", "f"} {
				customers = append(customers, &db.Customer{CustomerID: int64(i + 1), Source: db.Elevate, SourceID: id})
			}
			if err := tx.AddCustomers(ctx, customers); err != nil {
				return err
			}
			return tx.AddCustomerIdentifiers(ctx, []*db.CustomerIdentifier{{Source: db.STN, Value: "b", CustomerID: linked}})
		})
		if err := store.AddClient(t.Context(), &db.Client{ID: "1", Name: "shop", SecretHash: "x"}, db.SourceID{Source: db.Elevate, Value: "c"}); err != nil {
			t.Fatal(err)
		}
		subscription := &db.ServiceSubscription{Key: db.Key{CustomerID: withRecord, ID: 1}, Source: db.Elevate}
		other := &db.ServiceSubscription{Key: db.Key{CustomerID: withSummary, ID: 2}, Source: db.STN}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			return tx.AddSubscriptions(ctx, []*db.ServiceSubscription{subscription, other})
		})
		putAll(t, store, subscription.Key, calls("a", 1, numberA, "06"))
		putAll(t, store, other.Key, month("m", 1, withPhone("06", numberA)))
		want := rowCounts(t, url)
		want["customers"]--
		want["customer_identifiers"]--
		for range 2 {
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				return tx.DropEmptyCustomers(ctx, []int64{empty, linked, inScope, withRecord, withSummary})
			})
			checkReferences(t, url)
			if diff := cmp.Diff(want, rowCounts(t, url)); diff != "" {
				t.Error(diff)
			}
		}
		var left []int64
		for _, c := range only(store.For(db.All()).Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: db.Page{Limit: 10}})).Nodes {
			left = append(left, c.CustomerID)
		}
		if diff := cmp.Diff([]int64{linked, inScope, withRecord, withSummary, notGiven}, sortedIDs(left)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRenameCustomers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			var customers []*db.Customer
			for i, id := range []string{"a", "b", "c", "d"} {
				customers = append(customers, &db.Customer{CustomerID: int64(i + 1), Source: db.BRM, SourceID: id, Name: new("before")})
			}
			return tx.AddCustomers(ctx, customers)
		})
		named := func(customerID int64, source db.Source, id string, at int, name string) *db.UsageRecord {
			u := from(source, calls(id, at, numberA, "06"))
			if u.CustomerID = customerID; name != "" {
				u.CustomerName = &name
			}
			return u
		}
		for _, u := range []*db.UsageRecord{
			named(1, db.BRM, "a", 2, "latest"), named(1, db.BRM, "z", 1, "earlier"), named(1, db.BRM, "b", 3, ""),
			named(2, db.BRM, "x", 1, "b"), named(2, db.Elevate, "a", 1, "greatest source"), named(2, db.BRM, "y", 1, "z"),
			named(3, db.BRM, "v", 1, "v"), named(3, db.BRM, "w", 1, "greatest id"), named(3, db.BRM, "u", 1, "u"),
		} {
			putRecords(t, store, u)
		}
		for _, step := range []struct {
			ids  []int64
			want []string
		}{
			{nil, []string{"before", "before", "before", "before"}},
			{[]int64{1}, []string{"latest", "before", "before", "before"}},
			{[]int64{1, 2, 3, 4}, []string{"latest", "greatest source", "greatest id", ""}},
		} {
			write(t, store, func(ctx context.Context, tx *db.Tx) error { return tx.RenameCustomers(ctx, step.ids) })
			keys := []db.Key{{CustomerID: 1, ID: 1}, {CustomerID: 2, ID: 2}, {CustomerID: 3, ID: 3}, {CustomerID: 4, ID: 4}}
			names := map[int64]string{}
			for _, c := range must(store.For(db.All()).CustomersByKey(t.Context(), db.AllColumns, keys)) {
				names[c.CustomerID] = word(c.Name)
			}
			if diff := cmp.Diff(step.want, []string{names[1], names[2], names[3], names[4]}); diff != "" {
				t.Errorf("%v: %s", step.ids, diff)
			}
		}
	})
}
