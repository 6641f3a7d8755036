// Package demo makes up the customers of a reseller, their subscriptions and their phone numbers. The package of each
// legacy system has a function Demo, which writes the usage of these customers in the format of the system.
//
// The same Set always gives the same bytes. A Document is generated while it is read, so a set can be of any size.
//
// No person, company or phone number is real. All phone numbers are possible numbers (E.164). The first 17,000
// subscriptions have numbers that Ofcom reserves for drama; the further subscriptions of larger sets have numbers that
// begin with +44 40, which the British numbering plan does not use.
package demo

import "time"

// DefaultMonths is the number of months of a set with Months 0.
const DefaultMonths = 12

// Set holds the size of a demo data set. A customer has three subscriptions on average. A subscription has the same
// phone number in all systems, and keeps it.
type Set struct {
	// Customers is the number of customers, at most five million.
	Customers int
	// Records is the number of usage records: nine of ten are calls, the others are billing events. It is raised where
	// it is less than one of each kind for each customer.
	Records int
	// Density, unless it is 0, is the mean number of usage records of a subscription in a month. It replaces Records.
	Density int
	// Months is the number of calendar months with data; 0 is DefaultMonths. The last month is the one before Until, or
	// the part of it before Until.
	Months int
	// Until is the day, in UTC, before which all data ends. The zero time is 2026-01-01.
	Until time.Time
	// Seed makes sets of the same size different.
	Seed uint64
}
