package db

import "slices"

// Scope holds the customers whose records a reader may read, and whether it may read costs. The zero value allows
// nothing.
type Scope struct {
	everyone  bool
	cost      bool
	staff     bool
	customers []int64
	// revision is the one that the customers are of.
	revision int64
}

// All returns the scope of all customers and unattributed documents, with costs.
func All() Scope { return Scope{everyone: true, cost: true} }

// Only returns the scope of some customers without costs. It ignores customer 0, which is the owner of unattributed
// documents.
func Only(customerIDs ...int64) Scope {
	customers := slices.Clone(customerIDs)
	slices.Sort(customers)
	return Scope{customers: slices.DeleteFunc(slices.Compact(customers), func(id int64) bool { return id == 0 })}
}

// WithCost returns the scope with cost, rated cost, profit and margin shown or hidden.
func (s Scope) WithCost(shown bool) Scope {
	s.cost = shown
	return s
}

// WithStaff returns the scope with the operator's data (imports, links, clients and the like) shown or hidden.
func (s Scope) WithStaff(shown bool) Scope {
	s.staff = shown
	return s
}

// Narrow returns the part of the scope that is some customers, without costs and the operator's data.
func (s Scope) Narrow(customerIDs ...int64) Scope {
	s.customers = slices.DeleteFunc(Only(customerIDs...).customers, func(id int64) bool { return !s.Includes(id) })
	s.everyone, s.cost, s.staff = false, false, false
	return s
}

// Of returns the scope for records of this revision or a later one: in an earlier one its customers may have had records
// that are another's.
func (s Scope) Of(revision int64) Scope {
	s.revision = revision
	return s
}

// Staff reports whether the scope includes the operator's data. It requires a scope of all customers.
func (s Scope) Staff() bool { return s.staff && s.everyone }

// Everyone reports whether the scope includes all customers and unattributed documents.
func (s Scope) Everyone() bool { return s.everyone }

// Includes reports whether the scope includes a customer; 0 is the owner of unattributed documents.
func (s Scope) Includes(customerID int64) bool {
	return s.everyone || slices.Contains(s.customers, customerID)
}

func (s Scope) conditions(c *compiler, t string) {
	if s.everyone {
		return
	}
	if len(s.customers) == 1 {
		c.add(t, "customer_id = ", c.bind(s.customers[0]))
		return
	}
	c.add(t, "customer_id", c.dialect.in(c, "bigint", s.values()))
}

// keys returns the keys of the customers.
func (s Scope) keys() []Key {
	keys := make([]Key, len(s.customers))
	for i, id := range s.customers {
		keys[i] = CustomerKey(id)
	}
	return keys
}

// values returns the ids of the customers as arguments.
func (s Scope) values() []any {
	ids := make([]any, len(s.customers))
	for i, id := range s.customers {
		ids[i] = id
	}
	return ids
}
