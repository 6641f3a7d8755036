package db

import (
	"context"
	"errors"
)

// Customer is who pays: one, in however many systems he is known.
type Customer struct {
	// CustomerID is made by IDs; 0 is nobody.
	CustomerID int64 `db:"customer_id"`
	// Source and SourceID are the first identifier that the customer came with.
	Source   Source  `db:"source"`
	SourceID string  `db:"source_id"`
	Name     *string `db:"name"`

	// Asked is the id by which the customer was looked up.
	Asked ID `db:"-"`
}

// GlobalID returns the customer's global id: the one by which the customer was looked up, else that of Source and SourceID.
func (c *Customer) GlobalID() ID {
	if c.Asked.Type != "" {
		return c.Asked
	}
	return CustomerID(SourceID{c.Source, c.SourceID})
}

// As returns the customer as looked up by an id.
func (c *Customer) As(id ID) Node {
	asked := *c
	asked.Asked = id
	return &asked
}

// NodeType returns the customer's type.
func (*Customer) NodeType() NodeType { return TypeCustomer }

// NodeKey returns the customer's key.
func (c *Customer) NodeKey() Key { return CustomerKey(c.CustomerID) }

// IsNode marks what has a global id.
func (*Customer) IsNode() {}

// CustomerID returns the global id of a customer by one of the customer's identifiers.
func CustomerID(identifier SourceID) ID {
	return namedID(TypeCustomer, identifier.Source, identifier.Value)
}

// CustomerIdentifier is an id by which a system knows a customer.
type CustomerIdentifier struct {
	Source     Source `db:"source"`
	Value      string `db:"value"`
	CustomerID int64  `db:"customer_id"`
	// IDHash stands for Value in global ids, where those do not show it.
	IDHash *string `db:"id_hash"`
}

// Owner returns the customer's key.
func (i *CustomerIdentifier) Owner() Key { return CustomerKey(i.CustomerID) }

// hashID sets IDHash.
func (i *CustomerIdentifier) hashID() { i.IDHash = hashedName(TypeCustomer, i.Source, i.Value) }

var customers = newTable[Customer]("customers", "customer_id", map[NodeType]string{},
	map[CustomerOrderField]column{
		"CREATED":   {name: "customer_id", kind: longColumn},
		"SOURCE_ID": {name: "source_id", kind: textColumn},
		"NAME":      {name: "name", kind: textColumn, nullable: true},
	}, CustomerOrder{"CREATED", Ascending})

var customerIdentifiers = newChildren[CustomerIdentifier]("customer_identifiers", "customer_id", "source, value")

// CustomerOrderField is what customers can be ordered by.
type CustomerOrderField string

// CustomerOrder is one key of the order of customers.
type CustomerOrder struct {
	Field     CustomerOrderField
	Direction OrderDirection
}

func (o CustomerOrder) key() (CustomerOrderField, OrderDirection) { return o.Field, o.Direction }

// CustomerFilter is which customers: all of its conditions.
type CustomerFilter struct {
	And      []*CustomerFilter
	Or       []*CustomerFilter
	Not      *CustomerFilter
	Source   *SourceFilter
	SourceID *StringFilter
	Name     *StringFilter
	// Identifiers holds where at least one of the customer's identifiers is such.
	Identifiers *CustomerIdentifierFilter
}

// CustomerIdentifierFilter selects identifiers of customers by all of its conditions.
type CustomerIdentifierFilter struct {
	Source *SourceFilter
	Value  *StringFilter
}

func (f *CustomerFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	enumCondition(c, t+"source", (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"source_id", f.SourceID)
	textCondition(c, t+"name", f.Name)
	if f.Identifiers != nil {
		c.add(t, "customer_id IN (SELECT i.customer_id FROM customer_identifiers i WHERE ", c.all(func() {
			enumCondition(c, "i.source", (*EnumFilter[Source])(f.Identifiers.Source))
			textCondition(c, "i.value", f.Identifiers.Value)
		}), ")")
	}
}

// CustomerConnection is a page of customers.
type CustomerConnection = Connection[Customer]

// CustomerEdge is one of a page and its cursor.
type CustomerEdge = Edge[Customer]

// CustomerQuery asks for a page of customers.
type CustomerQuery = Query[*CustomerFilter, CustomerOrder]

// Customers lists customers: everybody there is.
func (r *Reader) Customers(ctx context.Context, of Parents, q CustomerQuery) ([]*CustomerConnection, error) {
	return list(ctx, r, customers, of, q)
}

// CustomersByKey returns those of the customers that there are, in any order.
func (r *Reader) CustomersByKey(ctx context.Context, keys []Key) ([]*Customer, error) {
	return byKey(ctx, r, customers, keys)
}

// CustomerIdentifiers returns the identifiers of customers, in any order.
func (r *Reader) CustomerIdentifiers(ctx context.Context, customers []Key) ([]*CustomerIdentifier, error) {
	return children(ctx, r, customerIdentifiers, customers)
}

// SeesCustomer tells whether the reader may see whoever a system knows by an id. Someone who is not there may be seen by
// those who see everyone, and by nobody else.
func (r *Reader) SeesCustomer(ctx context.Context, id SourceID) (bool, error) {
	if r.scope.everyone {
		return true, nil
	}
	_, err := r.Customer(ctx, CustomerBy{SourceID: &id})
	var absent *Error
	if errors.As(err, &absent) && absent.Code == NotFound {
		return false, nil
	}
	return err == nil, err
}

// CustomerBy asks for a customer as a person knows him.
type CustomerBy struct {
	SourceID *SourceID
}

// Customer looks a customer up. It returns a NotFound error where there is none.
func (r *Reader) Customer(ctx context.Context, by CustomerBy) (*Customer, error) {
	if by.SourceID == nil {
		return nil, Errorf(BadInput, "by: give sourceId")
	}
	found, err := where(ctx, r, customers, 1, func(c *compiler) {
		c.checkText(by.SourceID.Value)
		c.add("t.customer_id IN (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = ",
			c.bind(by.SourceID.Source), " AND i.value = ", c.bind(by.SourceID.Value), ")")
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "no customer is known by this")
	}
	return found[0], nil
}
