package db

import "slices"

// Scope is whose records a reader may see, and whether it may see what they cost the reseller. The zero value is
// nobody's.
type Scope struct {
	everyone  bool
	cost      bool
	customers []int64
}

// All is the scope of the operator: every customer, what belongs to nobody yet, and cost.
func All() Scope { return Scope{everyone: true, cost: true} }

// Only is the scope of some customers, by their ids, without cost; customer 0 is nobody's.
func Only(customerIDs ...int64) Scope {
	return Scope{customers: slices.DeleteFunc(slices.Clone(customerIDs), func(id int64) bool { return id == 0 })}
}

// WithCost returns the scope with cost, rated cost, profit and margin shown, or hidden.
func (s Scope) WithCost(shown bool) Scope {
	s.cost = shown
	return s
}

func (s Scope) conditions(c *compiler, t string) {
	if s.everyone {
		return
	}
	ids := make([]any, len(s.customers))
	for i, id := range s.customers {
		ids[i] = id
	}
	c.add(t, "customer_id IN ", c.dialect.set(c, "bigint", ids))
}
