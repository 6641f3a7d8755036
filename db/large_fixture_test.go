package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"usagegraph/db"
)

// largeFixture holds the records of a large database: two customers have many subscriptions, each with some records of
// all kinds, and as many documents are unattributed.
type largeFixture struct {
	subscriptions []db.NamedSubscription
	moves         []db.Move
	names         []db.SinceWhen
	records       []*db.UsageRecord
	rows          map[db.SubscriptionName][]*db.SubscriptionIdentifier
	holdings      map[db.SubscriptionName][]db.Holding
}

// newLargeFixture stores a number of subscriptions, with their customers, records and holdings.
func newLargeFixture(t *testing.T, store *db.Store, size int) *largeFixture {
	t.Helper()
	c := &largeFixture{rows: map[db.SubscriptionName][]*db.SubscriptionIdentifier{}, holdings: map[db.SubscriptionName][]db.Holding{}}
	start := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	var summaries []*db.UsageSummary
	var reports []*db.ConsumptionReport
	var subscriptions []*db.ServiceSubscription
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var customers []*db.Customer
		for i := range int64(size) {
			customers = append(customers, &db.Customer{CustomerID: i + 1, Source: db.Elevate, SourceID: fmt.Sprint(i + 1)})
		}
		if err := tx.AddCustomers(ctx, customers); err != nil {
			return err
		}
		for i := range size {
			customerID := int64(i % 3)
			number := fmt.Sprint("+", 31612000000+i)
			s := &db.ServiceSubscription{Key: db.Key{CustomerID: customerID, ID: tx.NextID()}, Source: db.Elevate, SourceID: fmt.Sprint(i), SubscriptionName: &number}
			if i%2 == 0 && customerID != 0 {
				s.SubscriptionName = nil
			}
			subscriptions = append(subscriptions, s)
			c.subscriptions = append(c.subscriptions, db.NamedSubscription{Key: s.Key, Name: db.SubscriptionName(number)})
			c.names = append(c.names, db.SinceWhen{Name: db.SubscriptionName(number), Since: db.TimeOf(start)})
			for n := range 2 {
				at := db.TimeOf(start.Add(time.Duration(i+n*size) * time.Minute))
				u := &db.UsageRecord{Key: db.Key{CustomerID: customerID}, SubscriptionID: &s.ID, Source: db.Elevate, SourceID: fmt.Sprint(i, "-", n), EventTime: at,
					UsageType: db.Data, ServiceID: &number, SubscriptionName: &number, CustomerName: new("a"), Rated: []*db.RatedUsage{{Tag: new("x")}}}
				if customerID != 0 {
					u.SourceCustomerID = new(fmt.Sprint(customerID))
				}
				c.records = append(c.records, u)
			}
			at := db.TimeOf(start.Add(time.Duration(i) * time.Minute))
			end := db.TimeOf(at.AddDate(0, 1, 0))
			if customerID != 0 {
				summaries = append(summaries, &db.UsageSummary{Key: db.Key{CustomerID: customerID}, SubscriptionID: &s.ID, Source: db.STN, SourceID: fmt.Sprint(i), YearMonth: "2025-01",
					PhoneNumber: &number, NumberName: &number, MonthStart: &at, MonthEnd: &end, Lines: []*db.UsageSummaryLine{{Code: new("x")}, {Code: new("y")}}, Buckets: []*db.Bucket{{SourceID: "1", Source: db.STN, UsageType: db.Data}}})
				c.holdings[db.SubscriptionName(number)] = db.Holdings([]db.Evidence{{Subscription: s.Key, Start: at.Time, End: end.Time}})
			}
			reports = append(reports, &db.ConsumptionReport{Key: db.Key{CustomerID: customerID}, SubscriptionID: &s.ID, Source: db.DXP, SourceID: fmt.Sprint(i), EffectiveAt: at, SubscriptionName: &number,
				SubscriptionText: &number, Buckets: []*db.Bucket{{Source: db.DXP, SourceID: "1", UsageType: db.Data, Balances: []*db.BucketBalance{{Text: new("x")}}, Counters: []*db.BucketCounter{{Name: new("x")}}}}})
		}
		if err := tx.AddSubscriptions(ctx, subscriptions); err != nil {
			return err
		}
		var err error
		if c.rows, err = replaceHoldings(ctx, tx, c.holdings, nil); err != nil {
			return err
		}
		for _, p := range []*db.PreparedRecords{db.PrepareRecords(c.records, nil, nil), db.PrepareRecords(nil, summaries, nil), db.PrepareRecords(nil, nil, reports)} {
			if _, err := tx.Upsert(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	to := db.Owner{CustomerID: c.subscriptions[1].CustomerID, SubscriptionID: &c.subscriptions[1].ID}
	for _, u := range c.records[4:12] {
		c.moves = append(c.moves, db.Move{Kind: db.UsageRecordKind, From: u.Key, Owner: to})
	}
	for _, s := range summaries[2:10] {
		c.moves = append(c.moves, db.Move{Kind: db.UsageSummaryKind, From: s.Key, Owner: to})
	}
	for _, r := range reports[2:10] {
		c.moves = append(c.moves, db.Move{Kind: db.ConsumptionReportKind, From: r.Key, Owner: to})
	}
	return c
}

func (c *largeFixture) keys() []db.Key {
	return convert(c.subscriptions[:10], func(l db.NamedSubscription) db.Key { return l.Key })
}
