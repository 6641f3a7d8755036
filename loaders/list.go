package loaders

import (
	"context"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// Page returns the page for the four arguments of the connection that is being resolved, as db.NewPage does. It reads no
// rows if the operation selects only the length of the list.
func Page(ctx context.Context, first *int32, after *string, last *int32, before *string) (db.Page, error) {
	p, err := db.NewPage(first, after, last, before)
	p.CountOnly = queryplan.CountsOnly(ctx)
	return p, err
}

// lister is a method of db.Reader that returns a page of a list for each parent.
type lister[T, Q any] func(r *db.Reader, ctx context.Context, of db.Parents, q Q) ([]*db.Connection[T], error)

// query is the query of a list. Queries with equal identities are equal; queries with different ones differ if whole is
// true.
type query interface{ Identity() (of any, whole bool) }

// list returns a page of a parent's list, read in one batch with those of the parent's siblings.
func list[T any, Q query, N node[T]](ctx context.Context, parent db.Node, name string, q Q, read lister[T, Q]) (*db.Connection[T], error) {
	l := from(ctx)
	of := parent.NodeType()
	r := batchOf(l, l.listName(of, name, q), func(ctx context.Context, keys []db.Key) ([]*db.Connection[T], error) {
		pages, err := read(l.reader, ctx, db.Parents{Type: of, Keys: keys}, q)
		rememberPages[T, N](l, pages)
		return pages, err
	})
	if parent.NodeKey() == (db.Key{}) { // WithParent reads the record together with the list and sets its key
		pages, err := r.read(ctx, []db.Key{{}})
		if err != nil {
			return nil, err
		}
		r.keep([]db.Key{parent.NodeKey()}, pages)
		return pages[0], nil
	}
	return r.load(ctx, l.siblingsOf(parent), parent.NodeKey(), ownKey)
}

// root returns a page of a list without a parent.
func root[T, Q any, N node[T]](ctx context.Context, q Q, read lister[T, Q]) (*db.Connection[T], error) {
	l := from(ctx)
	pages, err := read(l.reader, ctx, db.NoParent, q)
	if err != nil {
		return nil, err
	}
	rememberPages[T, N](l, pages)
	return pages[0], nil
}

// rememberPages makes the records of all pages siblings.
func rememberPages[T any, N node[T]](l *Loaders, pages []*db.Connection[T]) {
	rows := make([][]*T, len(pages))
	for i, p := range pages {
		rows[i] = p.Nodes
	}
	remember[T, N](l, rows...)
}

// Customers returns a page of all customers.
func Customers(ctx context.Context, q db.CustomerQuery) (*db.CustomerConnection, error) {
	return root[db.Customer, db.CustomerQuery](ctx, q, (*db.Reader).Customers)
}

// Subscriptions returns a page of a customer's subscriptions; of all subscriptions if parent is nil.
func Subscriptions(ctx context.Context, parent db.Node, q db.SubscriptionQuery) (*db.SubscriptionConnection, error) {
	return pageOf[db.ServiceSubscription, db.SubscriptionQuery](ctx, parent, "subscriptions", q, (*db.Reader).Subscriptions)
}

// UsageRecords returns a page of the usage records of a customer or subscription; of all usage records if parent is
// nil.
func UsageRecords(ctx context.Context, parent db.Node, q db.UsageRecordQuery) (*db.UsageRecordConnection, error) {
	return pageOf[db.UsageRecord, db.UsageRecordQuery](ctx, parent, "usageRecords", q, (*db.Reader).UsageRecords)
}

// UsageSummaries returns a page of the usage summaries of a customer or subscription; of all summaries if parent is
// nil.
func UsageSummaries(ctx context.Context, parent db.Node, q db.UsageSummaryQuery) (*db.UsageSummaryConnection, error) {
	return pageOf[db.UsageSummary, db.UsageSummaryQuery](ctx, parent, "usageSummaries", q, (*db.Reader).UsageSummaries)
}

// Buckets returns a page of the buckets of a customer, subscription, report or summary; of all buckets if parent is
// nil.
func Buckets(ctx context.Context, parent db.Node, q db.BucketQuery) (*db.BucketConnection, error) {
	return pageOf[db.Bucket, db.BucketQuery](ctx, parent, "buckets", q, (*db.Reader).Buckets)
}

// ConsumptionReports returns a page of the reports of a customer or subscription; of all reports if parent is nil.
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

// Unattributed returns a page of the documents without a customer. Those of each kind are siblings.
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
	remember(l, records)
	remember(l, reports)
	return list, nil
}
