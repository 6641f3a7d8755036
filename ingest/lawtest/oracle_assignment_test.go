package lawtest_test

import (
	"time"
)

// assigned says that a person decided whose a record is.
const assigned attribution = "ASSIGNED"

// assignment is that a number, a card or an own id was a customer's from one time to another.
type assignment struct {
	name     name
	customer customerKey
	// from is the first instant of it, to the first one after it; an own id may have zero times, for no bound.
	from, to time.Time
}

// covers reports whether the assignment holds at an instant.
func (a assignment) covers(at time.Time) bool {
	return !at.Before(a.from) && (a.to.IsZero() || at.Before(a.to))
}

// overlaps reports whether there is an instant at which two assignments of one name hold.
func (a assignment) overlaps(b assignment) bool {
	return a.name == b.name && (a.covers(b.from) || b.covers(a.from))
}

// last returns the last instant of an assignment of a number or card.
func (a assignment) last() time.Time { return a.to.Add(-time.Microsecond) }

// assignNumbers adds the assignments of numbers and cards to the evidence.
func (w *world) assignNumbers() {
	for _, a := range w.decisions.assignments {
		if a.name.means == own {
			continue
		}
		customer := w.linked(a.customer)
		line := lineKey{customer, w.nearest(customer, a.name, a.from, a.last())}
		w.evidence = append(w.evidence, evidence{line: line, name: a.name, begin: a.from, last: a.last(), assigned: true})
	}
}

// assignedAt returns the subscription to which a number or card is assigned at an instant; the zero key where it is not.
func (w *world) assignedAt(by name, at time.Time) lineKey {
	for _, e := range w.evidence {
		if e.assigned && e.name == by && !at.Before(e.begin) && !at.After(e.last) {
			return e.line
		}
	}
	return lineKey{}
}

// ofAssignedID returns the place of a document of no customer that names its subscription by an own id alone.
func (w *world) ofAssignedID(id name, at time.Time) place {
	for _, a := range w.decisions.assignments {
		if a.name == id && a.covers(at) {
			customer := w.linked(a.customer)
			return place{customer, lineKey{customer, id}, assigned}
		}
	}
	return place{line: lineKey{name: id}}
}

// assignedTo returns the assignments that give a subscription its only name.
func (w *world) assignedTo(key lineKey) []assignment {
	var list []assignment
	for _, a := range w.decisions.assignments {
		if a.name.means != own && a.name == key.name && w.linked(a.customer) == key.customer {
			list = append(list, a)
		}
	}
	return list
}
