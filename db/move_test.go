package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// recordCounts holds the numbers of records and parts of a subscription.
type recordCounts struct {
	Usages, Prices, Summaries, Lines, SummaryBuckets, Reports, Buckets, Balances, Counters int
}

// oneOfEach is the result of countRecords after addRecords.
var oneOfEach = recordCounts{1, 2, 1, 2, 2, 1, 2, 4, 2}

// testSubscriptions are two subscriptions of customer 1, one of customer 2, and one of unattributed documents.
var testSubscriptions = []db.Key{{CustomerID: 1, ID: 11}, {CustomerID: 1, ID: 12}, {CustomerID: 2, ID: 21}, {CustomerID: 0, ID: 1}}

// addRecords stores one record of each kind with all parts for a subscription and returns them.
func addRecords(t *testing.T, store *db.Store, of db.Key, id string) (*db.UsageRecord, *db.UsageSummary, *db.ConsumptionReport) {
	t.Helper()
	bucket := func(id string, source db.Source) *db.Bucket {
		return &db.Bucket{Source: source, SourceID: id, UsageType: db.Data}
	}
	key, subscription := db.Key{CustomerID: of.CustomerID}, of.ID
	u := &db.UsageRecord{Key: key, SubscriptionID: &subscription, Source: db.Elevate, SourceID: id, UsageType: db.Data, Rated: []*db.RatedUsage{{Tag: new("a")}, {Tag: new("b")}}}
	s := &db.UsageSummary{Key: key, SubscriptionID: &subscription, Source: db.STN, SourceID: id, YearMonth: "2025-01", Lines: []*db.UsageSummaryLine{{Code: new("a")}, {Code: new("b")}},
		Buckets: []*db.Bucket{bucket("1", db.STN), bucket("2", db.STN)}}
	r := &db.ConsumptionReport{Key: key, SubscriptionID: &subscription, Source: db.DXP, SourceID: id, Buckets: []*db.Bucket{bucket("1", db.DXP), bucket("2", db.DXP)}}
	for _, b := range r.Buckets {
		b.Balances = []*db.BucketBalance{{Text: new("a")}, {Text: new("b")}}
		b.Counters = []*db.BucketCounter{{Name: new("a")}}
	}
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for _, p := range []*db.PreparedRecords{db.PrepareRecords([]*db.UsageRecord{u}, nil, nil), db.PrepareRecords(nil, []*db.UsageSummary{s}, nil), db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r})} {
			if _, err := tx.Upsert(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	return u, s, r
}

func addTestSubscriptions(t *testing.T, store *db.Store) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.AddCustomers(ctx, []*db.Customer{{CustomerID: 1, Source: db.Elevate, SourceID: "1"}, {CustomerID: 2, Source: db.Elevate, SourceID: "2"}}); err != nil {
			return err
		}
		return tx.AddSubscriptions(ctx, convert(testSubscriptions, func(k db.Key) *db.ServiceSubscription {
			return &db.ServiceSubscription{Key: k, Source: db.Elevate, SourceID: "s"}
		}))
	})
}

// countRecords counts the records and parts of a subscription.
func countRecords(t *testing.T, store *db.Store, subscription db.Key) recordCounts {
	t.Helper()
	ctx := t.Context()
	r := store.For(db.All())
	of := db.Parents{Type: db.TypeSubscription, Keys: []db.Key{subscription}}
	page := db.Page{Limit: db.MaxPage}
	usages := only(r.UsageRecords(ctx, db.AllColumns, of, db.UsageRecordQuery{Page: page})).Nodes
	summaries := only(r.UsageSummaries(ctx, db.AllColumns, of, db.UsageSummaryQuery{Page: page})).Nodes
	reports := only(r.ConsumptionReports(ctx, db.AllColumns, of, db.ConsumptionReportQuery{Page: page})).Nodes
	buckets := only(r.Buckets(ctx, db.AllColumns, of, db.BucketQuery{Page: page})).Nodes
	keys := convert(buckets, func(b *db.Bucket) db.Key { return b.Key })
	m := recordCounts{Usages: len(usages), Summaries: len(summaries), Reports: len(reports)}
	for _, b := range buckets {
		if b.SummaryID != nil {
			m.SummaryBuckets++
		} else {
			m.Buckets++
		}
	}
	m.Prices = len(must(r.RatedUsages(ctx, db.AllColumns, convert(usages, func(u *db.UsageRecord) db.Key { return u.Key }))))
	m.Lines = len(must(r.UsageSummaryLines(ctx, db.AllColumns, convert(summaries, func(s *db.UsageSummary) db.Key { return s.Key }))))
	m.Balances, m.Counters = len(must(r.BucketBalances(ctx, db.AllColumns, keys))), len(must(r.BucketCounters(ctx, db.AllColumns, keys)))
	return m
}

