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

func TestMergingLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		want := rowCounts(t, url)
		checkNothingHangs(t, url)
		merge := func(block func(context.Context, *db.Tx) error) {
			t.Helper()
			write(t, store, block)
			checkNothingHangs(t, url)
			if diff := cmp.Diff(want, rowCounts(t, url)); diff != "" {
				t.Error(diff)
			}
		}
		merge(func(ctx context.Context, tx *db.Tx) error { // to itself
			return tx.MergeSubscriptions(ctx, w.lines[0].Key, w.lines[0].Key)
		})
		want["subscriptions"]--
		merge(func(ctx context.Context, tx *db.Tx) error { // within a customer
			return tx.MergeSubscriptions(ctx, w.lines[1].Key, w.lines[0].Key)
		})
		want["subscriptions"]--
		merge(func(ctx context.Context, tx *db.Tx) error { // across two
			return tx.MergeSubscriptions(ctx, w.lines[7].Key, w.lines[0].Key)
		})
		want["subscriptions"]--
		merge(func(ctx context.Context, tx *db.Tx) error { // from nobody's
			return tx.MergeSubscriptions(ctx, w.lines[len(w.lines)-5].Key, w.lines[0].Key)
		})
		merge(func(ctx context.Context, tx *db.Tx) error {
			return tx.MergeCustomers(ctx, w.customers[0].CustomerID, w.customers[0].CustomerID)
		})
		want["customers"]--
		merge(func(ctx context.Context, tx *db.Tx) error {
			return tx.MergeCustomers(ctx, w.customers[1].CustomerID, w.customers[0].CustomerID)
		})
		want["customers"]--
		merge(func(ctx context.Context, tx *db.Tx) error {
			return tx.MergeCustomers(ctx, w.customers[6].CustomerID, w.customers[0].CustomerID)
		})
		want["customers"]--
		merge(func(ctx context.Context, tx *db.Tx) error {
			return tx.MergeCustomers(ctx, w.customers[0].CustomerID, w.customers[2].CustomerID)
		})
	})
}

// folk are two customers whose lines are called by names of one letter; a name that is a capital is a phone number.
func folk(t *testing.T, store *db.Store, lines ...[]string) (customers []int64, keys map[string]db.Key) {
	t.Helper()
	keys = map[string]db.Key{}
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for i, of := range lines {
			c := &db.Customer{CustomerID: tx.NextID(), Source: db.Elevate, SourceID: fmt.Sprint(i)}
			customers = append(customers, c.CustomerID)
			if err := tx.AddCustomers(ctx, []*db.Customer{c}); err != nil {
				return err
			}
			for _, names := range of {
				line := &db.ServiceSubscription{Key: db.Key{CustomerID: c.CustomerID, ID: tx.NextID()}, Source: db.Elevate, SourceID: fmt.Sprint(i, names), ProviderGroup: &names}
				keys[fmt.Sprint(i, names)] = line.Key
				if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{line}); err != nil {
					return err
				}
				for _, n := range names {
					id := &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: db.Elevate, Value: string(n), CustomerID: c.CustomerID, SubscriptionID: line.ID}
					if strings.ToUpper(string(n)) == string(n) {
						id.Kind, id.SourceName = db.MSISDN, ""
					}
					if err := tx.AddSubscriptionIdentifiers(ctx, []*db.SubscriptionIdentifier{id}); err != nil {
						return err
					}
				}
				u := of1(line, names)
				if _, err := tx.Put(ctx, db.Pack([]*db.UsageRecord{u}, nil, nil)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return customers, keys
}

func of1(line *db.ServiceSubscription, names string) *db.UsageRecord {
	u := of(line.CustomerID, fmt.Sprint(line.ID), names)
	u.SubscriptionID = &line.ID
	return u
}

// described says what lines there are: the names of each, and what its records were of.
func described(t *testing.T, store *db.Store) []string {
	t.Helper()
	ctx := context.Background()
	r := store.For(db.All())
	var lines []string
	for _, s := range only(r.Subscriptions(ctx, db.Everyone, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
		names := convert(must(r.SubscriptionIdentifiers(ctx, []db.Key{s.Key})), func(i *db.SubscriptionIdentifier) string { return i.Value })
		records := only(r.UsageRecords(ctx, db.Parents{Type: db.TypeSubscription, Keys: []db.Key{s.Key}}, db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}}))
		of := convert(records.Nodes, func(u *db.UsageRecord) string { return *u.Description })
		slices.Sort(names)
		slices.Sort(of)
		lines = append(lines, strings.Join(names, "")+": "+strings.Join(of, " "))
	}
	slices.Sort(lines)
	return lines
}

func TestMergingCustomersJoinsTheirLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		from, to []string
		want     []string
	}{
		{"nothing in common", []string{"A"}, []string{"B"}, []string{"A: A", "B: B"}},
		{"a phone number in common", []string{"A"}, []string{"A"}, []string{"A: A A"}},
		{"an id of a system in common", []string{"Aa"}, []string{"Ba"}, []string{"ABa: Aa Ba"}},
		{"a number here, an id there", []string{"A"}, []string{"a"}, []string{"A: A", "a: a"}},
		{"one line is two of the other's", []string{"AB"}, []string{"A", "B"}, []string{"AB: A AB B"}},
		{"two lines are one of the other's", []string{"A", "B"}, []string{"AB"}, []string{"AB: A AB B"}},
		{"a chain", []string{"AB", "CD"}, []string{"BC", "DE"}, []string{"ABCDE: AB BC CD DE"}},
		{"a ring", []string{"AB", "CD"}, []string{"BC", "DA"}, []string{"ABCD: AB BC CD DA"}},
		{"one is three of the other's", []string{"ABC"}, []string{"A", "B", "C", "D"}, []string{"ABC: A ABC B C", "D: D"}},
		{"the same names twice", []string{"AB", "C"}, []string{"AB", "C"}, []string{"AB: AB AB", "C: C C"}},
		{"a line alone", []string{"A", "B", "C"}, []string{"C", "D"}, []string{"A: A", "B: B", "C: C C", "D: D"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.EachURL(t, func(t *testing.T, url string) {
				store := dbtest.Open(t, url)
				customers, _ := folk(t, store, tt.from, tt.to)
				write(t, store, func(ctx context.Context, tx *db.Tx) error { return tx.MergeCustomers(ctx, customers[0], customers[1]) })
				checkNothingHangs(t, url)
				if diff := cmp.Diff(tt.want, described(t, store)); diff != "" {
					t.Error(diff)
				}
				for _, s := range only(store.For(db.All()).Subscriptions(context.Background(), db.Everyone, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
					if s.CustomerID != customers[1] {
						t.Errorf("line %v is not the customer's", s.Key)
					}
				}
			})
		})
	}
}

func TestMergingFillsWhatIsMissing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		full := &db.ServiceSubscription{Key: db.Key{CustomerID: 1, ID: 11}, Source: db.STN, SourceID: "full", PhoneNumber: new("1"), SimCardNumber: new("2"),
			ProviderGroup: new("3"), IsGroupSim: new(false), BusinessID: new("5")}
		half := &db.ServiceSubscription{Key: db.Key{CustomerID: 2, ID: 22}, Source: db.DXP, SourceID: "half", PhoneNumber: new("own"), IsGroupSim: new(true)}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			customers := []*db.Customer{{CustomerID: 1, Source: db.BRM, SourceID: "1", Name: new("from")}, {CustomerID: 2, Source: db.STN, SourceID: "2"}}
			if err := tx.AddCustomers(ctx, customers); err != nil {
				return err
			}
			if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{full, half}); err != nil {
				return err
			}
			if err := tx.MergeSubscriptions(ctx, full.Key, half.Key); err != nil {
				return err
			}
			return tx.MergeCustomers(ctx, 1, 2)
		})
		ctx := context.Background()
		r := store.For(db.All())
		want := &db.ServiceSubscription{Key: half.Key, Source: db.DXP, SourceID: "half", PhoneNumber: new("own"), SimCardNumber: new("2"), ProviderGroup: new("3"),
			IsGroupSim: new(true), BusinessID: new("5")}
		if diff := cmp.Diff(want, only(r.SubscriptionsByKey(ctx, []db.Key{full.Key, half.Key}))); diff != "" {
			t.Error(diff)
		}
		customer := only(r.Customers(ctx, db.Everyone, db.CustomerQuery{Page: db.Page{Limit: 5}})).Nodes
		if diff := cmp.Diff([]*db.Customer{{CustomerID: 2, Source: db.STN, SourceID: "2", Name: new("from")}}, customer); diff != "" {
			t.Error(diff)
		}
		for source, id := range map[db.Source]string{db.BRM: "1", db.STN: "2"} {
			if c, err := r.Customer(ctx, db.CustomerBy{SourceID: &db.SourceID{Source: source, Value: id}}); err != nil || c.CustomerID != 2 {
				t.Errorf("%s %s: %v, %v", source, id, c, err)
			}
		}
	})
}

func TestSuggestionsAreCustomersWhoShareNumbers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		folk(t, store, []string{"AB", "Cx"}, []string{"A", "D"}, []string{"B", "C", "y"}, []string{"x", "E"})
		write(t, store, func(ctx context.Context, tx *db.Tx) error { // nobody's lines suggest nothing
			return tx.AddSubscriptionIdentifiers(ctx, []*db.SubscriptionIdentifier{{Kind: db.MSISDN, Value: "D", CustomerID: 0, SubscriptionID: 1}})
		})
		got, err := store.SuggestLinks(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := []db.Suggestion{
			{SourceA: db.Elevate, ValueA: "0", SourceB: db.Elevate, ValueB: "2", Shared: 2},
			{SourceA: db.Elevate, ValueA: "0", SourceB: db.Elevate, ValueB: "1", Shared: 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
