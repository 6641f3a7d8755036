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
		if who, err := open.Identify(request("")); err != nil || !who.Scope.Staff() {
			t.Errorf("without clients: staff %v, %v", who.Scope.Staff(), err)
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
			secret := add(t, store, test.client)
			for _, from := range []string{"the database", "the cache"} {
				who, err := a.Identify(request("", "stn-api-key", secret))
				if err != nil || who.Scope.Staff() != test.staff {
					t.Errorf("%s from %s: staff %v, %v", test.client.Name, from, who.Scope.Staff(), err)
				}
			}
		}
	})
}
