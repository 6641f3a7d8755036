package db_test

import (
	"context"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestSubscriptionUnderAnotherCustomersKeyHasNoRecords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := newHoldingFixture(t, store)
		a, b := w.subscription("a/1"), w.subscription("b/2")
		u := of(a.CustomerID, "u", "x")
		u.SubscriptionID = &a.ID
		putRecords(t, store, u)
		for _, tt := range []struct {
			key  db.Key
			want string
		}{{a, "u"}, {db.Key{CustomerID: b.CustomerID, ID: a.ID}, ""}, {db.Key{ID: a.ID}, ""}} {
			list := only(store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.Parents{Type: db.TypeSubscription, Keys: []db.Key{tt.key}}, db.UsageRecordQuery{Page: db.Page{Limit: 5}}))
			if len(list.Nodes) != len(tt.want) {
				t.Errorf("subscription %v has %d records", tt.key, len(list.Nodes))
			}
		}
	})
}

func TestLookUpBySourceID(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store, &db.UsageRecord{UsageType: db.Data})
		r := store.For(db.All())
		ctx := context.Background()
		_, err := r.Customer(ctx, db.AllColumns, db.CustomerBy{})
		failsAs(t, err, db.BadInput)
		_, err = r.Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "\x00"}})
		failsAs(t, err, db.BadInput)
		_, err = r.Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.STN, Value: "1"}})
		failsAs(t, err, db.NotFound)
		if c, err := r.Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "1"}}); err != nil || c.SourceID != "1" {
			t.Errorf("customer %v, %v", c, err)
		}
		_, err = r.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: db.Elevate, Value: "\xff"})
		failsAs(t, err, db.BadInput)
		_, err = r.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: db.BRM, Value: "a"})
		failsAs(t, err, db.NotFound)
		if u, err := r.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: db.Elevate, Value: "a"}); err != nil || u.SourceID != "a" {
			t.Errorf("record %v, %v", u, err)
		}
	})
}
