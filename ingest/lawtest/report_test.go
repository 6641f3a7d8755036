package lawtest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// described returns files as text, one document a line.
func described(plan []delivery) string {
	var b strings.Builder
	for i, f := range plan {
		if f.documents == nil {
			fmt.Fprintf(&b, "link %s, undo %t\n", f.link, f.undo)
			continue
		}
		fmt.Fprintf(&b, "file %d of %s, %d records a transaction:\n", i, f.source, f.batch)
		for _, d := range f.documents {
			fmt.Fprintf(&b, "  %s\n", d.wire())
		}
	}
	return b.String()
}

// shrunk returns the fewest documents of a set that still fail when one after another is left out, and how. A set fails
// in some orders alone, so that each is tried in several.
func shrunk(documents []*document, failure error, check func([]*document) error) ([]*document, error) {
	for i := 0; i < len(documents); {
		fewer := slices.Delete(slices.Clone(documents), i, i+1)
		if err := check(fewer); err != nil && len(fewer) > 0 {
			documents, failure, i = fewer, err, 0
		} else {
			i++
		}
	}
	return documents, failure
}

// shrink searches the fewest documents of a failing set.
func (s *server) shrink(documents []*document, links []pairOf, failure error) string {
	fewest, failure := shrunk(documents, failure, func(fewer []*document) error {
		return s.check(fewer, links, rand.New(rand.NewPCG(1, 2)), 8)
	})
	return fmt.Sprintf("%v\nthe fewest documents that fail, with the links %v:\n%s", failure, links, described([]delivery{{documents: fewest}}))
}