func TestMoveRecordsMovesAllParts(t *testing.T) {
	t.Parallel()
	for name, way := range map[string][2]db.Key{
		"within a customer":        {testSubscriptions[0], testSubscriptions[1]},
		"to another customer":      {testSubscriptions[0], testSubscriptions[2]},
		"from no customer":         {testSubscriptions[3], testSubscriptions[2]},
		"to no customer":           {testSubscriptions[2], testSubscriptions[3]},
		"to the same subscription": {testSubscriptions[0], testSubscriptions[0]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachURL(t, func(t *testing.T, url string) {
				store := dbtest.Open(t, url)
				addTestSubscriptions(t, store)
				from, to := way[0], way[1]
				for _, subscription := range testSubscriptions { // these records are not moved
					addRecords(t, store, subscription, fmt.Sprint("stays ", subscription))
				}
				u, s, r := addRecords(t, store, from, "goes")
				counts := rowCounts(t, url)
				owner := db.Owner{CustomerID: to.CustomerID, SubscriptionID: &to.ID}
				write(t, store, func(ctx context.Context, tx *db.Tx) error {
					return tx.MoveRecords(ctx, []db.Move{{Kind: db.UsageRecordKind, From: u.Key, Owner: owner}, {Kind: db.UsageSummaryKind, From: s.Key, Owner: owner},
						{Kind: db.ConsumptionReportKind, From: r.Key, Owner: owner}})
				})
				checkReferences(t, url)
				if diff := cmp.Diff(counts, rowCounts(t, url)); diff != "" {
					t.Error(diff)
				}
				for _, subscription := range testSubscriptions {
					want := oneOfEach
					if subscription == to {
						want = recordCounts{2, 4, 2, 4, 4, 2, 4, 8, 4}
					}
					if diff := cmp.Diff(want, countRecords(t, store, subscription)); diff != "" {
						t.Errorf("%v: %s", subscription, diff)
					}
				}
				found, err := store.For(db.All()).UsageRecord(t.Context(), db.AllColumns, db.SourceID{Source: db.Elevate, Value: "goes"})
				if err != nil || found.Key != (db.Key{CustomerID: to.CustomerID, ID: u.ID}) {
					t.Errorf("found %v, want %v; %v", found, u.Key, err)
				}
			})
		})
	}
}

func TestMoveRecordsStoresTheAttribution(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		addTestSubscriptions(t, store)
		u, s, r := addRecords(t, store, testSubscriptions[3], "goes")
		ctx := t.Context()
		reader := store.For(db.All())
		at := int64(0)
		for _, owner := range []db.Owner{
			{CustomerID: 1, SubscriptionID: new(int64(11)), Attribution: new(db.Held)},
			{CustomerID: 1, SubscriptionID: new(int64(12)), Attribution: new(db.Window)},
			{CustomerID: 1, Attribution: new(db.Held)}, // a customer without a subscription
			{CustomerID: 2, SubscriptionID: new(int64(21)), Attribution: new(db.Assigned)},
			{CustomerID: 2, SubscriptionID: new(int64(21))},
			{SubscriptionID: new(int64(1)), Unattributed: new(db.WindowOver)},
			{Unattributed: new(db.NoSubscription)},
		} {
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				return tx.MoveRecords(ctx, []db.Move{{Kind: db.UsageRecordKind, From: db.Key{CustomerID: at, ID: u.ID}, Owner: owner},
					{Kind: db.UsageSummaryKind, From: db.Key{CustomerID: at, ID: s.ID}, Owner: owner}, {Kind: db.ConsumptionReportKind, From: db.Key{CustomerID: at, ID: r.ID}, Owner: owner}})
			})
			checkReferences(t, url)
			at = owner.CustomerID
			usage := must(reader.UsageRecordsByKey(ctx, db.AllColumns, []db.Key{{CustomerID: at, ID: u.ID}}))[0]
			report := must(reader.ConsumptionReportsByKey(ctx, db.AllColumns, []db.Key{{CustomerID: at, ID: r.ID}}))[0]
			summary := must(reader.UsageSummariesByKey(ctx, db.AllColumns, []db.Key{{CustomerID: at, ID: s.ID}}))[0]
			for kind, got := range map[string]db.Owner{
				"usage record": {CustomerID: usage.CustomerID, SubscriptionID: usage.SubscriptionID, Attribution: usage.Attribution, Unattributed: usage.Unattributed},
				"report":       {CustomerID: report.CustomerID, SubscriptionID: report.SubscriptionID, Attribution: report.Attribution, Unattributed: report.Unattributed},
				// A summary names its customer and has no attribution.
				"summary": {CustomerID: summary.CustomerID, SubscriptionID: summary.SubscriptionID, Attribution: owner.Attribution, Unattributed: owner.Unattributed},
			} {
				if !got.Same(owner) {
					t.Errorf("owner of the %s: %s", kind, cmp.Diff(owner, got))
				}
			}
			for _, b := range only(reader.Buckets(ctx, db.AllColumns, db.NoParent, db.BucketQuery{Page: db.Page{Limit: 10}})).Nodes {
				if b.CustomerID != at || (b.SubscriptionID == nil) != (owner.SubscriptionID == nil) || b.SubscriptionID != nil && *b.SubscriptionID != *owner.SubscriptionID {
					t.Errorf("bucket %v has subscription %v, want %v", b.Key, b.SubscriptionID, owner)
				}
			}
		}
	})
}
