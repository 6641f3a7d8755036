package lawtest_test

import (
	"time"
)

// assigned marks a record whose owner a person decided.
const assigned attribution = "ASSIGNED"

// assignment assigns a number, a card or an own id to a customer for a time.
type assignment struct {
	name     name
	customer customerKey
	// from is inclusive, to exclusive. For an own id, a zero time is no bound.
	from, to time.Time
}

// covers reports whether the assignment holds at a time.
func (a assignment) covers(at time.Time) bool {
	return !at.Before(a.from) && (a.to.IsZero() || at.Before(a.to))
}

// overlaps reports whether two assignments of one name hold at the same time.
func (a assignment) overlaps(b assignment) bool {
	return a.name == b.name && (a.covers(b.from) || b.covers(a.from))
}

// last returns the last microsecond of an assignment of a number or card.
func (a assignment) last() time.Time { return a.to.Add(-time.Microsecond) }

// assignNumbers adds the assignments of numbers and cards to the evidence.
func (w *model) assignNumbers() {
	for _, a := range w.decisions.assignments {
		if a.name.means == own {
			continue
		}
		customer := w.linked(a.customer)
		subscription := subscriptionKey{customer, w.nearest(customer, a.name, a.from, a.last())}
		w.evidence = append(w.evidence, evidence{subscription: subscription, name: a.name, begin: a.from, last: a.last(), assigned: true})
	}
}

// assignedAt returns the subscription to which a number or card is assigned at a time; the zero key if there is none.
func (w *model) assignedAt(by name, at time.Time) subscriptionKey {
	for _, e := range w.evidence {
		if e.assigned && e.name == by && !at.Before(e.begin) && !at.After(e.last) {
			return e.subscription
		}
	}
	return subscriptionKey{}
}

// placeByOwnID returns the place of a document that names no customer and has an own id alone.
func (w *model) placeByOwnID(id name, at time.Time) place {
	for _, a := range w.decisions.assignments {
		if a.name == id && a.covers(at) {
			customer := w.linked(a.customer)
			return place{customer, subscriptionKey{customer, id}, assigned}
		}
	}
	return place{subscription: subscriptionKey{name: id}}
}

// assignedTo returns the assignments of the only name of a subscription.
func (w *model) assignedTo(key subscriptionKey) []assignment {
	var list []assignment
	for _, a := range w.decisions.assignments {
		if a.name.means != own && a.name == key.name && w.linked(a.customer) == key.customer {
			list = append(list, a)
		}
	}
	return list
}
