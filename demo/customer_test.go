package demo_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/demo"
	"usagegraph/sources"
)

type call struct {
	CustomerID int
	ServiceID  string
}

type usageEvent struct {
	RelatedParty []struct{ ID, Name, Role string }
}

type summary struct {
	CustomerID, SubscriptionID, PhoneNumber string
}

func TestLinksHaveIDsOfTheDocuments(t *testing.T) {
	t.Parallel()
	for _, set := range []demo.Set{small, {Customers: 50, Records: 1}} {
		ids := customerIDs(t, set)
		linked := map[string]bool{}
		for a, b := range set.Links(sources.Demo(set)...) {
			if !ids[a] || !ids[b] {
				t.Errorf("link of %s and %s: no such ids", a, b)
			}
			linked[a], linked[b] = true, true
		}
		unlinked := 0
		for id := range ids {
			if !linked[id] {
				unlinked++
				if !strings.HasPrefix(id, "brm:") {
					t.Errorf("%s is not linked", id)
				}
			}
		}
		if want := set.Customers / 10; unlinked != want {
			t.Errorf("%d unlinked customers, want %d", unlinked, want)
		}
	}
}

// customerIDs returns the ids of the customers in the documents of a set, in the form of links.
func customerIDs(t *testing.T, set demo.Set) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range decoded[call](t, set, db.Elevate) {
		ids["elevate:"+strconv.Itoa(r.CustomerID)] = true
	}
	for _, r := range decoded[usageEvent](t, set, db.BRM) {
		ids["brm:"+r.RelatedParty[0].ID] = true
	}
	for _, r := range decoded[summary](t, set, db.STN) {
		ids["stn:"+r.CustomerID] = true
	}
	return ids
}

func TestCustomersHaveDistinctNames(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, r := range decoded[usageEvent](t, small, db.BRM) {
		customer := r.RelatedParty[0]
		if customer.Role != "customer" || customer.Name == "" {
			t.Fatalf("first related party %v, want a customer with a name", customer)
		}
		if owner, known := names[customer.Name]; known && owner != customer.ID {
			t.Errorf("%s and %s have the same name %s", owner, customer.ID, customer.Name)
		}
		names[customer.Name] = customer.ID
	}
	if len(names) != small.Customers {
		t.Errorf("%d names for %d customers", len(names), small.Customers)
	}
}

// TestNumbersHaveTheSameCustomerInAllSystems compares the customers of each number. A customer has three on average.
func TestNumbersHaveTheSameCustomerInAllSystems(t *testing.T) {
	t.Parallel()
	account := map[string]string{} // the account in brm by phone number
	for _, r := range decoded[usageEvent](t, small, db.BRM) {
		account[r.RelatedParty[1].ID] = r.RelatedParty[0].ID
	}
	if want := 3 * small.Customers; len(account) != want {
		t.Errorf("%d subscriptions, want %d", len(account), want)
	}
	linked := map[string]string{} // the account in brm by customer id of another system
	for a, b := range small.Links(sources.Demo(small)...) {
		if strings.HasPrefix(a, "brm:") {
			a, b = b, a
		}
		linked[a] = strings.TrimPrefix(b, "brm:")
	}
	for _, r := range decoded[call](t, small, db.Elevate) {
		if got := account[r.ServiceID]; got == "" || got != linked["elevate:"+strconv.Itoa(r.CustomerID)] {
			t.Fatalf("%s: account %s in brm, customer %d in elevate", r.ServiceID, got, r.CustomerID)
		}
	}
	subscriptions := map[string]string{}
	for _, r := range decoded[summary](t, small, db.STN) {
		subscriptions[r.PhoneNumber] = r.SubscriptionID
		if got := account[r.PhoneNumber]; got == "" || got != linked["stn:"+r.CustomerID] {
			t.Fatalf("%s: account %s in brm, customer %s in stn", r.PhoneNumber, got, r.CustomerID)
		}
	}
	if distinct := slices.Compact(slices.Sorted(maps.Values(subscriptions))); len(distinct) != len(subscriptions) {
		t.Errorf("%d phone numbers and %d subscription ids in stn", len(subscriptions), len(distinct))
	}
	for _, r := range decoded[struct{ Description string }](t, small, db.DXP) {
		number := strings.TrimPrefix(r.Description, "Usage Consumption Report for MSISDN ")
		if subscriptions["+"+number] == "" {
			t.Errorf("%q: stn has no such number", r.Description)
		}
	}
}

func TestLargeCustomersHaveAQuarterOfTheCalls(t *testing.T) {
	t.Parallel()
	for _, set := range []demo.Set{{Customers: 300, Records: 10_000}, small} {
		count := map[int]int{}
		total := 0
		for _, r := range decoded[call](t, set, db.Elevate) {
			count[r.CustomerID]++
			total++
		}
		most := slices.Sorted(maps.Values(count))
		slices.Reverse(most)
		large := 0
		for _, n := range most[:max(set.Customers/100, 1)] {
			large += n
		}
		if percent := 100 * large / total; percent < 22 || percent > 33 {
			t.Errorf("%d customers: the largest hundredth has %d %% of the calls, want 22 to 33", set.Customers, percent)
		}
	}
}
