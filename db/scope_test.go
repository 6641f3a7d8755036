package db_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// reading calls a method of a reader and returns the customers of the rows.
type reading func(context.Context, *db.Reader, *world) ([]int64, error)

// readings calls each method of a reader for the rows of all customers.
var readings = map[string]reading{
	"Customers":          listing(db.TypeCustomer),
	"Subscriptions":      listing(db.TypeSubscription),
	"UsageRecords":       listing(db.TypeUsageRecord),
	"UsageSummaries":     listing(db.TypeUsageSummary),
	"Buckets":            listing(db.TypeBucket),
	"ConsumptionReports": listing(db.TypeConsumptionReport),

	"CustomersByKey":          byKey((*db.Reader).CustomersByKey, (*world).allCustomers),
	"SubscriptionsByKey":      byKey((*db.Reader).SubscriptionsByKey, (*world).allSubscriptions),
	"UsageRecordsByKey":       byKey((*db.Reader).UsageRecordsByKey, (*world).allRecords),
	"UsageSummariesByKey":     byKey((*db.Reader).UsageSummariesByKey, (*world).allSummaries),
	"BucketsByKey":            byKey((*db.Reader).BucketsByKey, (*world).allBuckets),
	"ConsumptionReportsByKey": byKey((*db.Reader).ConsumptionReportsByKey, (*world).allReports),

	"CustomerIdentifiers":     children((*db.Reader).CustomerIdentifiers, (*db.CustomerIdentifier).Owner, (*world).allCustomers),
	"SubscriptionIdentifiers": children((*db.Reader).SubscriptionIdentifiers, (*db.SubscriptionIdentifier).Owner, (*world).allSubscriptions),
	"RatedUsages":             children((*db.Reader).RatedUsages, (*db.RatedUsage).Owner, (*world).allRecords),
	"UsageSummaryLines":       children((*db.Reader).UsageSummaryLines, (*db.UsageSummaryLine).Owner, (*world).allSummaries),
	"BucketBalances":          children((*db.Reader).BucketBalances, (*db.BucketBalance).Owner, (*world).allBuckets),
	"BucketCounters":          children((*db.Reader).BucketCounters, (*db.BucketCounter).Owner, (*world).allBuckets),

	"Customer": lookUp((*world).allCustomers, func(ctx context.Context, r *db.Reader, c *db.Customer) (*db.Customer, error) {
		return r.Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: c.Source, Value: c.SourceID}})
	}),
	"Subscription": lookUp((*world).allSubscriptions, func(ctx context.Context, r *db.Reader, s *db.ServiceSubscription) (*db.ServiceSubscription, error) {
		return r.Subscription(ctx, db.AllColumns, db.SubscriptionBy{SourceID: &db.SourceID{Source: s.Source, Value: s.SourceID}})
	}),
	"AggregateUsageSummaries": counted(func(ctx context.Context, r *db.Reader, f *db.UsageSummaryFilter) (int, error) {
		values, err := r.AggregateUsageSummaries(ctx, f, []db.Aggregate[db.UsageSummaryOrderField]{{Function: db.CountOf, Field: "CREATED"}})
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(*values[0])
	}),
	"DistinctUsageSummaries": counted(func(ctx context.Context, r *db.Reader, f *db.UsageSummaryFilter) (int, error) {
		rows, total, err := r.DistinctUsageSummaries(ctx, db.DistinctQuery{Filter: f, Fields: []db.UsageSummaryOrderField{"CREATED"}, Limit: db.MaxPage})
		if err == nil && int64(len(rows)) != total {
			err = fmt.Errorf("%d combinations of %d in all", len(rows), total)
		}
		return len(rows), err
	}),
	"Search": func(ctx context.Context, r *db.Reader, w *world) (owners []int64, err error) {
		for _, s := range w.subscriptions {
			results, err := r.Search(ctx, db.AllColumns, s.SourceID, 10)
			if err != nil {
				return nil, err
			}
			for _, result := range results {
				owners = append(owners, result.Node.NodeKey().CustomerID)
			}
		}
		return owners, nil
	},
	"UsageRecordValues": func(ctx context.Context, r *db.Reader, w *world) (owners []int64, err error) {
		for _, owner := range append(convert(w.customers, func(c *db.Customer) int64 { return c.CustomerID }), 0) {
			of := &db.IDFilter{IsNull: new(true)}
			if owner != 0 {
				id := w.customers[slices.IndexFunc(w.customers, func(c *db.Customer) bool { return c.CustomerID == owner })].GlobalID()
				of = &db.IDFilter{Eq: &id}
			}
			values, err := r.UsageRecordValues(ctx, db.UsageRecordValuesQuery{Field: "SERVICE_ID", Filter: &db.UsageRecordFilter{CustomerID: of}, First: db.MaxPage})
			if err != nil {
				return nil, err
			}
			for _, v := range values {
				owners = append(owners, slices.Repeat([]int64{owner}, int(v.Records))...)
			}
		}
		return owners, nil
	},
	"BillingCycles": func(ctx context.Context, r *db.Reader, w *world) (owners []int64, err error) {
		keys := convert(w.allSubscriptions(), func(s *db.ServiceSubscription) db.Key { return s.Key })
		cycles, err := r.BillingCycles(ctx, keys, db.MaxPage)
		for i, list := range cycles {
			owners = append(owners, slices.Repeat([]int64{keys[i].CustomerID}, len(list))...)
		}
		return owners, err
	},
	"SummaryTotals": func(ctx context.Context, r *db.Reader, _ *world) (owners []int64, err error) {
		q := db.SummaryTotalsQuery{From: "2000-01", To: "2099-12", By: []db.SummaryDimension{"CUSTOMER"}, First: db.MaxPage}
		page, err := r.SummaryTotals(ctx, db.AllColumns, q)
		if err != nil {
			return nil, err
		}
		for _, group := range page.Nodes {
			owner := int64(0)
			if group.Key.Customer != nil {
				owner = group.Key.Customer.CustomerID
			}
			owners = append(owners, slices.Repeat([]int64{owner}, int(group.Summaries))...)
		}
		if int64(len(owners)) != page.Total.Summaries {
			return nil, fmt.Errorf("%d summaries in groups, %d in total", len(owners), page.Total.Summaries)
		}
		return owners, nil
	},
	"UsageTotals": func(ctx context.Context, r *db.Reader, _ *world) (owners []int64, err error) {
		q := db.UsageTotalsQuery{Period: db.PeriodInput{Dates: &db.DatesInput{First: "2000-01-01", Last: "2099-12-31"}}, TimeZone: "UTC", By: []db.UsageDimension{"CUSTOMER"}, First: db.MaxPage}
		pages, err := r.UsageTotals(ctx, db.AllColumns, db.NoParent, q)
		if err != nil {
			return nil, err
		}
		for _, group := range pages[0].Nodes {
			owner := int64(0)
			if group.Key.Customer != nil {
				owner = group.Key.Customer.CustomerID
			}
			owners = append(owners, slices.Repeat([]int64{owner}, int(group.Records))...)
		}
		if int64(len(owners)) != pages[0].Total.Records {
			return nil, fmt.Errorf("%d records in groups, %d in total", len(owners), pages[0].Total.Records)
		}
		return owners, nil
	},
	"SeesCustomer": func(ctx context.Context, r *db.Reader, w *world) (seen []int64, err error) {
		for _, c := range w.customers {
			sees, err := r.SeesCustomer(ctx, db.SourceID{Source: c.Source, Value: c.SourceID})
			if err != nil {
				return nil, err
			}
			if sees {
				seen = append(seen, c.CustomerID)
			}
		}
		return seen, nil
	},

	"Parent": func(ctx context.Context, r *db.Reader, w *world) (found []int64, err error) {
		for i, subscription := range append(w.allSubscriptions(), &db.ServiceSubscription{Source: db.STN, SourceID: "absent"}) {
			parent, err := r.Parent(ctx, db.AllColumns, subscription.GlobalID())
			if err != nil {
				return nil, err
			}
			if i%3 > 0 { // a list read with the record (i%3 == 1) or after it
				pages, err := r.Buckets(ctx, db.AllColumns, parent.Parents(), db.BucketQuery{Page: db.Page{Limit: 1 + i%3/2*db.DefaultPage}})
				if err != nil || !parent.Read || len(pages) != 1 {
					return nil, fmt.Errorf("read %v with %d pages: %w", parent.Read, len(pages), err)
				}
			}
			if err := parent.Load(ctx); err != nil {
				return nil, err
			}
			if parent.Found {
				found = append(found, parent.Node.NodeKey().CustomerID)
			}
		}
		return found, nil
	},

	"LatestReport": lookUp((*world).allReports, func(ctx context.Context, r *db.Reader, report *db.ConsumptionReport) (*db.ConsumptionReport, error) {
		return r.LatestReport(ctx, db.ReportQuery{OwnID: report.SourceID, Market: "PR"})
	}),
	"Unattributed": func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		list, err := r.Unattributed(ctx, db.AllColumns, db.Page{Limit: db.MaxPage})
		if known, ok := err.(*db.Error); ok && known.Code == db.Forbidden {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if total, err := list.TotalCount(ctx); err != nil || total != int64(len(list.Nodes)) {
			return nil, fmt.Errorf("%d rows of %d in all, %w", len(list.Nodes), total, err)
		}
		return convert(list.Nodes, func(d *db.UnattributedDocument) int64 { return d.Document.NodeKey().CustomerID }), nil
	},
	"UsageRecord": lookUp((*world).allRecords, func(ctx context.Context, r *db.Reader, u *db.UsageRecord) (*db.UsageRecord, error) {
		return r.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: u.Source, Value: u.SourceID})
	}),
}

