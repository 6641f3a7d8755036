package lawtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// lookup is a query for the subscription that had a number at a time; a zero time selects the one that had it last.
type lookup struct {
	number string
	at     time.Time
}

// lookups returns numbers of documents at the times of other documents and at the zero time, and numbers of assignments
// at their bounds and at the zero time.
func (w *model) lookups() []lookup {
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

// readLookups sends the lookups of a model and stores the results under their surfaces.
func (c client) readLookups(a *answers, w *model) error {
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
			return fmt.Errorf("subscription lookups: %s", text)
		}
	}
	for i, l := range list {
		a.texts[l.surface()] = subscriptionNodeName(answer.Data[fmt.Sprintf("n%d", i)])
	}
	return nil
}

func (l lookup) surface() string {
	return fmt.Sprintf("subscription of %s at %s", l.number, timeText(l.at))
}

// checkLookups compares the results of a client that sees all customers with the law: the holder at the time, or the
// subscription of unattributed documents with the number. It skips numbers that several subscriptions of one customer
// dispute, and numbers without a last holder.
func (w *model) checkLookups(a *answers) error {
	for _, l := range w.lookups() {
		n := name{means: possible, value: l.number}
		p := w.attribute(n, l.at)
		if l.at.IsZero() {
			if p, _ = w.latestHolder(n); p == (place{}) && len(w.groups(n)) > 0 {
				continue
			}
		}
		if p.customer == (customerKey{}) {
			if unowned := (subscriptionKey{name: n}); w.members()[unowned] != nil {
				p.subscription = unowned
			}
		} else if p.subscription == (subscriptionKey{}) {
			continue
		}
		if got := a.texts[l.surface()]; got != w.subscriptionName(p.subscription) {
			return fmt.Errorf("%s: %s, want %s", l.surface(), got, w.subscriptionName(p.subscription))
		}
	}
	return nil
}
