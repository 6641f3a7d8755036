package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// twoLines stores a number that two customers have, and a SIM card that one has.
func twoLines(t *testing.T, store *db.Store) (a, b *db.ServiceSubscription) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		a = &db.ServiceSubscription{Key: db.Key{CustomerID: tx.NextID(), ID: tx.NextID()}, Source: db.STN, SourceID: "s1"}
		b = &db.ServiceSubscription{Key: db.Key{CustomerID: tx.NextID(), ID: tx.NextID()}, Source: db.Elevate, SourceID: "s1"}
		if err := tx.AddCustomers(ctx, []*db.Customer{
			{CustomerID: a.CustomerID, Source: db.STN, SourceID: "c"}, {CustomerID: b.CustomerID, Source: db.Elevate, SourceID: "c"}}); err != nil {
			return err
		}
		if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{a, b}); err != nil {
			return err
		}
		return tx.AddSubscriptionIdentifiers(ctx, []*db.SubscriptionIdentifier{
			{Kind: db.MSISDN, Value: "31612345678", CustomerID: a.CustomerID, SubscriptionID: a.ID},
			{Kind: db.MSISDN, Value: "31612345678", CustomerID: b.CustomerID, SubscriptionID: b.ID},
			{Kind: db.SourceOwnID, SourceName: db.STN, Value: "s1", CustomerID: a.CustomerID, SubscriptionID: a.ID},
			{Kind: db.SourceOwnID, SourceName: db.Elevate, Value: "s1", CustomerID: b.CustomerID, SubscriptionID: b.ID},
			{Kind: db.SIM, SourceName: db.STN, Value: "8931", CustomerID: a.CustomerID, SubscriptionID: a.ID},
		})
	})
	return a, b
}

func TestLinesByWhatAPersonKnows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a, b := twoLines(t, store)
		ofSource := func(source db.Source, value string) db.SubscriptionBy {
			return db.SubscriptionBy{SourceID: &db.SourceID{Source: source, Value: value}}
		}
		for _, tt := range []struct {
			name  string
			scope db.Scope
			by    db.SubscriptionBy
			want  *db.ServiceSubscription
			code  db.Code
		}{
			{"by its id in one system", db.All(), ofSource(db.STN, "s1"), a, ""},
			{"by its id in another", db.All(), ofSource(db.Elevate, "s1"), b, ""},
			{"by an id in a system that does not know it", db.All(), ofSource(db.DXP, "s1"), nil, db.NotFound},
			{"by an id in other letters", db.All(), ofSource(db.STN, "S1"), nil, db.NotFound},
			{"by its SIM card", db.All(), db.SubscriptionBy{SimCardNumber: new("8931")}, a, ""},
			{"by a SIM card that there is not", db.All(), db.SubscriptionBy{SimCardNumber: new("8932")}, nil, db.NotFound},
			{"by a number that two have", db.All(), db.SubscriptionBy{PhoneNumber: new("+31 6 1234 5678")}, nil, db.Ambiguous},
			{"by a number that one of a scope has", db.Only(a.CustomerID), db.SubscriptionBy{PhoneNumber: new("0031 6-1234-5678")}, a, ""},
			{"by a number that the other has", db.Only(b.CustomerID), db.SubscriptionBy{PhoneNumber: new("31612345678")}, b, ""},
			{"by a number of nobody in a scope", db.Only(1), db.SubscriptionBy{PhoneNumber: new("31612345678")}, nil, db.NotFound},
			{"by a masked number", db.All(), db.SubscriptionBy{PhoneNumber: new("06-****5678")}, nil, db.BadInput},
			{"by no number", db.All(), db.SubscriptionBy{PhoneNumber: new("")}, nil, db.BadInput},
			{"by nothing", db.All(), db.SubscriptionBy{}, nil, db.BadInput},
			{"by an id with NUL", db.All(), ofSource(db.STN, "s1\x00"), nil, db.BadInput},
			{"by a SIM card with NUL", db.All(), db.SubscriptionBy{SimCardNumber: new("\x00")}, nil, db.BadInput},
		} {
			t.Run(tt.name, func(t *testing.T) {
				got, err := store.For(tt.scope).Subscription(context.Background(), tt.by)
				switch {
				case tt.want == nil:
					failsAs(t, err, tt.code)
				case err != nil || got.Key != tt.want.Key:
					t.Errorf("got %v, %v; want %v", got, err, tt.want.Key)
				}
			})
		}
	})
}

