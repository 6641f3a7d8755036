package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"unsafe"
)

// Parent is a record that comes by the statement for one of its lists, where a statement less counts: for a short list.
type Parent struct {
	// Node is the record; nothing but its key before it was read.
	Node Node
	// Read tells whether a list was read with it; Found whether there is such a record that the reader may see.
	Read, Found bool

	// begin is called before it is read by a reader. Then statement is a query for the record, and targets are where its
	// columns go in the row, the customer among them.
	begin     func(context.Context, *Reader)
	statement func(*Reader, *compiler) string
	row       unsafe.Pointer
	targets   []target
	customer  int
	// hide takes off it what the reader may not see.
	hide func()
}

type parentKey struct{}

// WithParent returns a context in which the first list that is read of a record comes with the record itself, if it is a
// short one; nil where none does.
func (r *Reader) WithParent(ctx context.Context, of NodeType, key Key) (context.Context, *Parent) {
	p := &Parent{}
	switch of {
	case TypeCustomer:
		readParent(p, key, customers, &Customer{CustomerID: key.CustomerID})
	case TypeSubscription:
		readParent(p, key, subscriptions, &ServiceSubscription{Key: key})
	case TypeUsageSummary:
		readParent(p, key, usageSummaries, &UsageSummary{Key: key})
	case TypeConsumptionReport:
		readParent(p, key, consumptionReports, &ConsumptionReport{Key: key})
	default:
		return ctx, nil
	}
	return context.WithValue(ctx, parentKey{}, p), p
}

func readParent[T any, K ~string, N interface {
	*T
	Node
}](p *Parent, key Key, t *table[T, K], row N) {
	p.Node, p.row = row, unsafe.Pointer(row)
	p.begin = func(ctx context.Context, r *Reader) {
		fields := t.read(ctx, nil, false)
		p.targets, p.customer = fields.targets, fields.at("customer_id")
		p.hide = func() {
			if !r.scope.cost {
				hideCosts(func(*T) {})(row)
			}
		}
		p.statement = func(r *Reader, c *compiler) string { return t.record(r, c, fields, key) }
	}
}

// parentOf returns the record that lists are to be read with; nil where they are read alone.
func parentOf(ctx context.Context, r *Reader, of Parents, keys []sortKey, page Page) *Parent {
	p, _ := ctx.Value(parentKey{}).(*Parent)
	short := len(of.Keys) == 1 && page.Limit <= DefaultPage && named(keys)
	if p == nil || p.Read || !short || p.Node.NodeType() != of.Type || p.Node.NodeKey() != of.Keys[0] {
		return nil
	}
	p.begin(ctx, r)
	return p
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
