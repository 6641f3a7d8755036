package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"usagegraph/db"
)

// decision is a link or an assignment that a person makes or takes back.
type decision struct {
	link pairOf
	// assignment is nil where it is a link.
	assignment *assignment
	// undo takes it back; only names the assignment by its name alone, and not by its beginning.
	undo, only bool
}

func (d decision) String() string {
	if d.assignment == nil {
		return fmt.Sprintf("link %s, undo %t", d.link, d.undo)
	}
	return fmt.Sprintf("assign %s, undo %t, only %t", d.assignment, d.undo, d.only)
}

// history is what was imported and decided up to some moment.
type history struct {
	documents []*document
	decisions
}

// after returns the history of a plan up to a moment, which is none of its decisions.
func after(plan []delivery, m moment) *history {
	h := &history{}
	for i, d := range plan {
		if i == m.delivery {
			h.deliver(d, m.records)
			return h
		}
		h.deliver(d, len(d.documents))
	}
	return h
}

// deliver adds a delivery, of a file its first records.
func (h *history) deliver(d delivery, records int) {
	if d.decision != nil && records == 0 {
		h.decide(*d.decision)
	}
	imported := 0
	for _, w := range d.meanwhile {
		if w.records <= records {
			h.documents = append(h.documents, d.documents[imported:w.records]...)
			imported = w.records
			h.decide(w.decision)
		}
	}
	h.documents = append(h.documents, d.documents[imported:records]...)
}

// decide adds a decision. It returns the code of the error by which it is refused; empty where it is made.
func (h *history) decide(d decision) db.Code {
	switch {
	case d.assignment == nil && d.undo:
		h.links = slices.DeleteFunc(slices.Clone(h.links), d.link.same)
	case d.assignment == nil:
		h.links = append(slices.Clone(h.links), d.link)
	case d.undo:
		return h.unassign(*d.assignment, d.only)
	default:
		return h.assign(*d.assignment)
	}
	return ""
}

func (h *history) assign(a assignment) db.Code {
	switch {
	case !h.knows(a.customer):
		return db.NotFound
	case slices.Contains(h.assignments, a):
	case slices.ContainsFunc(h.assignments, a.overlaps):
		return db.Conflict
	default:
		h.assignments = append(slices.Clone(h.assignments), a)
	}
	return ""
}

func (h *history) unassign(a assignment, only bool) db.Code {
	meant := func(b assignment) bool { return b.name == a.name && (only || b.from.Equal(a.from)) }
	switch rest := slices.DeleteFunc(slices.Clone(h.assignments), meant); len(h.assignments) - len(rest) {
	case 0:
		return db.NotFound
	case 1:
		h.assignments = rest
		return ""
	}
	return db.Ambiguous
}

// knows reports whether a document or a decision names a customer.
func (h *history) knows(customer customerKey) bool {
	return names(lastWords(h.documents), customer) ||
		slices.ContainsFunc(h.links, func(l pairOf) bool { return slices.Contains(l[:], customer) }) ||
		slices.ContainsFunc(h.assignments, func(a assignment) bool { return a.customer == customer })
}

// decide makes a decision, or checks that it is refused as the history has it.
func (s *server) decide(ctx context.Context, h *history, d decision) error {
	before := judge(h.documents, h.decisions)
	want := h.decide(d)
	var err error
	var transfers map[transfer]int64
	if d.assignment == nil {
		err = s.linkOrUnlink(ctx, d)
	} else {
		transfers, err = s.assign(ctx, *d.assignment, d.undo, d.only)
	}
	var got db.Code
	if refused := (*db.Error)(nil); errors.As(err, &refused) {
		got = refused.Code
	}
	if got != want || got == "" && err != nil {
		return fmt.Errorf("%s: the error is %w, want one of the code %q", d, err, want)
	}
	if moved := before.moved(judge(h.documents, h.decisions)); d.assignment != nil && !s.changing && !maps.Equal(moved, transfers) {
		return fmt.Errorf("%s: it says that it moves %v documents, want %v", d, transfers, moved)
	}
	return nil
}

// moved returns how many documents have another customer in another world.
func (w *world) moved(to *world) map[transfer]int64 {
	counts := map[transfer]int64{}
	for d, p := range w.places {
		if t := (transfer{p.customer, to.places[d].customer}); t.from != t.to {
			counts[t]++
		}
	}
	return counts
}

// decidedAtRandom inserts the decisions that hold of a set into a plan, and others that are taken back or refused.
func decidedAtRandom(random *rand.Rand, plan []delivery, documents []*document, made decisions) []delivery {
	plan = linkedAtRandom(random, plan, documents, made.links)
	for _, a := range made.assignments {
		plan = assignedAtRandom(random, plan, documents, a)
	}
	if len(made.assignments) == 0 && random.IntN(2) == 0 {
		return plan
	}
	for range random.IntN(5) {
		a := anyAssignment(random, documents, made.assignments)
		if len(made.assignments) > 0 && random.IntN(4) == 0 {
			a = made.assignments[random.IntN(len(made.assignments))]
		}
		more := insert(plan, anyMoment(random, plan), decision{assignment: &a})
		more = insert(more, anyMoment(random, more), decision{assignment: &a, undo: true, only: random.IntN(3) == 0})
		if sameAssignments(after(more, end(more)).assignments, made.assignments) {
			plan = more
		}
	}
	return plan
}

func sameAssignments(a, b []assignment) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(one assignment) bool { return !slices.Contains(b, one) })
}

// assignedAtRandom inserts an assignment at a moment at which documents name its customer. Where there is none a document is
// imported before all others that does.
func assignedAtRandom(random *rand.Rand, plan []delivery, documents []*document, a assignment) []delivery {
	var possible []moment
	for _, m := range moments(plan) {
		if names(lastWords(after(plan, m).documents), a.customer) {
			possible = append(possible, m)
		}
	}
	if possible == nil {
		return namedFirst(plan, documents, a)
	}
	return insert(plan, possible[random.IntN(len(possible))], decision{assignment: &a})
}

// namedFirst puts an assignment before a plan, after a document that names its customer. To import a document before all
// others changes no last word.
func namedFirst(plan []delivery, documents []*document, a assignment) []delivery {
	i := slices.IndexFunc(documents, func(d *document) bool { return d.customerKey() == a.customer })
	return append([]delivery{{source: documents[i].Source, documents: documents[i : i+1]}, {decision: &decision{assignment: &a}}}, plan...)
}

// decidedLast appends the decisions that hold of a set to a plan. An assignment whose customer has lost all its documents by
// then is made first.
func decidedLast(plan []delivery, documents []*document, made decisions) []delivery {
	for _, l := range made.links {
		plan = append(plan, delivery{decision: &decision{link: l}})
	}
	for _, a := range made.assignments {
		if after(plan, end(plan)).knows(a.customer) {
			plan = append(plan, delivery{decision: &decision{assignment: &a}})
		} else {
			plan = namedFirst(plan, documents, a)
		}
	}
	return plan
}