// counted returns the customer of each summary, counted per customer and for unattributed ones.
func counted(count func(context.Context, *db.Reader, *db.UsageSummaryFilter) (int, error)) reading {
	return func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		var owners []int64
		filters := map[int64]*db.IDFilter{0: {IsNull: new(true)}}
		for _, c := range w.customers {
			filters[c.CustomerID] = &db.IDFilter{Eq: new(c.GlobalID())}
		}
		for id, filter := range filters {
			n, err := count(ctx, r, &db.UsageSummaryFilter{CustomerID: filter})
			if err != nil {
				return nil, err
			}
			owners = append(owners, slices.Repeat([]int64{id}, n)...)
		}
		return owners, nil
	}
}

// listing reads a list of all rows and the lists of all its parents. They must agree, with each other and with their
// totals.
func listing(name db.NodeType) reading {
	return func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		e := entityNamed(name)
		whole := db.Page{Limit: db.MaxPage}
		parents := []db.Parents{db.NoParent}
		for _, of := range e.parents {
			keys := w.parents(of)
			parents = append(parents, db.Parents{Type: of, Keys: keys}, db.Parents{Type: of, Keys: keys[:1]})
		}
		var all []int64
		for i, of := range parents {
			pages, err := e.list(ctx, r, of, query{Page: whole})
			if err != nil {
				return nil, err
			}
			for _, p := range pages {
				owners := convert(p.nodes, func(n db.Node) int64 { return n.NodeKey().CustomerID })
				if total, err := p.total(ctx); err != nil || total != int64(len(owners)) {
					return nil, fmt.Errorf("%d rows of %d in all, %w", len(owners), total, err)
				}
				if i == 0 {
					all = owners
				}
				for _, owner := range owners {
					if !slices.Contains(all, owner) {
						return nil, fmt.Errorf("a list of %s shows a row of %d that the list of all does not", of.Type, owner)
					}
				}
			}
		}
		return all, nil
	}
}

