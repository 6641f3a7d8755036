package auth_test

import (
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestScopeIsStaff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		open := auth.New(store, auth.Settings{Headers: headers, Clock: newClock().now})
		if identity, err := open.Identify(request("")); err != nil || !identity.Scope.Staff() {
			t.Errorf("without clients: staff %v, %v", identity.Scope.Staff(), err)
		}
		a := auth.New(store, auth.Settings{Headers: headers, Clock: newClock().now, Closed: true})
		for _, test := range []struct {
			client *db.Client
			staff  bool
		}{
			{&db.Client{Name: "desk", SeesEveryone: true, Staff: true}, true},
			{&db.Client{Name: "billing", SeesEveryone: true, SeesCost: true}, false},
			{&db.Client{Name: "shop", Customers: []int64{7}}, false},
			{&db.Client{Name: "limited staff", Customers: []int64{7}, Staff: true}, false},
		} {
			secret := addClient(t, store, test.client)
			for _, origin := range []string{"the database", "the cache"} {
				identity, err := a.Identify(request("", "stn-api-key", secret))
				if err != nil || identity.Scope.Staff() != test.staff {
					t.Errorf("%s from %s: staff %v, %v", test.client.Name, origin, identity.Scope.Staff(), err)
				}
			}
		}
	})
}
