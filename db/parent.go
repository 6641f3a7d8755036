package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"unsafe"
)

// Parent is a record that is read by its id: with the first of its lists, by one statement, where that list is short.
type Parent struct {
	// Node is the record; it is empty, and its key is zero, before it is read.
	Node Node
	// Read reports whether it was read, Found whether there is such a record that the reader may see.
	Read, Found bool

	// index and name find the key of the record. Without an index the key is known.
	index *nameIndex
	name  nodeName
	key   Key

	// load reads the record alone.
	load func(context.Context) error
	// begin prepares the record to be read with a list: statement is then a query for it, and targets are where its columns
	// go in the row, the customer among them.
	begin     func(context.Context)
	statement func(*compiler) string
	row       unsafe.Pointer
	targets   []target
	customer  int
	// hide removes from the record what the reader may not see.
	hide func()
}

type parentKey struct{}

// WithParent returns a context in which the first list that is read of the record that an id names is read with the record
// itself. The list has Parents of the zero Key.
func (r *Reader) WithParent(ctx context.Context, id ID) (context.Context, *Parent, error) {
	p := &Parent{}
	switch id.Type {
	case TypeCustomer:
		readParent(r, p, customers, &Customer{})
	case TypeSubscription:
		readParent(r, p, subscriptions, &ServiceSubscription{})
	case TypeUsageRecord:
		readParent(r, p, usageRecords, &UsageRecord{})
	case TypeUsageSummary:
		readParent(r, p, usageSummaries, &UsageSummary{})
	case TypeBucket:
		readParent(r, p, buckets, &Bucket{})
	default:
		readParent(r, p, consumptionReports, &ConsumptionReport{})
	}
	if p.index, p.name = id.index(); p.index == nil {
		keys, err := r.NodeKeys(ctx, []ID{id})
		if err != nil {
			return ctx, nil, err
		}
		p.key = keys[id]
		p.Read = p.key == Key{}
	}
	return context.WithValue(ctx, parentKey{}, p), p, nil
}

func readParent[T any, K ~string, N interface {
	*T
	Node
}](r *Reader, p *Parent, t *table[T, K], row N) {
	p.Node, p.row = row, unsafe.Pointer(row)
	statement := func(c *compiler, fields *fields[T]) string {
		if p.index == nil {
			return t.record(r, c, fields, t.keyIs(c, p.key))
		}
		return t.record(r, c, fields, "(t.customer_id, t."+t.id+") = ("+p.index.query(c, []nodeName{p.name}, "")+" LIMIT 1)")
	}
	p.load = func(ctx context.Context) error {
		c, fields := r.compiler(), t.read(ctx, nil, false)
		return query(ctx, r, c, statement(c, fields), fields, func(found *T) { *row, p.Found = *found, true })
	}
	p.begin = func(ctx context.Context) {
		fields := t.read(ctx, nil, false)
		p.targets, p.customer = fields.targets, fields.at("customer_id")
		p.hide = func() {
			if !r.scope.cost {
				hideCosts(func(*T) {})(row)
			}
		}
		p.statement = func(c *compiler) string { return statement(c, fields) }
	}
}

// Load reads the record alone, unless it was read with a list.
func (p *Parent) Load(ctx context.Context) error {
	if p.Read {
		return nil
	}
	p.Read = true
	return p.load(ctx)
}

// args are the arguments of statement.
func (p *Parent) args() []any {
	if p.index == nil {
		return []any{p.key.CustomerID, p.key.ID}
	}
	return []any{string(p.name.Source), p.name.Customer, p.name.Value}
}

// parentOf returns the record that a list is to be read with, and the parents that the list is of. A list that is not short
// is read by the key of the record, which is then read first.
func parentOf(ctx context.Context, of Parents, keys []sortKey, page Page) (*Parent, Parents, error) {
	p, _ := ctx.Value(parentKey{}).(*Parent)
	if p == nil || p.Read || len(of.Keys) != 1 || of.Keys[0] != (Key{}) || p.Node.NodeType() != of.Type {
		return nil, of, nil
	}
	if page.Limit <= DefaultPage && onlyColumns(keys) {
		p.begin(ctx)
		return p, of, nil
	}
	err := p.Load(ctx)
	return nil, p.parents(), err
}

// parents returns the record as the parent of a list, after it was read; none where it was not found.
func (p *Parent) parents() Parents {
	of := Parents{Type: p.Node.NodeType()}
	if p.Found {
		of.Keys = []Key{p.Node.NodeKey()}
	}
	return of
}

// rows returns the rows of the list, which have the customer at that place, and reads the parent on the way.
func (p *Parent) rows(all driver.Rows, customer int) driver.Rows {
	return &parentRows{Rows: all, parent: p, customer: customer, values: make([]driver.Value, len(all.Columns()))}
}

// parentRows are rows of which the first has the columns of their parent, and nothing else.
type parentRows struct {
	driver.Rows
	parent   *Parent
	customer int
	values   []driver.Value
	// listed tells that rows came without their parent.
	listed bool
}

// Columns returns the names of the list's columns.
func (p *parentRows) Columns() []string { return p.Rows.Columns()[len(p.parent.targets):] }

// Next reads the list's next row.
func (p *parentRows) Next(row []driver.Value) error {
	of := p.parent
	for {
		if err := p.Rows.Next(p.values); err != nil {
			return err
		}
		if !of.Found {
			if p.values[of.customer] == nil {
				p.listed = true
				continue
			}
			if p.listed {
				return errors.New("a record came after its list")
			}
			of.Found = true
			if err := scan(of.row, of.targets, p.values); err != nil {
				return err
			}
			of.hide()
		}
		if copy(row, p.values[len(of.targets):]); row[p.customer] != nil {
			return nil
		}
	}
}
