package lawtest_test

import (
	"slices"
	"testing"
)

// TestGeneratedSetsCoverTheRules counts the rules that apply in the sets of the first seeds, so that none of the rules
// remains untested.
func TestGeneratedSetsCoverTheRules(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for seed := range uint64(500) {
		documents := generateSet(seed)
		w := newModel(documents, decisions{generateLinks(seed, documents), generateAssignments(seed, documents)})
		w.countAssignments(counts)
		counts["documents"] += len(documents)
		counts["last words"] += len(w.documents)
		for d, p := range w.places {
			if d.customer() != "" {
				count(counts, "placed by number", p.subscription != subscriptionKey{} && p.subscription.name.means != own)
				count(counts, "placed at an own id by number", p.subscription.name.means == own && d.own().means != own)
				continue
			}
			count(counts, "held", p.attribution == held)
			count(counts, "window", p.attribution == window && p.subscription != subscriptionKey{})
			count(counts, "of one customer", p.attribution == window && p.subscription == subscriptionKey{})
			count(counts, "unattributed", p.attribution == unattributed && p.subscription != subscriptionKey{})
			count(counts, "assigned by a number", p.attribution == assigned && len(d.names()) > 0)
			count(counts, "assigned by an own id", p.attribution == assigned && len(d.names()) == 0)
			count(counts, "two customers", len(d.customers()) > 1)
			for _, n := range d.names() {
				count(counts, "attributed by a card", p.attribution != unattributed && n.means == card)
				count(counts, "attributed by a local number", p.attribution != unattributed && n.means == local)
				w.countDisputes(counts, n, d, p)
			}
		}
	}
	for rule, least := range map[string]int{
		"placed by number": 25, "placed at an own id by number": 25, "held": 25, "window": 25, "of one customer": 25, "unattributed": 25, "two customers": 25,
		"closed window": 25, "after a dispute": 25, "assigned by a number": 25, "assigned by an own id": 25, "a disputed assignment": 25,
		"a subscription without records": 25, "a divided holding": 5, "a customer without documents": 5,
	} {
		if counts[rule] < least {
			t.Errorf("%s: %d times in 500 sets", rule, counts[rule])
		}
	}
	t.Log(counts)
}

func count(counts map[string]int, rule string, applies bool) {
	if applies {
		counts[rule]++
	}
}

// countDisputes counts documents that would be attributed if there were no dispute, or no other number.
func (w *model) countDisputes(counts map[string]int, by name, d *document, p place) {
	groups := w.groups(by)
	for i, g := range groups {
		last := i == len(groups)-1 || groups[i+1].begin().After(d.At)
		if g.begin().After(d.At) || !last {
			continue
		}
		disputed := len(g.subscriptions()) > 1
		count(counts, "after a dispute", disputed && d.At.After(g.last()))
		count(counts, "closed window", p.attribution == unattributed && !disputed && d.At.Before(g.windowEnd()))
	}
}

// countAssignments counts the effects of assignments on holdings, subscriptions and customers.
func (w *model) countAssignments(counts map[string]int) {
	members := w.members()
	for _, e := range w.evidence {
		if !e.assigned {
			continue
		}
		count(counts, "a subscription without records", len(members[e.subscription]) == 0)
		groups := w.groups(e.name)
		for i, g := range groups {
			count(counts, "a disputed assignment", slices.Contains(g, e) && len(g.subscriptions()) > 1)
			count(counts, "a divided holding", slices.Contains(g, e) && 0 < i && i < len(groups)-1 && groups[i-1].subscriptions()[0] == groups[i+1].subscriptions()[0] && g.subscriptions()[0] != groups[i-1].subscriptions()[0])
		}
	}
	for _, a := range w.decisions.assignments {
		count(counts, "a customer without documents", !names(w.documents, a.customer))
	}
}