func TestAllLinesByWhatAPersonKnows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a, b := twoLines(t, store)
		number := db.SubscriptionBy{PhoneNumber: new("+31 6 1234 5678")}
		for _, tt := range []struct {
			scope db.Scope
			want  []db.Key
		}{{db.All(), []db.Key{a.Key, b.Key}}, {db.Only(b.CustomerID), []db.Key{b.Key}}, {db.Only(1), nil}} {
			found, err := store.For(tt.scope).SubscriptionsBy(context.Background(), number)
			if diff := cmp.Diff(tt.want, convert(found, func(s *db.ServiceSubscription) db.Key { return s.Key })); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		}
		_, err := store.For(db.All()).SubscriptionsBy(context.Background(), db.SubscriptionBy{PhoneNumber: new("06-****5678")})
		failsAs(t, err, db.BadInput)
	})
}

func TestALineOfAnotherCustomersKeyIsNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a, b := twoLines(t, store)
		u := of(a.CustomerID, "u", "x")
		u.SubscriptionID = &a.ID
		putRecords(t, store, u)
		for _, tt := range []struct {
			key  db.Key
			want string
		}{{a.Key, "u"}, {db.Key{CustomerID: b.CustomerID, ID: a.ID}, ""}, {db.Key{ID: a.ID}, ""}} {
			id := db.ID{Type: db.TypeSubscription, Key: tt.key}
			for _, filter := range []*db.IDFilter{{Eq: &id}, {In: []db.ID{id}}} {
				if got := letters(t, store, &recordFilter{SubscriptionID: filter}); got != tt.want {
					t.Errorf("the line %v has the records %q, want %q", tt.key, got, tt.want)
				}
			}
			list := only(store.For(db.All()).UsageRecords(context.Background(), db.Parents{Type: db.TypeSubscription, Keys: []db.Key{tt.key}}, db.UsageRecordQuery{Page: db.Page{Limit: 5}}))
			if len(list.Nodes) != len(tt.want) {
				t.Errorf("the list of the line %v has %d records", tt.key, len(list.Nodes))
			}
		}
	})
}

func TestOthersByWhatAPersonKnows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store, &db.UsageRecord{UsageType: db.Data})
		r := store.For(db.All())
		ctx := context.Background()
		_, err := r.Customer(ctx, db.CustomerBy{})
		failsAs(t, err, db.BadInput)
		_, err = r.Customer(ctx, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "\x00"}})
		failsAs(t, err, db.BadInput)
		_, err = r.Customer(ctx, db.CustomerBy{SourceID: &db.SourceID{Source: db.STN, Value: "1"}})
		failsAs(t, err, db.NotFound)
		if c, err := r.Customer(ctx, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "1"}}); err != nil || c.SourceID != "1" {
			t.Errorf("customer %v, %v", c, err)
		}
		_, err = r.UsageRecord(ctx, db.SourceID{Source: db.Elevate, Value: "\xff"})
		failsAs(t, err, db.BadInput)
		_, err = r.UsageRecord(ctx, db.SourceID{Source: db.BRM, Value: "a"})
		failsAs(t, err, db.NotFound)
		if u, err := r.UsageRecord(ctx, db.SourceID{Source: db.Elevate, Value: "a"}); err != nil || u.SourceID != "a" {
			t.Errorf("record %v, %v", u, err)
		}
	})
}
