package loaders

import (
	"context"

	"usagegraph/db"
)

// lister is a reader's method that returns a page of a list for each parent.
type lister[T, Q any] func(r *db.Reader, ctx context.Context, of db.Parents, q Q) ([]*db.Connection[T], error)

// query is what is asked of a list: two of one identity ask for the same, and two of different ones do not where it is
// whole.
type query interface{ Identity() (of any, whole bool) }

// list returns a page of a parent's list, with those of the parent's siblings.
func list[T any, Q query, N node[T]](ctx context.Context, parent db.Node, name string, q Q, read lister[T, Q]) (*db.Connection[T], error) {
	l := from(ctx)
	of := parent.NodeType()
	r := relationOf(l, l.named(of, name, q), func(ctx context.Context, keys []db.Key) ([]*db.Connection[T], error) {
		pages, err := read(l.reader, ctx, db.Parents{Type: of, Keys: keys}, q)
		remember[T, N](l, pages)
		return pages, err
	})
	if parent.NodeKey() == (db.Key{}) { // it is read with the list, and has a key then
		pages, err := r.fetch(ctx, []db.Key{{}})
		if err != nil {
			return nil, err
		}
		r.keep([]db.Key{parent.NodeKey()}, pages)
		return pages[0], nil
	}
	return r.load(ctx, l.siblings(parent), parent.NodeKey(), ownKey)
}

// root returns a page of a list that belongs to nobody in particular.
func root[T, Q any, N node[T]](ctx context.Context, q Q, read lister[T, Q]) (*db.Connection[T], error) {
	l := from(ctx)
	pages, err := read(l.reader, ctx, db.NoParent, q)
	if err != nil {
		return nil, err
	}
	remember[T, N](l, pages)
	return pages[0], nil
}

// remember makes siblings of all records of all pages.
func remember[T any, N node[T]](l *Loaders, pages []*db.Connection[T]) {
	rows := make([][]*T, len(pages))
	for i, p := range pages {
		rows[i] = p.Nodes
	}
	came[T, N](l, rows...)
}

// Customers returns a page of all customers.
func Customers(ctx context.Context, q db.CustomerQuery) (*db.CustomerConnection, error) {
	return root[db.Customer, db.CustomerQuery](ctx, q, (*db.Reader).Customers)
}

// Subscriptions returns a page of a customer's lines; of all where parent is nil.
func Subscriptions(ctx context.Context, parent db.Node, q db.SubscriptionQuery) (*db.SubscriptionConnection, error) {
	return pageOf[db.ServiceSubscription, db.SubscriptionQuery](ctx, parent, "subscriptions", q, (*db.Reader).Subscriptions)
}

// UsageRecords returns a page of the usage records of a customer or line; of all where parent is nil.
func UsageRecords(ctx context.Context, parent db.Node, q db.UsageRecordQuery) (*db.UsageRecordConnection, error) {
	return pageOf[db.UsageRecord, db.UsageRecordQuery](ctx, parent, "usageRecords", q, (*db.Reader).UsageRecords)
}

// UsageSummaries returns a page of the usage summaries of a customer or line; of all where parent is nil.
func UsageSummaries(ctx context.Context, parent db.Node, q db.UsageSummaryQuery) (*db.UsageSummaryConnection, error) {
	return pageOf[db.UsageSummary, db.UsageSummaryQuery](ctx, parent, "usageSummaries", q, (*db.Reader).UsageSummaries)
}

// Buckets returns a page of the buckets of a customer, line, report or summary; of all where parent is nil.
func Buckets(ctx context.Context, parent db.Node, q db.BucketQuery) (*db.BucketConnection, error) {
	return pageOf[db.Bucket, db.BucketQuery](ctx, parent, "buckets", q, (*db.Reader).Buckets)
}

// ConsumptionReports returns a page of the reports of a customer or line; of all where parent is nil.
func ConsumptionReports(ctx context.Context, parent db.Node, q db.ConsumptionReportQuery) (*db.ConsumptionReportConnection, error) {
	return pageOf[db.ConsumptionReport, db.ConsumptionReportQuery](ctx, parent, "consumptionReports", q, (*db.Reader).ConsumptionReports)
}

func pageOf[T any, Q query, N node[T]](ctx context.Context, parent db.Node, name string, q Q, read lister[T, Q]) (*db.Connection[T], error) {
	if parent == nil {
		return root[T, Q, N](ctx, q, read)
	}
	return list[T, Q, N](ctx, parent, name, q, read)
}

// CustomerLinks returns a page of the links between customers.
func CustomerLinks(ctx context.Context, page db.Page) (*db.CustomerLinkConnection, error) {
	return from(ctx).reader.CustomerLinks(ctx, page)
}

// Assignments returns a page of the assignments.
func Assignments(ctx context.Context, page db.Page) (*db.AssignmentConnection, error) {
	return from(ctx).reader.Assignments(ctx, page)
}

// Unattributed returns a page of the documents that belong to no customer. Those of each kind are siblings.
func Unattributed(ctx context.Context, page db.Page) (*db.UnattributedConnection, error) {
	l := from(ctx)
	list, err := l.reader.Unattributed(ctx, page)
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
	came(l, records)
	came(l, reports)
	return list, nil
}
