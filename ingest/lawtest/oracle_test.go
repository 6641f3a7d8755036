package lawtest_test

import (
	"cmp"
	"time"

	"usagegraph/db"
)

// lineKey names a subscription: by an own id or, where it has none, by the number or card that is its only name.
type lineKey struct {
	customer customerKey
	name     name
}

// customerKey names a customer; the zero value is nobody.
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

// attribution says how the owner of a record was decided that names no customer.
type attribution string

const (
	unattributed attribution = ""
	held         attribution = "HELD"
	window       attribution = "WINDOW"
)

// place is whose a record is. A record of no subscription has the zero line.
type place struct {
	customer    customerKey
	line        lineKey
	attribution attribution
}

// decisions are those of people.
type decisions struct {
	links       []pairOf
	assignments []assignment
}

// world is what the law makes of a set of documents and of the decisions of people.
type world struct {
	documents []*document
	decisions decisions
	// linked returns the least of the customers that links join to one.
	linked   func(customerKey) customerKey
	places   map[*document]place
	evidence []evidence
}

// evidence is that a subscription had a number or card from an instant to another, both included.
type evidence struct {
	line        lineKey
	name        name
	begin, last time.Time
	// summary tells that it is a summary's, assigned that it is no record but an assignment.
	summary, assigned bool
}

// judge applies the law to documents in the order in which they are imported, and to decisions.
func judge(documents []*document, made decisions) *world {
	w := &world{documents: lastWords(documents), decisions: made, linked: linkedTo(made.links), places: map[*document]place{}}
	for _, d := range w.documents {
		if d.customer() != "" {
			w.places[d] = w.ofCustomer(d)
		}
	}
	for _, d := range w.documents {
		p, named := w.places[d]
		if !named || p.line == (lineKey{}) {
			continue
		}
		for _, n := range d.names() {
			w.evidence = append(w.evidence, evidence{line: p.line, name: n, begin: d.At, last: d.last(), summary: d.isSummary()})
		}
	}
	w.assignNumbers()
	for _, d := range w.documents {
		if d.customer() == "" {
			w.places[d] = w.ofNobody(d)
		}
	}
	return w
}

// customerOf returns the customer that a document names, by the least name of those that it is linked with.
func (w *world) customerOf(d *document) customerKey { return w.linked(d.customerKey()) }

// ofCustomer places a record that names its customer.
func (w *world) ofCustomer(d *document) place {
	p := place{customer: w.customerOf(d)}
	if own := d.own().in(d.Source); own != (name{}) {
		p.line = lineKey{p.customer, own}
	} else if names := d.names(); len(names) > 0 {
		p.line = lineKey{p.customer, w.nearest(p.customer, names[0], d.At, d.last())}
	}
	return p
}

// nearest returns the own id of that subscription of a customer whose evidence for a name is nearest to a time, of several
// the least; where no own id has evidence it returns the name itself.
func (w *world) nearest(customer customerKey, by name, begin, last time.Time) name {
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

// distance returns the time between another one and that for which the document is evidence; 0 where they overlap.
func (d *document) distance(begin, last time.Time) time.Duration {
	switch {
	case last.Before(d.At):
		return d.At.Sub(last)
	case begin.After(d.last()):
		return begin.Sub(d.last())
	}
	return 0
}

// ofNobody places a record that names no customer, or several.
func (w *world) ofNobody(d *document) place {
	names, own := d.names(), d.own().in(d.Source)
	switch {
	case len(d.customers()) > 1:
		return place{}
	case len(names) > 0:
		p := w.attribute(names[0], d.At)
		if p.attribution == unattributed {
			p.line = lineKey{name: names[0]}
		}
		return p
	case own != (name{}):
		return w.ofAssignedID(own, d.At)
	}
	return place{}
}
