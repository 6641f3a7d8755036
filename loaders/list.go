package loaders

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// NewPage is db.NewPage for the connection that is being resolved. The page has no rows if the operation selects only the
// length of the list.
func NewPage(ctx context.Context, read *queryplan.Read, first *int32, after *string, last *int32, before *string) (db.Page, error) {
	p, err := db.NewPage(first, after, last, before)
	p.CountOnly = read.CountsOnly(ctx)
	return p, err
}

// Page returns a page of a parent's list, read in one batch with those of the parent's siblings; a page of all records
// if parent is nil. The other arguments are those of a connection field. list is the method of db.Reader that reads it.
func Page[T any, F db.Filter, O any, N node[T]](ctx context.Context, read *queryplan.Read, parent db.Node, first *int32, after *string, last *int32, before *string, filter F, orderBy []*O,
	list func(*db.Reader, context.Context, *db.Projection, db.Parents, db.Query[F, O]) ([]*db.Connection[T], error)) (*db.Connection[T], error) {
	page, err := NewPage(ctx, read, first, after, last, before)
	if err != nil {
		return nil, err
	}
	q := db.Query[F, O]{Filter: filter, OrderBy: orderBy, Page: page}
	l := from(ctx)
	of := db.NoParent
	if parent != nil {
		of.Type = parent.NodeType()
	}
	pages := batchOf(l, nameOf[T](l, of.Type, q), func(ctx context.Context, p *db.Projection, keys []db.Key) ([]*db.Connection[T], error) {
		found, err := list(l.reader, ctx, p, db.Parents{Type: of.Type, Keys: keys}, q)
		rememberPages[T, N](l, found)
		return found, err
	})
	switch {
	case parent == nil:
	case l.unread != nil && l.unread.Node == parent:
		of = l.unread.Parents()
	default:
		return pages.load(ctx, read, l.siblingsOf(parent), parent.NodeKey(), ownKey)
	}
	found, err := list(l.reader, ctx, read.Projection(), of, q)
	if err != nil {
		return nil, err
	}
	rememberPages[T, N](l, found)
	if parent != nil {
		pages.keep([]db.Key{parent.NodeKey()}, found)
	}
	return found[0], nil
}

// nameOf returns the name of the batch of a list with its arguments.
func nameOf[T any, F db.Filter, O any](l *Loaders, of db.NodeType, q db.Query[F, O]) any {
	type name struct {
		of        db.NodeType
		row       reflect.Type
		arguments any
	}
	arguments, whole := q.Identity()
	n := name{of, reflect.TypeFor[T](), arguments}
	if whole {
		return n
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names[n] == nil {
		text, err := json.Marshal(q)
		if err != nil {
			panic(fmt.Sprintf("loaders: encode a query: %v", err))
		}
		if l.names == nil {
			l.names = map[any]any{}
		}
		l.names[n] = name{n.of, n.row, string(text)}
	}
	return l.names[n]
}

// rememberPages makes the records of all pages siblings.
func rememberPages[T any, N node[T]](l *Loaders, pages []*db.Connection[T]) {
	rows := make([][]*T, len(pages))
	for i, p := range pages {
		rows[i] = p.Nodes
	}
	remember[T, N](l, rows...)
}

// CustomerLinks returns a page of the links between customers.
func CustomerLinks(ctx context.Context, page db.Page) (*db.CustomerLinkConnection, error) {
	return from(ctx).reader.CustomerLinks(ctx, page)
}

// Assignments returns a page of the assignments.
func Assignments(ctx context.Context, page db.Page) (*db.AssignmentConnection, error) {
	return from(ctx).reader.Assignments(ctx, page)
}

// Unattributed returns a page of the documents without a customer. Those of each kind are siblings.
func Unattributed(ctx context.Context, read *queryplan.Read, page db.Page) (*db.UnattributedConnection, error) {
	l := from(ctx)
	list, err := l.reader.Unattributed(ctx, read.Projection(), page)
	if err != nil {
		return nil, err
	}
	var records []*db.UsageRecord
	var reports []*db.ConsumptionReport
	for _, n := range list.Nodes {
		switch d := n.Document.(type) {
		case *db.UsageRecord:
			records = append(records, d)
		case *db.ConsumptionReport:
			reports = append(reports, d)
		}
	}
	remember(l, records)
	remember(l, reports)
	return list, nil
}

// Search returns the customers and subscriptions that contain a text. Those of each kind are siblings.
func Search(ctx context.Context, read *queryplan.Read, text string, first int32) ([]*db.SearchResult, error) {
	l := from(ctx)
	results, err := l.reader.Search(ctx, read.Projection(), text, first)
	if err != nil {
		return nil, err
	}
	var customers []*db.Customer
	var subscriptions []*db.ServiceSubscription
	for _, result := range results {
		switch n := result.Node.(type) {
		case *db.Customer:
			customers = append(customers, n)
		case *db.ServiceSubscription:
			if !slices.Contains(subscriptions, n) { // a subscription is found by each of its numbers
				subscriptions = append(subscriptions, n)
			}
		}
	}
	remember(l, customers)
	remember(l, subscriptions)
	return results, nil
}

// UsageRecordValues returns distinct values of a field of usage records.
func UsageRecordValues(ctx context.Context, q db.UsageRecordValuesQuery) ([]*db.UsageRecordValue, error) {
	l := from(ctx)
	if err := l.countTotals(); err != nil {
		return nil, err
	}
	return l.reader.UsageRecordValues(ctx, q)
}

// DataAsOf returns how recent the data of each system is.
func DataAsOf(ctx context.Context) ([]*db.DataAsOf, error) { return from(ctx).reader.DataAsOf(ctx) }
