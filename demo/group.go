package demo

import "slices"

// Group is a part of the customers of a set, such as those of one system.
type Group struct {
	// Digits are the last digits of the numbers of its customers, sorted.
	Digits []int
	// Below limits the numbers of its customers; 0 is no limit.
	Below int
}

// The groups of the legacy systems. Systems with the same group have the same customers.
var (
	AllCustomers       = Group{Digits: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	WholesaleCustomers = Group{Digits: []int{0, 1, 2, 3, 4, 6, 8, 9}}
	// MobileCustomers has a limit, so that most records of a large set are usage records.
	MobileCustomers = Group{Digits: []int{0, 2, 4, 5, 6, 8, 9}, Below: 650}
)

// Count returns the number of customers of the group in a set of customers.
func (g Group) Count(customers int) int {
	if g.Below > 0 {
		customers = min(customers, g.Below)
	}
	n := customers / 10 * len(g.Digits)
	for _, digit := range g.Digits {
		if digit < customers%10 {
			n++
		}
	}
	return n
}

// Nth returns customer n of the group, counted from 0.
func (g Group) Nth(n int) int { return n/len(g.Digits)*10 + g.Digits[n%len(g.Digits)] }

// Has reports whether a customer is in the group.
func (g Group) Has(customer int) bool {
	return (g.Below == 0 || customer < g.Below) && slices.Contains(g.Digits, customer%10)
}
