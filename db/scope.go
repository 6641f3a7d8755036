package db

import "slices"

// Scope is whose records a reader may see, and whether it may see what they cost the reseller. The zero value is
// nobody's.
type Scope struct {
	everyone  bool
	cost      bool
	staff     bool
	customers []int64
}

// All is the scope of every customer, with unattributed documents and cost.
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

// WithStaff returns the scope with the operator's own data shown, or hidden: imports, links, clients and the like.
func (s Scope) WithStaff(shown bool) Scope {
	s.staff = shown
	return s
}

// Staff reports whether the scope includes the operator's own data.
func (s Scope) Staff() bool { return s.staff && s.everyone }

// Everyone reports whether every customer is in the scope.
func (s Scope) Everyone() bool { return s.everyone }

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