func byKey[T any, N interface {
	*T
	db.Node
}](read func(*db.Reader, context.Context, *db.Projection, []db.Key) ([]*T, error), all func(*world) []*T) reading {
	return func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		keys := convert(all(w), func(row *T) db.Key { return N(row).NodeKey() })
		found, err := read(r, ctx, db.AllColumns, append(keys, db.Key{CustomerID: 1, ID: 1}))
		return convert(found, func(row *T) int64 { return N(row).NodeKey().CustomerID }), err
	}
}

func children[T, P any, N interface {
	*P
	db.Node
}](read func(*db.Reader, context.Context, *db.Projection, []db.Key) ([]*T, error), owner func(*T) db.Key, all func(*world) []*P) reading {
	return func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		found, err := read(r, ctx, db.AllColumns, convert(all(w), func(row *P) db.Key { return N(row).NodeKey() }))
		return convert(found, func(row *T) int64 { return owner(row).CustomerID }), err
	}
}

// lookUp looks rows up, every seventh if there are many. The error for a hidden row must equal that for a missing one.
func lookUp[T any, N interface {
	*T
	db.Node
}](all func(*world) []*T, read func(context.Context, *db.Reader, *T) (*T, error)) reading {
	return func(ctx context.Context, r *db.Reader, w *world) ([]int64, error) {
		absent := *all(w)[0]
		reflect.ValueOf(&absent).Elem().FieldByName("SourceID").SetString("absent")
		_, missing := read(ctx, r, &absent)
		if code := new(db.Error); !errors.As(missing, &code) || code.Code != db.NotFound {
			return nil, fmt.Errorf("look-up of a missing row: %w", missing)
		}
		var owners []int64
		for i, row := range all(w) {
			if len(all(w)) > 100 && i%7 > 0 {
				continue
			}
			found, err := read(ctx, r, row)
			if err != nil && (found != nil || err.Error() != missing.Error()) {
				return nil, fmt.Errorf("%w, but %w for a missing row", err, missing)
			}
			if err == nil {
				owners = append(owners, N(found).NodeKey().CustomerID)
			}
		}
		return owners, nil
	}
}

