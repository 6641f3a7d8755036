package lawtest_test

import (
	"slices"
	"time"
)

// attributionWindow is the time after the last certain instant of a holding for which it still holds.
const attributionWindow = 45 * 24 * time.Hour

// group is evidence for one name whose times overlap, one after another.
type group []evidence

func (g group) begin() time.Time { return g[0].begin }

func (g group) last() time.Time {
	return slices.MaxFunc(g, func(a, b evidence) int { return a.last.Compare(b.last) }).last
}

// windowEnd returns the end of the window: it counts from the latest beginning of a record, the last instant for which the
// group proves anything to the day. It is the zero time where there is no record.
func (g group) windowEnd() time.Time {
	for _, e := range slices.Backward(g) {
		if !e.assigned {
			return e.begin.Add(attributionWindow)
		}
	}
	return time.Time{}
}

// lines returns the subscriptions of the group; more than one dispute its time.
func (g group) lines() []lineKey {
	var list []lineKey
	for _, e := range g {
		if !slices.Contains(list, e.line) {
			list = append(list, e.line)
		}
	}
	return list
}

// groups returns the evidence for a name in groups, both in order of time.
func (w *world) groups(by name) []group {
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

// attribute returns the place of a document that names its subscription by a name alone.
func (w *world) attribute(by name, at time.Time) place {
	if line := w.assignedAt(by, at); line != (lineKey{}) {
		return place{line.customer, line, assigned}
	}
	groups := w.groups(by)
	now := lastBegun(groups, at)
	if now < 0 {
		return place{}
	}
	if lines := groups[now].lines(); len(lines) > 1 {
		return w.ofDispute(groups[now], by, at)
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

// lastBegun returns the place of the last group that begins no later than an instant; -1 where there is none.
func lastBegun(groups []group, at time.Time) int {
	now := -1
	for i, g := range groups {
		if !g.begin().After(at) {
			now = i
		}
	}
	return now
}

// holdingAt returns the evidence of a holding that has an undisputed group, and whether a later group belongs to it.
func holdingAt(groups []group, at int) (holding group, later bool) {
	first, last := at, at
	same := func(i int) bool {
		lines := groups[i].lines()
		return len(lines) == 1 && lines[0] == groups[at][0].line
	}
	for first > 0 && same(first-1) {
		first--
	}
	for last < len(groups)-1 && same(last+1) {
		last++
	}
	return slices.Concat(groups[first : last+1]...), last > at
}

// proves returns held where there is a record before and one after an instant, else window.
func (g group) proves(at time.Time) attribution {
	before := slices.ContainsFunc(g, func(e evidence) bool { return !e.assigned && e.last.Before(at) })
	after := slices.ContainsFunc(g, func(e evidence) bool { return !e.assigned && e.begin.After(at) })
	if before && after {
		return held
	}
	return window
}

func (g group) place(how attribution) place {
	return place{customer: g[0].line.customer, line: g[0].line, attribution: how}
}

// ofDispute returns the place of a document in or after a time that several subscriptions dispute: where all belong to
// one customer it is that customer's.
func (w *world) ofDispute(g group, by name, at time.Time) place {
	if len(g.customers()) > 1 {
		return place{}
	}
	if at.After(g.last()) && !w.inWindow(g, by, at) {
		return place{}
	}
	return place{customer: g[0].line.customer, attribution: g.proves(at)}
}

// inWindow reports whether an instant after the evidence of a group lies in its window. The window is closed where each
// of its subscriptions has by then evidence for another name that ends no earlier.
func (w *world) inWindow(g group, by name, at time.Time) bool {
	if !at.Before(g.windowEnd()) {
		return false
	}
	for _, line := range g.lines() {
		moved := slices.ContainsFunc(w.evidence, func(e evidence) bool {
			return e.line == line && e.name.another(by) && !e.begin.After(at) && !e.last.Before(g.last())
		})
		if !moved {
			return true
		}
	}
	return false
}
