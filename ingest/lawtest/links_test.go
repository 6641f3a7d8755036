package lawtest_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"usagegraph/db"
	"usagegraph/ingest"
)

func (c customerKey) compare(o customerKey) int {
	return cmp.Or(cmp.Compare(c.source, o.source), cmp.Compare(c.id, o.id))
}

// pairOf is a link of two customers.
type pairOf [2]customerKey

func (p pairOf) same(o pairOf) bool { return p == o || p == pairOf{o[1], o[0]} }

func (p pairOf) String() string { return fmt.Sprintf("%s %s", p[0], p[1]) }

// generateLinks returns links between customers of a set, none in half of the sets: customers that documents name,
// unknown ones, and customers of one system.
func generateLinks(seed uint64, documents []*document) []pairOf {
	random := rand.New(rand.NewPCG(seed, 4))
	var links []pairOf
	for range max(0, random.IntN(7)-3) {
		if l := anyPair(random, documents); !slices.ContainsFunc(links, l.same) {
			links = append(links, l)
		}
	}
	return links
}

func anyPair(random *rand.Rand, documents []*document) pairOf {
	customers := []customerKey{{db.Elevate, "9"}, {db.BRM, "acct-0"}, {db.STN, "unnamed"}}
	for _, d := range documents {
		if key := d.customerKey(); key != (customerKey{}) {
			customers = append(customers, key)
		}
	}
	for {
		l := pairOf{customers[random.IntN(len(customers))], customers[random.IntN(len(customers))]}
		if l[0] != l[1] {
			return l
		}
	}
}

// linkedTo returns a function from each customer to the least of those that links join to it, by system and id.
func linkedTo(links []pairOf) func(customerKey) customerKey {
	return func(c customerKey) customerKey { return slices.MinFunc(component(links, c), customerKey.compare) }
}

// component returns the customers that links join to one, including that one.
func component(links []pairOf, c customerKey) []customerKey {
	found := []customerKey{c}
	for i := 0; i < len(found); i++ {
		for _, l := range links {
			for side := range l {
				if l[side] == found[i] && !slices.Contains(found, l[1-side]) {
					found = append(found, l[1-side])
				}
			}
		}
	}
	slices.SortFunc(found, customerKey.compare)
	return found
}

// insertLinks inserts the links of a set into a plan at random, and others that are undone later.
func insertLinks(random *rand.Rand, plan []planStep, documents []*document, links []pairOf) []planStep {
	for _, l := range links {
		plan = insert(plan, anyPosition(random, plan), decision{link: l})
	}
	if len(links) == 0 && random.IntN(2) == 0 {
		return plan
	}
	for range random.IntN(3) {
		if l := anyPair(random, documents); !slices.ContainsFunc(links, l.same) {
			links = append(slices.Clone(links), l)
			first, second := anyPosition(random, plan), anyPosition(random, plan)
			if second.before(first) {
				first, second = second, first
			}
			// Inserting at the later position first keeps the earlier one valid.
			plan = insert(insert(plan, second, decision{link: l, undo: true}), first, decision{link: l})
		}
	}
	return plan
}

// linkOrUnlink makes or undoes a link.
func (s *server) linkOrUnlink(ctx context.Context, d decision) error {
	link, err := ingest.ParseLink(d.link[0].String(), d.link[1].String())
	if err == nil && d.undo {
		_, err = ingest.UnlinkCustomers(ctx, s.store, link, false)
	} else if err == nil {
		_, err = ingest.LinkCustomers(ctx, s.store, []ingest.Link{link}, ingest.LinkOptions{Create: true, SameSystem: true})
	}
	return err
}
