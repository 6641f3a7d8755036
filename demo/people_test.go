package demo_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/demo"
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

func TestLinksJoinCustomersWhoOccur(t *testing.T) {
	t.Parallel()
	for _, set := range []demo.Set{small, {Customers: 50, Records: 1}} {
		occur := customers(t, set)
		linked := map[string]bool{}
		for a, b := range set.Links() {
			if !occur[a] || !occur[b] {
				t.Errorf("%s or %s does not occur", a, b)
			}
			linked[a], linked[b] = true, true
		}
		alone := 0
		for id := range occur {
			if !linked[id] {
				alone++
				if !strings.HasPrefix(id, "brm:") {
					t.Errorf("%s is linked to nobody", id)
				}
			}
		}
		if want := set.Customers / 10; alone != want {
			t.Errorf("%d customers are known in one system alone, want %d", alone, want)
		}
	}
}

// customers returns whoever occurs in a set's documents, as links name them.
func customers(t *testing.T, set demo.Set) map[string]bool {
	t.Helper()
	occur := map[string]bool{}
	for _, r := range decoded[call](t, set, db.Elevate) {
		occur["elevate:"+strconv.Itoa(r.CustomerID)] = true
	}
	for _, r := range decoded[usageEvent](t, set, db.BRM) {
		occur["brm:"+r.RelatedParty[0].ID] = true
	}
	for _, r := range decoded[summary](t, set, db.STN) {
		occur["stn:"+r.CustomerID] = true
	}
	return occur
}

func TestCustomersHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, r := range decoded[usageEvent](t, small, db.BRM) {
		customer := r.RelatedParty[0]
		if customer.Role != "customer" || customer.Name == "" {
			t.Fatalf("no customer: %v", customer)
		}
		if owner, known := names[customer.Name]; known && owner != customer.ID {
			t.Errorf("%s and %s are both called %s", owner, customer.ID, customer.Name)
		}
		names[customer.Name] = customer.ID
	}
	if len(names) != small.Customers {
		t.Errorf("%d names for %d customers", len(names), small.Customers)
	}
}

// A line is the same number of the same customer in each system; there are three per customer.
func TestSystemsMeetOnNumbers(t *testing.T) {
	t.Parallel()
	owner := map[string]string{} // of a number, by his account
	for _, r := range decoded[usageEvent](t, small, db.BRM) {
		owner[r.RelatedParty[1].ID] = r.RelatedParty[0].ID
	}
	if want := 3 * small.Customers; len(owner) != want {
		t.Errorf("%d lines, want %d", len(owner), want)
	}
	account := map[string]string{} // of a customer of another system
	for a, b := range small.Links() {
		if strings.HasPrefix(a, "brm:") {
			a, b = b, a
		}
		account[a] = strings.TrimPrefix(b, "brm:")
	}
	for _, r := range decoded[call](t, small, db.Elevate) {
		if got := owner[r.ServiceID]; got == "" || got != account["elevate:"+strconv.Itoa(r.CustomerID)] {
			t.Fatalf("%s is a line of %s in brm, of %d in elevate", r.ServiceID, got, r.CustomerID)
		}
	}
	lines := map[string]string{}
	for _, r := range decoded[summary](t, small, db.STN) {
		lines[r.PhoneNumber] = r.SubscriptionID
		if got := owner[r.PhoneNumber]; got == "" || got != account["stn:"+r.CustomerID] {
			t.Fatalf("%s is a line of %s in brm, of %s in stn", r.PhoneNumber, got, r.CustomerID)
		}
	}
	if distinct := slices.Compact(slices.Sorted(maps.Values(lines))); len(distinct) != len(lines) {
		t.Errorf("%d numbers, but %d subscriptions in stn", len(lines), len(distinct))
	}
	for _, r := range decoded[struct{ Description string }](t, small, db.DXP) {
		number := strings.TrimPrefix(r.Description, "Usage Consumption Report for MSISDN ")
		if lines["+"+number] == "" {
			t.Errorf("%q is about no line of stn", r.Description)
		}
	}
}

func TestOneCustomerOfAHundredHasAQuarterOfTheRecords(t *testing.T) {
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
			t.Errorf("of %d customers a hundredth has %d %% of the records", set.Customers, percent)
		}
	}
}
