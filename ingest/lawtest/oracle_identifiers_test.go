package lawtest_test

import (
	"fmt"
	"slices"
	"time"

	"usagegraph/db"
)

// identifier is a name of a subscription: an own id, or a number or card with a time in which the subscription held or disputed
// it, or had it assigned. The zero time is none.
type identifier struct {
	name               name
	from, to           time.Time
	disputed, assigned bool
}

func (i identifier) String() string {
	return fmt.Sprintf("%s %s %s from %s to %s, disputed %t, assigned %t", i.name.kind(), orNone(textOrNone(string(i.name.source))), i.name.value,
		orNone(boundText(i.from)), orNone(boundText(i.to)), i.disputed, i.assigned)
}

// identifiersFor returns the identifiers of a subscription as they are shown to a client. One that does not see everyone is told
// nothing of disputes but the name.
func (w *world) identifiersFor(client string, key lineKey) []identifier {
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
func (w *world) identifiers(key lineKey) []identifier {
	var list []identifier
	if key.name.means == own || key.customer == (customerKey{}) {
		list = append(list, identifier{name: key.name})
	}
	names := map[name]bool{}
	for _, e := range w.evidence {
		if e.line == key {
			names[e.name] = true
		}
	}
	for n := range names {
		list = append(list, w.times(key, n)...)
	}
	return list
}

// times returns the identifiers of a subscription that are one name.
func (w *world) times(key lineKey, by name) []identifier {
	var list []identifier
	groups := w.groups(by)
	for i, g := range groups {
		lines := g.lines()
		switch {
		case len(lines) > 1:
			if slices.Contains(lines, key) {
				list = append(list, g.times(key, true)...)
			}
		case lines[0] == key:
			holding, later := holdingAt(groups, i)
			if !later {
				list = append(list, holding.times(key, false)...)
			}
		}
	}
	return list
}

// times returns the identifiers of a subscription for each time that assignments leave of a group, and for each assignment: its
// own, or one that it disputes.
func (g group) times(key lineKey, disputed bool) []identifier {
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
		list = append(list, identifier{by, e.begin, end, e.line != key, e.line == key})
		rest = end
	}
	if !rest.After(g.last()) {
		list = append(list, identifier{by, rest, g.end(), disputed, false})
	}
	return list
}

// end returns when the time of a group ends: its last record, or the end of its last month, which is no part of it.
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

// boundText returns nil for no time.
func boundText(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return textOrNone(timeText(t))
}

// kind returns the name's kind of identifier.
func (n name) kind() db.IdentifierKind {
	return map[meaning]db.IdentifierKind{possible: db.MSISDN, local: db.MSISDN, card: db.SIM, own: db.SourceOwnID}[n.means]
}

func textOrNone(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
