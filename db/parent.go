package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"unsafe"
)

// Parent is a record that is read by its global id, if possible by one statement with the first list of the record.
type Parent struct {
	// Node is the record. It is empty, with a zero key, before it is read.
	Node Node
	// Read is true after the record was read. Found is true if the record exists in the reader's scope.
	Read, Found bool

	// index and name find the key of the record. If index is nil, key is known.
	index *nameIndex
	name  nodeName
	key   Key

	// load reads the record by a statement of its own.
	load func(context.Context) error
	// statement returns the query for the record. columns is the number of its columns, customer the index of the
	// column customer_id. scan stores a row of it in the record.
	statement         func(*compiler) string
	columns, customer int
	scan              func([]driver.Value) error
}

// Parent returns the record with a global id, which is not read yet, unless it does not exist.
func (r *Reader) Parent(ctx context.Context, p *Projection, id ID) (*Parent, error) {
	parent := &Parent{}
	switch id.Type {
	case TypeCustomer:
		readParent(r, p, parent, customers, &Customer{})
	case TypeSubscription:
		readParent(r, p, parent, subscriptions, &ServiceSubscription{})
	case TypeUsageRecord:
		readParent(r, p, parent, usageRecords, &UsageRecord{})
	case TypeUsageSummary:
		readParent(r, p, parent, usageSummaries, &UsageSummary{})
	case TypeBucket:
		readParent(r, p, parent, buckets, &Bucket{})
	default:
		readParent(r, p, parent, consumptionReports, &ConsumptionReport{})
	}
	if parent.index, parent.name = id.index(); parent.index == nil {
		keys, err := r.NodeKeys(ctx, []ID{id})
		if err != nil {
			return nil, err
		}
		parent.key = keys[id]
		parent.Read = parent.key == Key{}
	}
	return parent, nil
}

func readParent[T any, K ~string, N interface {
	*T
	Node
}](r *Reader, p *Projection, parent *Parent, t *table[T, K], row N) {
	fields := t.read(p, nil, false)
	hide := func(*T) {}
	if !r.scope.cost {
		hide = hideCosts(hide)
	}
	parent.Node, parent.columns, parent.customer = row, len(fields.targets), fields.at("customer_id")
	parent.statement = func(c *compiler) string {
		if parent.index == nil {
			return t.record(r, c, fields, t.keyIs(c, parent.key))
		}
		return t.record(r, c, fields, "(t.customer_id, t."+t.id+") = ("+parent.index.query(c, []nodeName{parent.name}, "")+" LIMIT 1)")
	}
	parent.load = func(ctx context.Context) error {
		c := r.compiler()
		return query(ctx, r, c, parent.statement(c), fields, func(found *T) { *row, parent.Found = *found, true })
	}
	parent.scan = func(values []driver.Value) error {
		err := scan(unsafe.Pointer(row), fields.targets, values)
		hide(row)
		return err
	}
}

// Load reads the record unless it was read with a list.
func (p *Parent) Load(ctx context.Context) error {
	if p.Read {
		return nil
	}
	err := p.load(ctx)
	p.Read = err == nil
	return err
}

// Parents returns the record as the parent of a list. The first such list that is read also reads the record. There is
// no parent if the record was read and not found.
func (p *Parent) Parents() Parents {
	of := Parents{Type: p.Node.NodeType()}
	switch {
	case !p.Read:
		of.Keys, of.unread = []Key{{}}, p
	case p.Found:
		of.Keys = []Key{p.Node.NodeKey()}
	}
	return of
}

// withParent returns the record to read with a list, or nil, and the parents of the list. For a list longer than
// DefaultPage or ordered by an expression it reads the record first, and then the list is read by the record's key.
func (of Parents) withParent(ctx context.Context, keys []sortKey, page Page) (*Parent, Parents, error) {
	if of.unread == nil || !of.unread.Read && page.Limit <= DefaultPage && onlyColumns(keys) {
		return of.unread, of, nil
	}
	err := of.unread.Load(ctx)
	return nil, of.unread.Parents(), err
}

// rows returns the rows of the list from all rows of a joined statement, and stores the row of the parent. customer is
// the index of customer_id in the list's columns.
func (p *Parent) rows(all driver.Rows, customer int) driver.Rows {
	return &parentRows{Rows: all, parent: p, customer: customer, values: make([]driver.Value, len(all.Columns()))}
}

// parentRows splits the rows of a joined statement. The first row holds only the columns of the parent.
type parentRows struct {
	driver.Rows
	parent   *Parent
	customer int
	values   []driver.Value
	// listed is true after a row without the parent's columns.
	listed bool
}

// Columns returns the column names of the list.
func (p *parentRows) Columns() []string { return p.Rows.Columns()[p.parent.columns:] }

// Next reads the next row of the list.
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
				return errors.New("the parent's row came after its list")
			}
			of.Found = true
			if err := of.scan(p.values); err != nil {
				return err
			}
		}
		if copy(row, p.values[of.columns:]); row[p.customer] != nil {
			return nil
		}
	}
}
