package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// merge merges two customers and returns the subscriptions of the remaining one.
func merge(t *testing.T, store *db.Store, from, to int64) (subscriptions []db.Key) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := tx.MergeCustomers(ctx, from, to); err != nil {
			return err
		}
		subscriptions, err = tx.SubscriptionsOfCustomers(ctx, []int64{to})
		return err
	})
	return subscriptions
}

func TestMergeKeepsAllRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		want := rowCounts(t, url)
		checkReferences(t, url)
		subscriptions := map[int64]map[db.SourceID]bool{} // own ids by customer
		for _, s := range w.subscriptions {
			if subscriptions[s.CustomerID] == nil {
				subscriptions[s.CustomerID] = map[db.SourceID]bool{}
			}
			subscriptions[s.CustomerID][db.SourceID{Source: s.Source, Value: s.SourceID}] = true
		}
		for _, pair := range [][2]int{{0, 0}, {1, 0}, {6, 0}, {0, 2}, {2, 3}} {
			from, to := w.customers[pair[0]].CustomerID, w.customers[pair[1]].CustomerID
			if from != to {
				want["customers"]--
				for id := range subscriptions[from] {
					if subscriptions[to][id] { // they become one subscription with one identifier
						want["subscriptions"]--
						want["subscription_identifiers"]--
					}
				}
				if subscriptions[to] == nil {
					subscriptions[to] = map[db.SourceID]bool{}
				}
				for id := range subscriptions[from] {
					subscriptions[to][id] = true
				}
				delete(subscriptions, from)
			}
			left := merge(t, store, from, to)
			checkReferences(t, url)
			if diff := cmp.Diff(want, rowCounts(t, url)); diff != "" {
				t.Errorf("%v: %s", pair, diff)
			}
			if len(left) != len(subscriptions[to]) {
				t.Errorf("%v: %d subscriptions are left, want %d", pair, len(left), len(subscriptions[to]))
			}
		}
	})
}

// addCustomersWithSubscriptions stores customers with subscriptions, which are described by letters: "a" has an own id,
// "A" only a number, "aBC" an own id and two numbers. "stn a" is a subscription of stn, the others are of elevate. The
// displayed source id of a subscription with only a number is the number in lower case.
func addCustomersWithSubscriptions(t *testing.T, store *db.Store, subscriptions ...[]string) (customers []int64, keys map[string]db.Key) {
	t.Helper()
	keys = map[string]db.Key{}
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for i, of := range subscriptions {
			c := &db.Customer{CustomerID: tx.NextID(), Source: []db.Source{db.Elevate, db.BRM, db.STN}[i%3], SourceID: fmt.Sprint(i)}
			customers = append(customers, c.CustomerID)
			if err := tx.AddCustomers(ctx, []*db.Customer{c}); err != nil {
				return err
			}
			for _, names := range of {
				subscription := &db.ServiceSubscription{Key: db.Key{CustomerID: c.CustomerID, ID: tx.NextID()}}
				keys[fmt.Sprint(i, names)] = subscription.Key
				if err := addNamed(ctx, tx, subscription, names); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return customers, keys
}

// addNamed stores a subscription with its identifiers and one record.
func addNamed(ctx context.Context, tx *db.Tx, subscription *db.ServiceSubscription, names string) error {
	var identifiers []*db.SubscriptionIdentifier
	letters, stn := strings.CutPrefix(names, "stn ")
	subscription.Source, subscription.SourceID = db.Elevate, strings.ToLower(letters[:1])
	if stn {
		subscription.Source = db.STN
	}
	if strings.ToUpper(letters) == letters {
		subscription.SubscriptionName = &letters
	} else {
		identifiers, letters = append(identifiers, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: subscription.Source, Value: letters[:1]}), letters[1:]
	}
	at := db.TimeOf(dbtest.Clock())
	for _, n := range letters {
		identifiers = append(identifiers, &db.SubscriptionIdentifier{Kind: db.MSISDN, Value: string(n), ValidFrom: &at, FirstEnd: &at, LastStart: &at, ValidTo: &at})
	}
	for _, n := range identifiers {
		n.CustomerID, n.SubscriptionID = subscription.CustomerID, subscription.ID
	}
	u := of(subscription.CustomerID, fmt.Sprint(subscription.ID), names)
	u.SubscriptionID = &subscription.ID
	if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{subscription}); err != nil {
		return err
	}
	if err := tx.AddIdentifiers(ctx, identifiers); err != nil {
		return err
	}
	_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil))
	return err
}

