package db

import (
	"context"
	"errors"
)

// Customer is a paying customer, known in one system or in several linked ones.
type Customer struct {
	// CustomerID is made by IDs; 0 stands for no customer, in unattributed documents.
	CustomerID int64 `db:"customer_id"`
	// Source and SourceID are the least of the customer's identifiers, by system and value.
	Source   Source  `db:"source"`
	SourceID string  `db:"source_id"`
	Name     *string `db:"name"`

	// Asked is the id by which the customer was looked up.
	Asked ID `db:"-"`
}

// GlobalID returns Asked if it is set, otherwise the global id of Source and SourceID.
func (c *Customer) GlobalID() ID {
	if c.Asked.Type != "" {
		return c.Asked
	}
	return CustomerID(SourceID{c.Source, c.SourceID})
}

// As returns a copy of the customer with the id by which it was looked up.
func (c *Customer) As(id ID) Node {
	asked := *c
	asked.Asked = id
	return &asked
}

// NodeType returns the customer's type.
func (*Customer) NodeType() NodeType { return TypeCustomer }

// NodeKey returns the customer's key.
func (c *Customer) NodeKey() Key { return CustomerKey(c.CustomerID) }

// IsNode marks the type as a Node.
func (*Customer) IsNode() {}

// CustomerID returns the global id for one of a customer's identifiers.
func CustomerID(identifier SourceID) ID {
	return namedID(TypeCustomer, identifier.Source, identifier.Value)
}

// CustomerIdentifier is a customer's id in a system.
type CustomerIdentifier struct {
	Source     Source `db:"source"`
	Value      string `db:"value"`
	CustomerID int64  `db:"customer_id"`
	// IDHash replaces Value in global ids that must not show it; nil if they may.
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

// CustomerOrderField is a field by which customers can be ordered.
type CustomerOrderField string

// CustomerOrder is one key of the order of customers.
type CustomerOrder struct {
	Field     CustomerOrderField
	Direction OrderDirection
}

func (o CustomerOrder) key() (CustomerOrderField, OrderDirection) { return o.Field, o.Direction }

// CustomerFilter selects the customers that satisfy all of its conditions.
type CustomerFilter struct {
	And      []*CustomerFilter
	Or       []*CustomerFilter
	Not      *CustomerFilter
	Source   *SourceFilter
	SourceID *StringFilter
	Name     *StringFilter
	// Identifiers selects the customers with at least one such identifier.
	Identifiers *CustomerIdentifierFilter
	// The filters on the customer's records.
	UsageRecords   *UsageRecordListFilter
	UsageSummaries *UsageSummaryListFilter
	Buckets        *BucketListFilter
}

// CustomerIdentifierFilter selects the customer identifiers that satisfy all of its conditions.
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
	listCondition(c, t, ofCustomer("usage_records"), (*ListFilter[*UsageRecordFilter])(f.UsageRecords))
	listCondition(c, t, ofCustomer("usage_summaries"), (*ListFilter[*UsageSummaryFilter])(f.UsageSummaries))
	listCondition(c, t, ofCustomer("buckets"), (*ListFilter[*BucketFilter])(f.Buckets))
}

// CustomerConnection is a page of customers.
type CustomerConnection = Connection[Customer]

// CustomerEdge is a customer of a page and its cursor.
type CustomerEdge = Edge[Customer]

// CustomerQuery selects a page of customers.
type CustomerQuery = Query[*CustomerFilter, CustomerOrder]

// Customers returns one page of all customers; its parent is always NoParent.
func (r *Reader) Customers(ctx context.Context, p *Projection, of Parents, q CustomerQuery) ([]*CustomerConnection, error) {
	return list(ctx, r, p, customers, of, q)
}

// CustomersByKey returns the customers with these keys that exist within the reader's scope, in any order.
func (r *Reader) CustomersByKey(ctx context.Context, p *Projection, keys []Key) ([]*Customer, error) {
	return byKey(ctx, r, p, customers, keys)
}

// CustomerIdentifiers returns the identifiers of customers, in any order.
func (r *Reader) CustomerIdentifiers(ctx context.Context, p *Projection, customers []Key) ([]*CustomerIdentifier, error) {
	return children(ctx, r, p, customerIdentifiers, customers)
}

// SeesCustomer reports whether the customer with an identifier is in the reader's scope. A customer that does not exist
// is in the scope of every customer, and in no other.
func (r *Reader) SeesCustomer(ctx context.Context, id SourceID) (bool, error) {
	if r.scope.everyone {
		return true, nil
	}
	_, err := r.Customer(ctx, onlyKeys, CustomerBy{SourceID: &id})
	var absent *Error
	if errors.As(err, &absent) && absent.Code == NotFound {
		return false, nil
	}
	return err == nil, err
}

// CustomerBy holds the identifier for a lookup of a customer.
type CustomerBy struct {
	SourceID *SourceID
}

// Customer returns the customer with an identifier. It returns a NotFound error if there is none in the reader's scope,
// and a BadInput error if no identifier is given.
func (r *Reader) Customer(ctx context.Context, p *Projection, by CustomerBy) (*Customer, error) {
	if by.SourceID == nil {
		return nil, Errorf(BadInput, "by: want sourceId")
	}
	found, err := where(ctx, r, p, customers, 1, func(c *compiler) {
		c.checkText(by.SourceID.Value)
		c.add("t.customer_id IN (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = ",
			c.bind(by.SourceID.Source), " AND i.value = ", c.bind(by.SourceID.Value), ")")
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "customer not found")
	}
	return found[0], nil
}
