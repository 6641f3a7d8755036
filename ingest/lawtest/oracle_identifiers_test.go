package lawtest_test

import (
	"fmt"
	"time"
)

// identifiers returns a line for each identifier of a subscription: its own id, and each time in which it held or
// disputed a number or card.
func (w *world) identifiers(key lineKey) []string {
	var list []string
	if key.name.means == own {
		list = append(list, identifierText(key.name, "", "", false))
	}
	if key.customer == (customerKey{}) {
		if key.name.means != own {
			list = append(list, identifierText(key.name, "", "", false))
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
			for _, l := range lines {
				if l == key {
					list = append(list, identifierText(by, timeText(g.begin()), timeText(g.end()), true))
				}
			}
		case lines[0] == key:
			holding, later := holdingAt(groups, i)
			if !later {
				list = append(list, identifierText(by, timeText(holding.begin()), timeText(holding.end()), false))
			}
		}
	}
	return list
}

// end returns when the time of a group ends: its last record, or the end of its last month, which is no part of it.
func (g group) end() time.Time {
	end := g.last()
	for _, e := range g {
		if e.last.Equal(end) && !e.begin.Equal(e.last) {
			return end.Add(time.Microsecond)
		}
	}
	return end
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func identifierText(n name, from, to string, disputed bool) string {
	kind := map[meaning]string{possible: "MSISDN", local: "MSISDN", card: "SIM", own: "SOURCE_ID"}[n.means]
	return fmt.Sprintf("%s %s %s from %s to %s, disputed %t", kind, orNone(textOrNone(string(n.source))), n.value, orNone(textOrNone(from)), orNone(textOrNone(to)), disputed)
}

func textOrNone(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