// describeSubscriptions returns the name of each subscription with the descriptions of its records.
func describeSubscriptions(t *testing.T, store *db.Store) []string {
	t.Helper()
	ctx := context.Background()
	r := store.For(db.All())
	var subscriptions []string
	for _, s := range only(r.Subscriptions(ctx, db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
		records := only(r.UsageRecords(ctx, db.AllColumns, db.Parents{Type: db.TypeSubscription, Keys: []db.Key{s.Key}}, db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}}))
		of := convert(records.Nodes, func(u *db.UsageRecord) string { return *u.Description })
		slices.Sort(of)
		name := s.SourceID
		switch {
		case s.SubscriptionName != nil:
			name = *s.SubscriptionName
		case s.Source == db.STN:
			name = "stn " + name
		}
		subscriptions = append(subscriptions, name+": "+strings.Join(of, ", "))
	}
	slices.Sort(subscriptions)
	return subscriptions
}

func TestMergeJoinsSubscriptionsWithTheSameName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		from, to []string
		want     []string
	}{
		{"nothing in common", []string{"A", "b"}, []string{"C", "d"}, []string{"A: A", "C: C", "b: b", "d: d"}},
		{"an own id in common", []string{"aB"}, []string{"aC"}, []string{"a: aB, aC"}},
		{"an own id of two systems", []string{"a"}, []string{"stn a"}, []string{"a: a", "stn a: stn a"}},
		{"a number alone in common", []string{"A"}, []string{"A"}, []string{"A: A, A"}},
		{"a number alone of two systems", []string{"A"}, []string{"stn A"}, []string{"A: A, stn A"}},
		{"two own ids with one number", []string{"aC"}, []string{"bC"}, []string{"a: aC", "b: bC"}},
		{"a number alone, and with an own id", []string{"A"}, []string{"bA"}, []string{"A: A", "b: bA"}},
		{"an own id that equals the displayed source id of a number", []string{"A"}, []string{"a"}, []string{"A: A", "a: a"}},
		{"the same subscriptions", []string{"aB", "C", "stn d"}, []string{"aB", "C", "stn d"}, []string{"C: C, C", "a: aB, aB", "stn d: stn d, stn d"}},
		{"one of each", []string{"A", "bA", "stn b"}, []string{"stn b", "A", "c"}, []string{"A: A, A", "b: bA", "c: c", "stn b: stn b, stn b"}},
		{"subscriptions of the first customer only", []string{"A", "b"}, nil, []string{"A: A", "b: b"}},
		{"subscriptions of the second customer only", nil, []string{"A", "b"}, []string{"A: A", "b: b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachURL(t, func(t *testing.T, url string) {
				store := dbtest.Open(t, url)
				customers, _ := addCustomersWithSubscriptions(t, store, tt.from, tt.to)
				left := merge(t, store, customers[0], customers[1])
				checkReferences(t, url)
				if diff := cmp.Diff(tt.want, describeSubscriptions(t, store)); diff != "" {
					t.Error(diff)
				}
				var subscriptions []db.Key
				for _, s := range only(store.For(db.All()).Subscriptions(context.Background(), db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
					subscriptions = append(subscriptions, s.Key)
					if s.CustomerID != customers[1] {
						t.Errorf("subscription %v has another customer", s.Key)
					}
				}
				if diff := cmp.Diff(sortedKeys(subscriptions), sortedKeys(left)); diff != "" {
					t.Errorf("other subscriptions are left: %s", diff)
				}
			})
		})
	}
}
