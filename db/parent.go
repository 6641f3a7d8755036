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
	// begin prepares reading the record with a list. It sets statement, which returns the query for the record,
	// targets, which are the fields of row that the columns are stored in, and customer, the index of the column
	// customer_id.
	begin     func(context.Context)
	statement func(*compiler) string
	row       unsafe.Pointer
	targets   []target
	customer  int
	// hide removes the columns that the scope hides.
	hide func()
}

type parentKey struct{}

// WithParent returns a context and the record with a global id. The first list of that record read in the context reads
// the record with it. The list must have Parents with the zero Key.
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

// Load reads the record unless it was read with a list.
func (p *Parent) Load(ctx context.Context) error {
	if p.Read {
		return nil
	}
	err := p.load(ctx)
	p.Read = err == nil
	return err
}

// args returns the arguments of statement.
func (p *Parent) args() []any {
	if p.index == nil {
		return []any{p.key.CustomerID, p.key.ID}
	}
	return []any{string(p.name.Source), p.name.Customer, p.name.Value}
}

// parentOf returns the record to read with a list, or nil, and the parents of the list. For a list longer than
// DefaultPage or ordered by an expression it reads the record first, and then the list is read by the record's key.
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

// parents returns the record that was read as the parent of a list; no key if it was not found.
func (p *Parent) parents() Parents {
	of := Parents{Type: p.Node.NodeType()}
	if p.Found {
		of.Keys = []Key{p.Node.NodeKey()}
	}
	return of
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
func (p *parentRows) Columns() []string { return p.Rows.Columns()[len(p.parent.targets):] }

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
