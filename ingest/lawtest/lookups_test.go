package lawtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// lookup asks for the subscription that had a number at a time; at the zero time for the one that had it last.
type lookup struct {
	number string
	at     time.Time
}

// lookups are numbers of documents, at the times of other documents and at last, and those of assignments, at a time at which
// these change and at last.
func (w *world) lookups() []lookup {
	var list []lookup
	for i, d := range w.documents {
		for _, n := range d.names() {
			if l := (lookup{n.value, w.documents[(i*7+3)%len(w.documents)].At}); n.means == possible && !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	list = list[:min(len(list), 4)]
	for _, l := range list[:min(len(list), 2)] {
		list = append(list, lookup{number: l.number})
	}
	for i, a := range w.decisions.assignments {
		if a.name.means == possible {
			list = append(list, lookup{number: a.name.value}, lookup{a.name.value, []time.Time{a.from, a.last(), a.to}[(i+len(w.documents))%3]})
		}
	}
	return list
}

// lookUp asks a server for the lookups of a world and puts what it finds under their surfaces.
func (c client) lookUp(a *answers, w *world) error {
	list := w.lookups()
	if len(list) == 0 {
		return nil
	}
	var b strings.Builder
	for i, l := range list {
		at := ""
		if !l.at.IsZero() {
			at = fmt.Sprintf("at: %q", timeText(l.at))
		}
		fmt.Fprintf(&b, `n%d: subscription(by: {phoneNumber: "+%s"} %s) {source sourceId customer {source sourceId}} `, i, l.number, at)
	}
	body, err := json.Marshal(map[string]string{"query": "{" + b.String() + "}"})
	if err != nil {
		return err
	}
	_, text := c.send("POST", "/graphql", string(body))
	var answer struct {
		Data   map[string]any
		Errors []struct{ Extensions struct{ Code db.Code } }
	}
	if err := decode(text, &answer); err != nil {
		return err
	}
	for _, e := range answer.Errors {
		if e.Extensions.Code != db.NotFound && e.Extensions.Code != db.Ambiguous {
			return fmt.Errorf("look subscriptions up: %s", text)
		}
	}
	for i, l := range list {
		a.texts[l.surface()] = lineNodeName(answer.Data[fmt.Sprintf("n%d", i)])
	}
	return nil
}

func (l lookup) surface() string {
	return fmt.Sprintf("subscription of %s at %s", l.number, timeText(l.at))
}

// finds compares what a client that sees everyone found with the law: the holder at the time, or the line of nobody's
// documents by the number. What several subscriptions of one customer dispute is not compared, nor the last holder of what had
// none.
func (w *world) finds(a *answers) error {
	for _, l := range w.lookups() {
		n := name{means: possible, value: l.number}
		p := w.attribute(n, l.at)
		if l.at.IsZero() {
			if p, _ = w.latestHolder(n); p == (place{}) && len(w.groups(n)) > 0 {
				continue
			}
		}
		if p.customer == (customerKey{}) {
			if nobodys := (lineKey{name: n}); w.members()[nobodys] != nil {
				p.line = nobodys
			}
		} else if p.line == (lineKey{}) {
			continue
		}
		if got := a.texts[l.surface()]; got != w.lineName(p.line) {
			return fmt.Errorf("%s: %s, want %s", l.surface(), got, w.lineName(p.line))
		}
	}
	return nil
}
