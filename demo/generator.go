package demo

import "time"

// Generator computes the customers and subscriptions of a set. Customers and subscriptions are numbered from 0. It
// stores none of them.
type Generator struct {
	// Set has its defaults filled in.
	Set
	// Calls and BillingEvents are the numbers of usage records of each kind.
	Calls, BillingEvents int

	start time.Time
}

// NewGenerator returns a generator of a set.
func NewGenerator(s Set) *Generator {
	if s.Months <= 0 {
		s.Months = DefaultMonths
	}
	if s.Until.IsZero() {
		s.Until = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	s.Customers = max(s.Customers, 0)
	s.Until = s.Until.UTC().Truncate(24 * time.Hour)
	last := s.Until.AddDate(0, 0, -1)
	g := &Generator{Set: s, start: time.Date(last.Year(), last.Month()-time.Month(s.Months-1), 1, 0, 0, 0, 0, time.UTC)}
	if s.Density > 0 {
		g.Records = s.Density * subscriptionsPerCustomer * s.Customers * s.Months
	}
	if s.Customers > 0 {
		g.BillingEvents = max(g.Records/10, s.Customers)
		g.Calls = max(g.Records-g.BillingEvents, WholesaleCustomers.Count(s.Customers))
	}
	return g
}

// Month returns the start of month n of the set, counted from 0, in UTC.
func (g *Generator) Month(n int) time.Time { return g.start.AddDate(0, n, 0) }

// subscriptionsPerCustomer is the mean number of subscriptions of a customer, exactly.
const subscriptionsPerCustomer = 3

// Subscriptions returns the first subscription of a customer and their number, 1 to 5. The subscriptions of a customer
// have consecutive numbers. Customers 2n and 2n+1 have six subscriptions together.
func (g *Generator) Subscriptions(customer int) (first, count int) {
	more := customer / 2 % 3
	switch {
	case customer%2 == 1:
		return 3*customer + more, 3 - more
	case customer == g.Customers-1:
		more = 0
	}
	return 3 * customer, 3 + more
}

// One of each hundred customers is large: those with the numbers 4, 104, 204 and so on. All groups have their digit.
const firstLarge, largeStep = 4, 100

// DrawCustomer draws the customer of record k of n records of a group. Each customer of the group has one record or
// more. A quarter of the other records is of large customers; the rest is skewed to customers with low numbers.
func (g *Generator) DrawCustomer(r *Random, group Group, k, n int) int {
	count := group.Count(g.Customers)
	if nth := k * count / n; (k+1)*count/n > nth {
		return group.Nth(nth)
	}
	if large := (g.Customers + largeStep - firstLarge - 1) / largeStep; large > 0 && r.Percent(24) {
		return firstLarge + largeStep*r.Below(large)
	}
	return group.Nth(min(r.Below(count), r.Below(count)))
}
