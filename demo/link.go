package demo

import (
	"cmp"
	"iter"
	"slices"
)

// Links returns pairs of ids that two systems have for the same customer, as "brm:0.0.0.1+-account+104211" and
// "elevate:1042", given the documents of the set. The pairs join the ids of a customer in all systems. The first id of
// each pair is the one of the document with the most customers.
func (s Set) Links(documents ...Document) iter.Seq2[string, string] {
	documents = slices.DeleteFunc(slices.Clone(documents), func(d Document) bool { return d.CustomerID == nil })
	slices.SortStableFunc(documents, func(a, b Document) int {
		return cmp.Compare(len(b.Customers.Digits), len(a.Customers.Digits))
	})
	return func(yield func(string, string) bool) {
		for customer := range s.Customers {
			first := ""
			for _, d := range documents {
				if !d.Customers.Has(customer) {
					continue
				}
				id := d.Source.Lower() + ":" + d.CustomerID(customer)
				if first == "" {
					first = id
				} else if !yield(first, id) {
					return
				}
			}
		}
	}
}
