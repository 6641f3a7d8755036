package lawtest_test

import (
	"cmp"
	"time"

	"usagegraph/db"
)

// subscriptionKey identifies a subscription by its own id or, without one, by the number or card that is its only name.
type subscriptionKey struct {
	customer customerKey
	name     name
}

// customerKey identifies a customer; the zero value is no customer.
type customerKey struct {
	source db.Source
	id     string
}

func (d *document) customerKey() customerKey {
	if id := d.customer(); id != "" {
		return customerKey{d.Source, id}
	}
	return customerKey{}
}

// attribution is the reason for the owner of a record that names no customer.
type attribution string

const (
	unattributed attribution = ""
	held         attribution = "HELD"
	window       attribution = "WINDOW"
)

// place is the owner of a record. The subscription is the zero key if there is none.
type place struct {
	customer     customerKey
	subscription subscriptionKey
	attribution  attribution
}

// decisions are the links and assignments that people made.
type decisions struct {
	links       []pairOf
	assignments []assignment
}

// model holds the state that the law prescribes for a set of documents and decisions.
type model struct {
	documents []*document
	decisions decisions
	// linked returns the least of the customers that links join to a customer.
	linked   func(customerKey) customerKey
	places   map[*document]place
	evidence []evidence
}

// evidence states that a subscription had a number or card from one time to another, both included.
type evidence struct {
	subscription subscriptionKey
	name         name
	begin, last  time.Time
	// summary marks evidence of a summary, assigned that of an assignment.
	summary, assigned bool
}

// newModel applies the law to documents in import order, and to decisions.
func newModel(documents []*document, made decisions) *model {
	w := &model{documents: latestVersions(documents), decisions: made, linked: linkedTo(made.links), places: map[*document]place{}}
	for _, d := range w.documents {
		if d.customer() != "" {
			w.places[d] = w.placeOwned(d)
		}
	}
	for _, d := range w.documents {
		p, named := w.places[d]
		if !named || p.subscription == (subscriptionKey{}) {
			continue
		}
		for _, n := range d.names() {
			w.evidence = append(w.evidence, evidence{subscription: p.subscription, name: n, begin: d.At, last: d.last(), summary: d.isSummary()})
		}
	}
	w.assignNumbers()
	for _, d := range w.documents {
		if d.customer() == "" {
			w.places[d] = w.placeUnowned(d)
		}
	}
	return w
}

// customerOf returns the customer that a document names, as the least of its linked identifiers.
func (w *model) customerOf(d *document) customerKey { return w.linked(d.customerKey()) }

// placeOwned returns the place of a record that names its customer.
func (w *model) placeOwned(d *document) place {
	p := place{customer: w.customerOf(d)}
	if own := d.own().in(d.Source); own != (name{}) {
		p.subscription = subscriptionKey{p.customer, own}
	} else if names := d.names(); len(names) > 0 {
		p.subscription = subscriptionKey{p.customer, w.nearest(p.customer, names[0], d.At, d.last())}
	}
	return p
}

// nearest returns the own id of the customer's subscription whose evidence for a name is nearest to a time. Ties go to
// the least own id. Without any evidence it returns the name itself.
func (w *model) nearest(customer customerKey, by name, begin, last time.Time) name {
	found, least := by, time.Duration(0)
	for _, other := range w.documents {
		own := other.own().in(other.Source)
		if own == (name{}) || w.customerOf(other) != customer || !other.hasName(by) {
			continue
		}
		distance := other.distance(begin, last)
		if found == by || cmp.Or(cmp.Compare(distance, least), cmp.Compare(own.source, found.source), cmp.Compare(own.value, found.value)) < 0 {
			found, least = own, distance
		}
	}
	return found
}

func (d *document) hasName(wanted name) bool {
	for _, n := range d.names() {
		if n == wanted {
			return true
		}
	}
	return false
}

// distance returns the time between the document's evidence and another time; 0 if they overlap.
func (d *document) distance(begin, last time.Time) time.Duration {
	switch {
	case last.Before(d.At):
		return d.At.Sub(last)
	case begin.After(d.last()):
		return begin.Sub(d.last())
	}
	return 0
}

// placeUnowned returns the place of a record that names no customer, or several.
func (w *model) placeUnowned(d *document) place {
	names, own := d.names(), d.own().in(d.Source)
	switch {
	case len(d.customers()) > 1:
		return place{}
	case len(names) > 0:
		p := w.attribute(names[0], d.At)
		if p.attribution == unattributed {
			p.subscription = subscriptionKey{name: names[0]}
		}
		return p
	case own != (name{}):
		return w.placeByOwnID(own, d.At)
	}
	return place{}
}
