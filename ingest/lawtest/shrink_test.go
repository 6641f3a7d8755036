package lawtest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// described returns a plan as text, one document per line.
func described(plan []planStep) string {
	var b strings.Builder
	for i, f := range plan {
		if f.decision != nil {
			fmt.Fprintln(&b, f.decision)
			continue
		}
		fmt.Fprintf(&b, "file %d of %s, %d records a transaction:\n", i, f.source, f.batch)
		for _, d := range f.documents {
			fmt.Fprintf(&b, "  %s\n", d.encode())
		}
		for _, w := range f.interleaved {
			fmt.Fprintf(&b, "  after %d records: %s\n", w.records, w.decision)
		}
	}
	return b.String()
}

// shrunk returns the fewest elements of a list that still fail, and their error, by leaving out one after another.
// Since some sets fail in some orders only, check tries several.
func shrunk[T any](list []T, failure error, check func([]T) error) ([]T, error) {
	for i := 0; i < len(list); {
		fewer := slices.Delete(slices.Clone(list), i, i+1)
		if err := check(fewer); err != nil {
			list, failure, i = fewer, err, 0
		} else {
			i++
		}
	}
	return list, failure
}

// shrink returns the fewest decisions and documents of a failing set as text.
func (s *server) shrink(documents []*document, made decisions, failure error) string {
	check := func() error { return s.check(documents, made, rand.New(rand.NewPCG(1, 2)), 8) }
	all, links, assignments := documents, made.links, made.assignments
	assignments, failure = shrunk(assignments, failure, func(fewer []assignment) error { made.assignments = fewer; return check() })
	made.assignments = assignments
	links, failure = shrunk(links, failure, func(fewer []pairOf) error { made.links = fewer; return check() })
	made.links = links
	all, failure = shrunk(all, failure, func(fewer []*document) error {
		for _, a := range made.assignments {
			if !names(fewer, a.customer) {
				return nil
			}
		}
		documents = fewer
		if len(documents) == 0 {
			return nil
		}
		return check()
	})
	return fmt.Sprintf("%v\nthe fewest documents that fail, with the links %v and the assignments %v:\n%s", failure, links, assignments, described([]planStep{{documents: all}}))
}