func TestReadersReadOnlyTheirScope(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		ctx := context.Background()
		w := fill(t, store)
		ids := convert(w.customers, func(c *db.Customer) int64 { return c.CustomerID })
		for name, read := range readings {
			t.Run(name, func(t *testing.T) {
				all, err := read(ctx, store.For(db.All()), w)
				if err != nil || len(all) == 0 {
					t.Fatalf("all customers: %d rows, %v", len(all), err)
				}
				unattributed := slices.Contains(all, 0)
				if unattributed == (name == "Customers" || name == "CustomersByKey" || name == "Customer" || name == "CustomerIdentifiers" || name == "SeesCustomer") {
					t.Errorf("an unrestricted reader reads unattributed rows: %v", unattributed)
				}
				for scope, of := range map[string]struct {
					db.Scope
					customers []int64
				}{
					"zero":                  {db.Scope{}, nil},
					"of no customers":       {db.Only(), nil},
					"of a customer":         {db.Only(ids[1]), ids[1:2]},
					"of two":                {db.Only(ids[2], ids[4]), []int64{ids[2], ids[4]}},
					"of all customers":      {db.Only(ids...), ids},
					"of one without rows":   {db.Only(ids[6]), ids[6:]},
					"of a missing customer": {db.Only(1), nil},
					"of customer 0":         {db.Only(0), nil},
				} {
					want := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return !slices.Contains(of.customers, id) })
					got, err := read(ctx, store.For(of.Scope), w)
					if err != nil {
						t.Errorf("%s: %v", scope, err)
					}
					if diff := cmp.Diff(counts(want), counts(got)); diff != "" {
						t.Errorf("%s: rows of customers: %s", scope, diff)
					}
				}
			})
		}
	})
}

func counts(list []int64) map[int64]int {
	n := map[int64]int{}
	for _, v := range list {
		n[v]++
	}
	return n
}

func TestReadingsCoverEveryReaderMethod(t *testing.T) {
	t.Parallel()
	// LimitTotals returns a reader; NodeKeys returns keys only; DataAsOf reads lists of the other methods; CustomerLinks, Assignments, Imports, ImportRejects and ImportsByKey are for staff, whose scope is all customers.
	others := []string{"LimitTotals", "DataAsOf", "Since", "FromPrimary", "Snapshot", "Answer", "Revision", "SetRevision", "Mark", "NodeKeys", "CustomerLinks", "Assignments", "Imports", "ImportRejects", "ImportsByKey"}
	var methods []string
	for i := range reflect.TypeFor[*db.Reader]().NumMethod() {
		if name := reflect.TypeFor[*db.Reader]().Method(i).Name; !slices.Contains(others, name) {
			methods = append(methods, name)
		}
	}
	if diff := cmp.Diff(methods, slices.Sorted(maps.Keys(readings))); diff != "" {
		t.Error(diff)
	}
}
