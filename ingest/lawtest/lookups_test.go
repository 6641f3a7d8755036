package lawtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// lookup asks for the subscription that had a number at a time.
type lookup struct {
	number string
	at     time.Time
}

// lookups are the numbers of documents, each at the time of another document, and those of assignments, each at a time at
// which it changes.
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
	for i, a := range w.decisions.assignments {
		if a.name.means == possible {
			list = append(list, lookup{a.name.value, []time.Time{a.from, a.last(), a.to}[(i+len(w.documents))%3]})
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
		fmt.Fprintf(&b, `n%d: subscription(by: {phoneNumber: "+%s"}, at: %q) {source sourceId customer {source sourceId}} `, i, l.number, timeText(l.at))
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
// documents by the number. What several subscriptions of one customer dispute is not compared.
func (w *world) finds(a *answers) error {
	for _, l := range w.lookups() {
		n := name{means: possible, value: l.number}
		p := w.attribute(n, l.at)
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
