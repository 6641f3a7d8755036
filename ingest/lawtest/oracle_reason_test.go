package lawtest_test

import (
	"slices"
	"strings"
)

// The reasons for which a record belongs to no customer, by words that the sentence about each has.
const (
	noName           = "no number, card or id"
	idOfNobody       = "an id that is assigned to no customer"
	severalCustomers = "several customers of one rank"
	neverHeld        = "no record of a customer has its number"
	notYetHeld       = "older than the first record"
	inDispute        = "records of several customers have its number"
	windowOver       = "too long after the last record"
	otherNumber      = "the last holder"
)

// reason returns why a record belongs to no customer.
func (w *world) reason(d *document) string {
	names := d.names()
	switch {
	case len(d.customers()) > 1:
		return severalCustomers
	case len(names) > 0:
		return w.reasonOf(names[0], d)
	case d.own().means == own:
		return idOfNobody
	}
	return noName
}

// reasonOf returns why a record with a number or card belongs to no customer.
func (w *world) reasonOf(by name, d *document) string {
	groups := w.groups(by)
	now := lastBegun(groups, d.At)
	switch {
	case len(groups) == 0:
		return neverHeld
	case now < 0:
		return notYetHeld
	case len(groups[now].customers()) > 1:
		return inDispute
	}
	g := groups[now]
	if len(g.lines()) == 1 {
		g, _ = holdingAt(groups, now)
	}
	if d.At.Before(g.windowEnd()) {
		return otherNumber
	}
	return windowOver
}

// saidReason returns the words by which a reason is known that a sentence has; the sentence where it has none of them.
func saidReason(sentence string) string {
	for _, words := range []string{noName, idOfNobody, severalCustomers, neverHeld, notYetHeld, inDispute, windowOver, otherNumber} {
		if strings.Contains(strings.ToLower(sentence), words) {
			return words
		}
	}
	return sentence
}

// customers returns the customers of the subscriptions of the group.
func (g group) customers() []customerKey {
	var list []customerKey
	for _, line := range g.lines() {
		if !slices.Contains(list, line.customer) {
			list = append(list, line.customer)
		}
	}
	return list
}
