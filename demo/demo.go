// Package demo makes up a reseller's customers and what they used, as documents of the four systems: what each of them
// would hand out, field by field. A set is the same bytes each time, may be of any size, and is made while it is read.
//
// No person, company or number in it is real: the names are invented. All telephone numbers are possible ones (E.164).
// The first 17,000 lines have numbers that Ofcom reserves for drama; the lines of larger sets begin with +44 40, which
// the British numbering plan does not use.
package demo

import (
	"io"
	"iter"
	"strconv"
	"time"

	"usagegraph/db"
)

// DefaultMonths is how many months a set has unless told otherwise.
const DefaultMonths = 12

// Set says what to make up.
//
// Every customer is known in brm, which has the names, and most are known in elevate; of the first 650 most are known in
// stn, too. On average a customer has three lines, which have the same telephone number in each system and keep it; stn
// has a summary of each line and month, dxp a report on every fourth of stn's lines, of the last day.
type Set struct {
	// Customers is how many customers there are, at most five million.
	Customers int
	// Records is how many usage records elevate and brm have together, nine of ten in elevate. There are more where
	// that is too few for one of each customer and system.
	Records int
	// Months is how many calendar months have data; the last is the one before Until, or as much of it as there is.
	// 0 is DefaultMonths.
	Months int
	// Until is the day, in UTC, before which all data ends; the zero time is 2026-01-01.
	Until time.Time
	// Seed tells sets apart that are otherwise the same.
	Seed uint64
}

// Document returns a system's document: JSON, made as it is read, in the same little memory whatever the set's size.
func (s Set) Document(source db.Source) io.Reader {
	w := newWorld(s)
	switch source {
	case db.Elevate:
		return newDocument("[", "\n]\n", newCalls(w))
	case db.BRM:
		return newDocument("[", "\n]\n", newEvents(w))
	case db.STN:
		n := newSummaries(w)
		return newDocument(`{"offset":0,"total":`+strconv.Itoa(n.total())+`,"results":[`, "\n]}\n", n)
	case db.DXP:
		return newDocument("[", "\n]\n", newReports(w))
	}
	panic("demo: no system " + string(source))
}

// Count returns how many records a system's document has.
func (s Set) Count(source db.Source) int {
	w := newWorld(s)
	switch source {
	case db.Elevate:
		return w.elevateCalls
	case db.BRM:
		return w.brmEvents
	case db.STN:
		return newSummaries(w).total()
	case db.DXP:
		return newReports(w).total()
	}
	panic("demo: no system " + string(source))
}

// Links returns the pairs of customers of two systems who are the same, as "brm:0.0.0.1+-account+104211" and
// "elevate:1042". Whoever is known in several systems is in as many pairs as join them all.
func (s Set) Links() iter.Seq2[string, string] {
	w := newWorld(s)
	return func(yield func(string, string) bool) {
		for i := range w.Customers {
			brm, stn := "brm:"+w.account(i), "stn:"+w.stnCustomer(i)
			if inElevate.has(i) && !yield(brm, "elevate:"+strconv.Itoa(elevateCustomer(i))) {
				return
			}
			if i < stnFirst && inSTN.has(i) && !yield(brm, stn) {
				return
			}
		}
	}
}
