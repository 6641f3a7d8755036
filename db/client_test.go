package db_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func code(err error) db.Code {
	var known *db.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

func TestClientBySecret(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		if has, err := store.HasClients(ctx); has || err != nil {
			t.Errorf("a new store has clients: %v, %v", has, err)
		}
		customers, _ := addCustomersWithSubscriptions(t, store, nil, nil)
		expires := db.TimeOf(dbtest.Clock().Add(time.Hour))
		shop := &db.Client{ID: "1", Name: "shop", SecretHash: "aa", SeesCost: true, ExpiresAt: &expires}
		if err := store.AddClient(ctx, shop, db.SourceID{Source: db.BRM, Value: "1"}, db.SourceID{Source: db.Elevate, Value: "0"}, db.SourceID{Source: db.BRM, Value: "1"}); err != nil {
			t.Fatal(err)
		}
		all := &db.Client{ID: "2", Name: "all", SecretHash: "bb", SeesEveryone: true, Staff: true}
		if err := store.AddClient(ctx, all); err != nil {
			t.Fatal(err)
		}
		found, err := store.ClientBySecret(ctx, "aa")
		if err != nil {
			t.Fatal(err)
		}
		shop.Identifiers = []db.SourceID{{Source: db.BRM, Value: "1"}, {Source: db.Elevate, Value: "0"}}
		shop.Customers = []int64{customers[1], customers[0]}
		if diff := cmp.Diff(shop, found); diff != "" {
			t.Error(diff)
		}
		if !found.Valid(db.TimeOf(dbtest.Clock())) || found.Valid(expires) {
			t.Error("the client is not valid before its expiry, or valid at it")
		}
		if _, err := store.ClientBySecret(ctx, "AA"); code(err) != db.NotFound {
			t.Errorf("another hash: %v", err)
		}
		list, err := store.Clients(ctx)
		if err != nil || len(list) != 2 || list[0].Name != "shop" || list[0].Scope().Staff() || len(list[1].Customers) != 0 || !list[1].Scope().Staff() {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestClientsWithATakenNameOrUnknownCustomerAreRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		add := func(id, name string, sees ...db.SourceID) error {
			return store.AddClient(ctx, &db.Client{ID: id, Name: name, SecretHash: id}, sees...)
		}
		if err := add("1", "shop"); err != nil {
			t.Fatal(err)
		}
		if err := add("2", "shop"); code(err) != db.Conflict {
			t.Errorf("the name again: %v", err)
		}
		if err := add("3", "app", db.SourceID{Source: db.BRM, Value: "none"}); code(err) != db.NotFound || err.Error() != "unknown customer brm:none" {
			t.Errorf("an unknown customer: %v", err)
		}
		if err := store.RevokeClient(ctx, "1"); err != nil {
			t.Fatal(err)
		}
		if err := store.RevokeClient(ctx, "1"); code(err) != db.Conflict {
			t.Errorf("revoked again: %v", err)
		}
		if err := store.RevokeClient(ctx, "9"); code(err) != db.NotFound {
			t.Errorf("an unknown client revoked: %v", err)
		}
		if err := add("4", "shop"); err != nil {
			t.Errorf("the name of a revoked client: %v", err)
		}
		if has, err := store.HasClients(ctx); !has || err != nil {
			t.Errorf("%v, %v", has, err)
		}
		if c, err := store.ClientBySecret(ctx, "1"); err != nil || c.Valid(db.TimeOf(dbtest.Clock())) {
			t.Errorf("a revoked client is valid, %v", err)
		}
	})
}

func TestMergedCustomersStayInTheScopesOfTheirClients(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		customers, _ := addCustomersWithSubscriptions(t, store, nil, nil, nil)
		first, second, third := db.SourceID{Source: db.Elevate, Value: "0"}, db.SourceID{Source: db.BRM, Value: "1"}, db.SourceID{Source: db.STN, Value: "2"}
		scopes := map[string][]db.SourceID{"first": {first}, "second": {second}, "both": {first, second}, "third": {third}, "none": nil}
		for name, scope := range scopes {
			if err := store.AddClient(t.Context(), &db.Client{ID: name, Name: name, SecretHash: name}, scope...); err != nil {
				t.Fatal(err)
			}
		}
		merge(t, store, customers[1], customers[0])
		checkReferences(t, url)
		want := map[string][]int64{"first": customers[:1], "second": customers[:1], "both": customers[:1], "third": customers[2:], "none": nil}
		for name, ids := range want {
			found, err := store.ClientBySecret(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ids, found.Customers); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if found.SeesEveryone {
				t.Errorf("%s sees every customer", name)
			}
		}
	})
}
