package lawtest_test

import "testing"

// TestTheSetsAreAboutTheLaw counts what the sets of the first seeds are about, so that none of its rules is left out.
func TestTheSetsAreAboutTheLaw(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for seed := range uint64(500) {
		documents := makeSet(seed)
		w := judge(documents, decisions{assignments: madeAssignments(seed, documents)})
		counts["documents"] += len(documents)
		counts["last words"] += len(w.documents)
		for d, p := range w.places {
			if d.customer() != "" {
				count(counts, "placed by number", p.line != lineKey{} && p.line.name.means != own)
				count(counts, "placed at an own id by number", p.line.name.means == own && d.own().means != own)
				continue
			}
			count(counts, "held", p.attribution == held)
			count(counts, "window", p.attribution == window && p.line != lineKey{})
			count(counts, "of one customer", p.attribution == window && p.line == lineKey{})
			count(counts, "unattributed", p.attribution == unattributed && p.line != lineKey{})
			count(counts, "two customers", len(d.customers()) > 1)
			for _, n := range d.names() {
				count(counts, "attributed by a card", p.attribution != unattributed && n.means == card)
				count(counts, "attributed by a local number", p.attribution != unattributed && n.means == local)
				w.countDisputes(counts, n, d, p)
			}
		}
	}
	for _, rule := range []string{
		"placed by number", "placed at an own id by number", "held", "window", "of one customer", "unattributed", "two customers", "closed window", "after a dispute",
	} {
		if counts[rule] < 25 {
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

// countDisputes counts documents that would be attributed but for a dispute, or but for another number.
func (w *world) countDisputes(counts map[string]int, by name, d *document, p place) {
	groups := w.groups(by)
	for i, g := range groups {
		last := i == len(groups)-1 || groups[i+1].begin().After(d.At)
		if g.begin().After(d.At) || !last {
			continue
		}
		disputed := len(g.lines()) > 1
		count(counts, "after a dispute", disputed && d.At.After(g.last()))
		count(counts, "closed window", p.attribution == unattributed && !disputed && d.At.Before(g.windowEnd()))
	}
}
