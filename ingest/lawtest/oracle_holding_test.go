package lawtest_test

import (
	"slices"
	"time"
)

// attributionWindow is the time after the last certain instant of a holding during which documents are still attributed
// to it.
const attributionWindow = 45 * 24 * time.Hour

// group is evidence for one name with overlapping times, in order of time.
type group []evidence

func (g group) begin() time.Time { return g[0].begin }

func (g group) last() time.Time {
	return slices.MaxFunc(g, func(a, b evidence) int { return a.last.Compare(b.last) }).last
}

// windowEnd returns the end of the attribution window. The window starts at the latest start of a record, which is the
// last time proven by the group. It is the zero time without a record.
func (g group) windowEnd() time.Time {
	for _, e := range slices.Backward(g) {
		if !e.assigned {
			return e.begin.Add(attributionWindow)
		}
	}
	return time.Time{}
}

// subscriptions returns the subscriptions of the group. If there are several, they dispute its time.
func (g group) subscriptions() []subscriptionKey {
	var list []subscriptionKey
	for _, e := range g {
		if !slices.Contains(list, e.subscription) {
			list = append(list, e.subscription)
		}
	}
	return list
}

// groups returns the evidence for a name in groups, both in order of time.
func (w *model) groups(by name) []group {
	var sorted []evidence
	for _, e := range w.evidence {
		if e.name == by {
			sorted = append(sorted, e)
		}
	}
	slices.SortFunc(sorted, func(a, b evidence) int { return a.begin.Compare(b.begin) })
	var list []group
	for _, e := range sorted {
		if n := len(list); n > 0 && !e.begin.After(list[n-1].last()) {
			list[n-1] = append(list[n-1], e)
		} else {
			list = append(list, group{e})
		}
	}
	return list
}

// attribute returns the place of a document that has a number or card alone.
func (w *model) attribute(by name, at time.Time) place {
	if subscription := w.assignedAt(by, at); subscription != (subscriptionKey{}) {
		return place{subscription.customer, subscription, assigned}
	}
	groups := w.groups(by)
	now := lastBegun(groups, at)
	if now < 0 {
		return place{}
	}
	if subscriptions := groups[now].subscriptions(); len(subscriptions) > 1 {
		return w.placeDisputed(groups[now], by, at)
	}
	holding, later := holdingAt(groups, now)
	switch {
	case later || !at.After(holding.last()):
		return holding.place(holding.proves(at))
	case w.inWindow(holding, by, at):
		return holding.place(window)
	}
	return place{}
}

// lastBegun returns the index of the last group that begins at or before a time; -1 if there is none.
func lastBegun(groups []group, at time.Time) int {
	now := -1
	for i, g := range groups {
		if !g.begin().After(at) {
			now = i
		}
	}
	return now
}

// holdingAt returns the evidence of the holding that contains an undisputed group, and reports whether the holding has
// a later group.
func holdingAt(groups []group, at int) (holding group, later bool) {
	first, last := at, at
	same := func(i int) bool {
		subscriptions := groups[i].subscriptions()
		return len(subscriptions) == 1 && subscriptions[0] == groups[at][0].subscription
	}
	for first > 0 && same(first-1) {
		first--
	}
	for last < len(groups)-1 && same(last+1) {
		last++
	}
	return slices.Concat(groups[first : last+1]...), last > at
}

// proves returns held if there are records before and after a time, else window.
func (g group) proves(at time.Time) attribution {
	before := slices.ContainsFunc(g, func(e evidence) bool { return !e.assigned && e.last.Before(at) })
	after := slices.ContainsFunc(g, func(e evidence) bool { return !e.assigned && e.begin.After(at) })
	if before && after {
		return held
	}
	return window
}

func (g group) place(how attribution) place {
	return place{customer: g[0].subscription.customer, subscription: g[0].subscription, attribution: how}
}

// placeDisputed returns the place of a document during or after a dispute of several subscriptions. If all belong to
// one customer, so does the document.
func (w *model) placeDisputed(g group, by name, at time.Time) place {
	if len(g.customers()) > 1 {
		return place{}
	}
	if at.After(g.last()) && !w.inWindow(g, by, at) {
		return place{}
	}
	return place{customer: g[0].subscription.customer, attribution: g.proves(at)}
}

// inWindow reports whether a time after the evidence of a group is in its window. The window is closed once each of its
// subscriptions has evidence for another name that ends no earlier.
func (w *model) inWindow(g group, by name, at time.Time) bool {
	if !at.Before(g.windowEnd()) {
		return false
	}
	for _, subscription := range g.subscriptions() {
		moved := slices.ContainsFunc(w.evidence, func(e evidence) bool {
			return e.subscription == subscription && e.name.another(by) && !e.begin.After(at) && !e.last.Before(g.last())
		})
		if !moved {
			return true
		}
	}
	return false
}
