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

// decision is a link or an assignment that is made or undone.
type decision struct {
	link pairOf
	// assignment is nil for a link.
	assignment *assignment
	// undo deletes it. only identifies the assignment by its name without its start.
	undo, only bool
}

func (d decision) String() string {
	if d.assignment == nil {
		return fmt.Sprintf("link %s, undo %t", d.link, d.undo)
	}
	return fmt.Sprintf("assign %s, undo %t, only %t", d.assignment, d.undo, d.only)
}

// history holds the documents imported and the decisions made up to some position of a plan.
type history struct {
	documents []*document
	decisions
}

// after returns the history of a plan up to a position, without the decisions at it.
func after(plan []planStep, p position) *history {
	h := &history{}
	for i, d := range plan {
		if i == p.step {
			h.apply(d, p.records)
			return h
		}
		h.apply(d, len(d.documents))
	}
	return h
}

// apply adds a step, or the first records of a file.
func (h *history) apply(d planStep, records int) {
	if d.decision != nil && records == 0 {
		h.decide(*d.decision)
	}
	imported := 0
	for _, w := range d.interleaved {
		if w.records <= records {
			h.documents = append(h.documents, d.documents[imported:w.records]...)
			imported = w.records
			h.decide(w.decision)
		}
	}
	h.documents = append(h.documents, d.documents[imported:records]...)
}

// decide adds a decision. It returns the error code with which the decision must fail; empty if it must succeed.
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
	matches := func(b assignment) bool { return b.name == a.name && (only || b.from.Equal(a.from)) }
	switch rest := slices.DeleteFunc(slices.Clone(h.assignments), matches); len(h.assignments) - len(rest) {
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
	return names(latestVersions(h.documents), customer) ||
		slices.ContainsFunc(h.links, func(l pairOf) bool { return slices.Contains(l[:], customer) }) ||
		slices.ContainsFunc(h.assignments, func(a assignment) bool { return a.customer == customer })
}

// decide makes a decision and compares its error and its transfers with those that the history requires.
func (s *server) decide(ctx context.Context, h *history, d decision) error {
	before := newModel(h.documents, h.decisions)
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
	if moved := before.moved(newModel(h.documents, h.decisions)); d.assignment != nil && !s.changing && !maps.Equal(moved, transfers) {
		return fmt.Errorf("%s: it reports the transfers %v, want %v", d, transfers, moved)
	}
	return nil
}

// moved counts the documents that have another customer in another model.
func (w *model) moved(to *model) map[transfer]int64 {
	counts := map[transfer]int64{}
	for d, p := range w.places {
		if t := (transfer{p.customer, to.places[d].customer}); t.from != t.to {
			counts[t]++
		}
	}
	return counts
}

// insertDecisions inserts the decisions of a set into a plan at random, and others that are undone or fail.
func insertDecisions(random *rand.Rand, plan []planStep, documents []*document, made decisions) []planStep {
	plan = insertLinks(random, plan, documents, made.links)
	for _, a := range made.assignments {
		plan = insertAssignment(random, plan, documents, a)
	}
	if len(made.assignments) == 0 && random.IntN(2) == 0 {
		return plan
	}
	for range random.IntN(5) {
		a := anyAssignment(random, documents, made.assignments)
		if len(made.assignments) > 0 && random.IntN(4) == 0 {
			a = made.assignments[random.IntN(len(made.assignments))]
		}
		more := insert(plan, anyPosition(random, plan), decision{assignment: &a})
		more = insert(more, anyPosition(random, more), decision{assignment: &a, undo: true, only: random.IntN(3) == 0})
		if sameAssignments(after(more, end(more)).assignments, made.assignments) {
			plan = more
		}
	}
	return plan
}

func sameAssignments(a, b []assignment) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(one assignment) bool { return !slices.Contains(b, one) })
}

// insertAssignment inserts an assignment at a position at which documents name its customer. If there is none, a
// document that does is imported first.
func insertAssignment(random *rand.Rand, plan []planStep, documents []*document, a assignment) []planStep {
	var possible []position
	for _, m := range positions(plan) {
		if names(latestVersions(after(plan, m).documents), a.customer) {
			possible = append(possible, m)
		}
	}
	if possible == nil {
		return prependAssignment(plan, documents, a)
	}
	return insert(plan, possible[random.IntN(len(possible))], decision{assignment: &a})
}

// prependAssignment puts an assignment at the beginning of a plan, after a document that names its customer. Importing
// a document first does not change the latest version of any record.
func prependAssignment(plan []planStep, documents []*document, a assignment) []planStep {
	i := slices.IndexFunc(documents, func(d *document) bool { return d.customerKey() == a.customer })
	return append([]planStep{{source: documents[i].Source, documents: documents[i : i+1]}, {decision: &decision{assignment: &a}}}, plan...)
}

// appendDecisions appends the decisions of a set to a plan. An assignment whose customer has lost all its documents at
// the end of the plan goes to the beginning.
func appendDecisions(plan []planStep, documents []*document, made decisions) []planStep {
	for _, l := range made.links {
		plan = append(plan, planStep{decision: &decision{link: l}})
	}
	for _, a := range made.assignments {
		if after(plan, end(plan)).knows(a.customer) {
			plan = append(plan, planStep{decision: &decision{assignment: &a}})
		} else {
			plan = prependAssignment(plan, documents, a)
		}
	}
	return plan
}
