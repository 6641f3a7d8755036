package lawtest_test

import (
	"fmt"
	"slices"
	"time"

	"usagegraph/db"
)

// identifier is a name of a subscription: an own id, or a number or card with the time in which the subscription held,
// disputed or was assigned it. A zero time is no bound.
type identifier struct {
	name               name
	from, to           time.Time
	disputed, assigned bool
}

func (i identifier) String() string {
	return fmt.Sprintf("%s %s %s from %s to %s, disputed %t, assigned %t", i.name.kind(), orNone(textOrNone(string(i.name.source))), i.name.value,
		orNone(boundText(i.from)), orNone(boundText(i.to)), i.disputed, i.assigned)
}

// identifiersFor returns the identifiers of a subscription in the answer to a client. A client of a single customer
// gets the name of a disputed identifier only.
func (w *model) identifiersFor(client string, key subscriptionKey) []identifier {
	list := w.identifiers(key)
	if client == everyone {
		return list
	}
	var shown []identifier
	names := map[name]bool{}
	for _, i := range list {
		if !i.disputed {
			shown, names[i.name] = append(shown, i), true
		}
	}
	for _, i := range list {
		if !names[i.name] {
			shown, names[i.name] = append(shown, identifier{name: i.name}), true
		}
	}
	return shown
}

// identifiers returns the identifiers of a subscription.
func (w *model) identifiers(key subscriptionKey) []identifier {
	var list []identifier
	if key.name.means == own || key.customer == (customerKey{}) {
		list = append(list, identifier{name: key.name})
	}
	names := map[name]bool{}
	for _, e := range w.evidence {
		if e.subscription == key {
			names[e.name] = true
		}
	}
	for n := range names {
		list = append(list, w.times(key, n)...)
	}
	return list
}

// times returns the identifiers of a subscription with one name.
func (w *model) times(key subscriptionKey, by name) []identifier {
	var list []identifier
	groups := w.groups(by)
	for i, g := range groups {
		subscriptions := g.subscriptions()
		switch {
		case len(subscriptions) > 1:
			if slices.Contains(subscriptions, key) {
				list = append(list, g.times(key, true)...)
			}
		case subscriptions[0] == key:
			holding, later := holdingAt(groups, i)
			if !later {
				list = append(list, holding.times(key, false)...)
			}
		}
	}
	return list
}

// times returns an identifier for each time of a group that assignments leave, and for each assignment: one to the
// subscription itself, or one that it disputes.
func (g group) times(key subscriptionKey, disputed bool) []identifier {
	var list []identifier
	by, rest := g[0].name, g.begin()
	for _, e := range g {
		if !e.assigned {
			continue
		}
		end := e.last.Add(time.Microsecond)
		if rest.Before(e.begin) {
			list = append(list, identifier{by, rest, e.begin, disputed, false})
		}
		list = append(list, identifier{by, e.begin, end, e.subscription != key, e.subscription == key})
		rest = end
	}
	if !rest.After(g.last()) {
		list = append(list, identifier{by, rest, g.end(), disputed, false})
	}
	return list
}

// end returns the end of the time of a group: its last record, or the exclusive end of its last month.
func (g group) end() time.Time {
	end := g.last()
	for _, e := range g {
		if e.last.Equal(end) && e.summary {
			return end.Add(time.Microsecond)
		}
	}
	return end
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// boundText returns the text of a time; nil for the zero time.
func boundText(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return textOrNone(timeText(t))
}

// kind returns the kind of identifier of the name.
func (n name) kind() db.IdentifierKind {
	return map[meaning]db.IdentifierKind{possible: db.MSISDN, local: db.MSISDN, card: db.SIM, own: db.SourceOwnID}[n.means]
}

func textOrNone(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
