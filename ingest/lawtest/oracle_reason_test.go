package lawtest_test

import (
	"slices"
	"strings"
)

// The reasons for which a record is unattributed, each as words that occur in its sentence.
const (
	noName           = "no number, card or id"
	idWithoutHolder  = "an id that is assigned to no customer"
	severalCustomers = "several customers of one rank"
	neverHeld        = "no record of a customer has its number"
	notYetHeld       = "older than the first record"
	inDispute        = "records of several customers have its number"
	windowOver       = "too long after the last record"
	otherNumber      = "the last holder"
)

// reason returns the reason for which a record is unattributed.
func (w *model) reason(d *document) string {
	names := d.names()
	switch {
	case len(d.customers()) > 1:
		return severalCustomers
	case len(names) > 0:
		return w.reasonOf(names[0], d)
	case d.own().means == own:
		return idWithoutHolder
	}
	return noName
}

// reasonOf returns the reason for which a record with a number or card is unattributed.
func (w *model) reasonOf(by name, d *document) string {
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
	if len(g.subscriptions()) == 1 {
		g, _ = holdingAt(groups, now)
	}
	if d.At.Before(g.windowEnd()) {
		return otherNumber
	}
	return windowOver
}

// reasonKeywords returns the words of a reason that occur in a sentence; the sentence itself if there are none.
func reasonKeywords(sentence string) string {
	for _, words := range []string{noName, idWithoutHolder, severalCustomers, neverHeld, notYetHeld, inDispute, windowOver, otherNumber} {
		if strings.Contains(strings.ToLower(sentence), words) {
			return words
		}
	}
	return sentence
}

// customers returns the customers of the subscriptions of the group.
func (g group) customers() []customerKey {
	var list []customerKey
	for _, subscription := range g.subscriptions() {
		if !slices.Contains(list, subscription.customer) {
			list = append(list, subscription.customer)
		}
	}
	return list
}
