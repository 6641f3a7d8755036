package lawtest_test

import (
	"fmt"
	"slices"
	"time"

	"usagegraph/db"
)

// identifiers returns a line for each identifier of a subscription: its own id, and each time in which it held or
// disputed a number or card, or had it assigned.
func (w *world) identifiers(key lineKey) []string {
	var list []string
	if key.name.means == own {
		list = append(list, identifierText(key.name, "", "", false, false))
	}
	if key.customer == (customerKey{}) {
		if key.name.means != own {
			list = append(list, identifierText(key.name, "", "", false, false))
		}
		return list
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

// times returns a line for each time in which a subscription held or disputed a name.
func (w *world) times(key lineKey, by name) []string {
	var list []string
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

// times returns the lines of a subscription for each time that assignments leave of a group, and for each assignment: its own,
// or one that it disputes.
func (g group) times(key lineKey, disputed bool) []string {
	var list []string
	by, rest := g[0].name, g.begin()
	for _, e := range g {
		if !e.assigned {
			continue
		}
		end := e.last.Add(time.Microsecond)
		if rest.Before(e.begin) {
			list = append(list, identifierText(by, timeText(rest), timeText(e.begin), disputed, false))
		}
		list = append(list, identifierText(by, timeText(e.begin), timeText(end), e.line != key, e.line == key))
		rest = end
	}
	if !rest.After(g.last()) {
		list = append(list, identifierText(by, timeText(rest), timeText(g.end()), disputed, false))
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

func identifierText(n name, from, to string, disputed, assigned bool) string {
	return fmt.Sprintf("%s %s %s from %s to %s, disputed %t, assigned %t", n.kind(), orNone(textOrNone(string(n.source))), n.value, orNone(textOrNone(from)), orNone(textOrNone(to)), disputed, assigned)
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
