package lawtest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

func (a assignment) String() string {
	return fmt.Sprintf("%s %s:%s to %s from %s to %s", a.name.kind(), a.name.source, a.name.value, a.customer, orNone(boundText(a.from)), orNone(boundText(a.to)))
}

// generateAssignments returns assignments to customers that the documents of a set name, none in a third of the sets.
// Those of one name do not overlap.
func generateAssignments(seed uint64, documents []*document) []assignment {
	random := rand.New(rand.NewPCG(seed, 6))
	var list []assignment
	for range max(0, random.IntN(6)-1) {
		a := anyAssignment(random, documents, list)
		if names(documents, a.customer) && !slices.ContainsFunc(list, a.overlaps) {
			list = append(list, a)
		}
	}
	return list
}

// names reports whether any of the documents names a customer.
func names(documents []*document, customer customerKey) bool {
	return slices.ContainsFunc(documents, func(d *document) bool { return d.customerKey() == customer })
}

// anyAssignment returns an assignment of a name in a set of documents, often one with assignments, to a customer in the
// set or to another one.
func anyAssignment(random *rand.Rand, documents []*document, others []assignment) assignment {
	a := assignment{name: anyName(random, documents, others), customer: customerKey{db.Elevate, "77"}}
	var customers, holders, lost []customerKey
	var records []*document
	for _, d := range documents {
		key := d.customerKey()
		if key == (customerKey{}) {
			continue
		}
		customers = append(customers, key)
		if d.hasName(a.name) {
			holders, records = append(holders, key), append(records, d)
		}
		if !names(latestVersions(documents), key) {
			lost = append(lost, key)
		}
	}
	switch {
	case len(lost) > 0 && random.IntN(2) == 0:
		a.customer = lost[random.IntN(len(lost))]
	case len(holders) > 0 && random.IntN(3) == 0:
		a.customer = holders[random.IntN(len(holders))]
	case len(customers) > 0 && random.IntN(30) > 0:
		a.customer = customers[random.IntN(len(customers))]
	}
	if gaps := gapsOf(records); len(gaps) > 0 && random.IntN(2) == 0 {
		gap := gaps[random.IntN(len(gaps))]
		a.from, a.to = gap[0], gap[1]
	}
	for !a.from.Before(a.to) {
		a.from, a.to = anyBound(random, documents, others, a.name), anyBound(random, documents, others, a.name)
	}
	if a.name.means == own {
		if random.IntN(2) == 0 {
			a.from = time.Time{}
		}
		if random.IntN(2) == 0 {
			a.to = time.Time{}
		}
	}
	return a
}

// gapsOf returns the times between records of one customer: each whole gap, and its first half.
func gapsOf(records []*document) [][2]time.Time {
	var list [][2]time.Time
	for _, d := range records {
		for _, e := range records {
			if begin := d.last().Add(time.Microsecond); d.customerKey() == e.customerKey() && begin.Before(e.At) {
				half := begin.Add(e.At.Sub(begin) / 2).Truncate(time.Second)
				list = append(list, [2]time.Time{begin, e.At}, [2]time.Time{begin, half})
			}
		}
	}
	return list
}

// anyName returns a number or card of any document, or an own id, most often of a document that names no customer.
func anyName(random *rand.Rand, documents []*document, others []assignment) name {
	if len(others) > 0 && random.IntN(4) == 0 {
		return others[random.IntN(len(others))].name
	}
	numbers, ids := []name{{means: possible, value: pr1}}, []name{{means: own, source: db.DXP, value: "S-1"}}
	for _, d := range documents {
		numbers = append(numbers, d.names()...)
		if id := d.own().in(d.Source); id != (name{}) && (len(d.customers()) == 0 || random.IntN(8) == 0) {
			ids = append(ids, id)
		}
	}
	if len(ids) > 1 && random.IntN(3) == 0 {
		return ids[random.IntN(len(ids))]
	}
	return numbers[random.IntN(len(numbers))]
}

// anyBound returns a time, often one at which a record, a window or another assignment begins or ends.
func anyBound(random *rand.Rand, documents []*document, others []assignment, of name) time.Time {
	first := time.Date(2025, time.Month(1+random.IntN(7)), 1, 0, 0, 0, 0, time.UTC)
	times := []time.Time{first, first, first.AddDate(0, 0, random.IntN(28))}
	for _, d := range documents {
		if !d.hasName(of) && d.own().in(d.Source) != of && random.IntN(4) > 0 {
			continue
		}
		end := d.last().Add(time.Microsecond)
		times = append(times, d.At, d.At, end, end, d.At.Add(-time.Microsecond), d.At.Add(attributionWindow), d.At.AddDate(0, 0, random.IntN(20)))
	}
	for _, a := range others {
		for _, bound := range []time.Time{a.from, a.to} {
			if a.name == of && !bound.IsZero() {
				times = append(times, bound, bound, bound, bound)
			}
		}
	}
	return times[random.IntN(len(times))]
}

// stored returns the assignment as a db struct.
func (a assignment) stored() db.Assignment {
	s := db.Assignment{Kind: a.name.kind(), NameSource: a.name.source, Value: a.name.value, Start: db.TimeOf(a.from), End: db.TimeOf(a.to),
		CustomerSource: a.customer.source, CustomerValue: a.customer.id, AssignedBy: "law"}
	if a.from.IsZero() {
		s.Start = db.Always
	}
	if a.to.IsZero() {
		s.End = db.Forever
	}
	return s
}

// assign makes or deletes an assignment, after a preview, and returns the reported numbers of documents that change
// customer. With only it deletes the only assignment of the name.
func (s *server) assign(ctx context.Context, a assignment, undo, only bool) (map[transfer]int64, error) {
	stored := a.stored()
	change := func(preview bool) ([]ingest.Transfer, error) { return ingest.Assign(ctx, s.store, stored, preview) }
	if undo {
		begin := &stored.Start
		if only {
			begin = nil
		}
		change = func(preview bool) ([]ingest.Transfer, error) {
			return ingest.Unassign(ctx, s.store, stored, begin, preview)
		}
	}
	previewed, err := change(true)
	if err != nil {
		return nil, err
	}
	list, err := change(false)
	if err == nil && !reflect.DeepEqual(list, previewed) {
		err = fmt.Errorf("%s: the preview reports %v, the change %v", a, previewed, list)
	}
	counts := map[transfer]int64{}
	for _, t := range list {
		counts[transfer{leastOf(t.From), leastOf(t.To)}] = t.Documents
	}
	return counts, err
}

// transfer is a pair of customers, each as its least identifier; the zero key stands for no customer.
type transfer struct{ from, to customerKey }

func leastOf(identifiers []db.SourceID) customerKey {
	if len(identifiers) == 0 {
		return customerKey{}
	}
	return customerKey{identifiers[0].Source, identifiers[0].Value}
}
