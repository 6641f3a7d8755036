package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// world is a set of test records of all kinds, with gaps, ties and unusual texts.
type world struct {
	random        *rand.Rand
	customers     []*db.Customer
	known         []*db.CustomerIdentifier
	subscriptions []*db.ServiceSubscription
	names         []*db.SubscriptionIdentifier
	records       []*db.UsageRecord
	summaries     []*db.UsageSummary
	reports       []*db.ConsumptionReport
	buckets       []*db.Bucket
	// ofSubscription is true for matches among the records of one subscription.
	ofSubscription bool
}

// within returns the world for matches within the list of a parent.
func (w *world) within(parent db.NodeType) *world {
	other := *w
	other.ofSubscription = parent == db.TypeSubscription || parent == db.TypeConsumptionReport || parent == db.TypeUsageSummary
	return &other
}

// fill stores a world, which is the same in each run and on both databases. Its last customer has no records, and some
// subscriptions and records are unattributed.
func fill(t testing.TB, store *db.Store) *world {
	t.Helper()
	w := &world{random: rand.New(rand.NewPCG(1, 2))}
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for i := range 7 {
			id := tx.NextID()
			source := pick(w, db.BRM, db.Elevate, db.STN)
			w.customers = append(w.customers, &db.Customer{CustomerID: id, Source: source, SourceID: fmt.Sprint("c", i), Name: w.text()})
			w.known = append(w.known, &db.CustomerIdentifier{Source: source, Value: fmt.Sprint("c", i), CustomerID: id})
			if i < 6 {
				w.addSubscriptions(tx, id)
			}
		}
		w.addSubscriptions(tx, 0)
		return w.store(ctx, tx)
	})
	return w
}

func (w *world) store(ctx context.Context, tx *db.Tx) error {
	if err := tx.AddCustomers(ctx, w.customers); err != nil {
		return err
	}
	if err := tx.AddSubscriptions(ctx, w.subscriptions); err != nil {
		return err
	}
	if err := tx.AddIdentifiers(ctx, w.names); err != nil {
		return err
	}
	if _, err := tx.Upsert(ctx, db.PrepareRecords(w.records, nil, nil)); err != nil {
		return err
	}
	if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, w.summaries, nil)); err != nil {
		return err
	}
	_, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, w.reports))
	return err
}

// addSubscriptions gives a customer five subscriptions, the last without records, and a few records without a
// subscription.
func (w *world) addSubscriptions(tx *db.Tx, customerID int64) {
	for i := range 6 {
		var subscription *int64
		if i < 5 {
			s := &db.ServiceSubscription{Key: db.Key{CustomerID: customerID, ID: tx.NextID()}, Source: pick(w, db.Elevate, db.STN),
				SourceID: fmt.Sprint(customerID, "s", i), PhoneNumber: w.text(), SimCardNumber: w.text(), ProviderGroup: w.text(), IsGroupSim: w.yes(),
				BusinessID: w.text()}
			if customerID != 0 {
				c := w.customers[len(w.customers)-1]
				s.Source, s.SourceCustomerID = c.Source, &c.SourceID
				globalIDs.Store(node{db.TypeCustomer, c.NodeKey()}, c.GlobalID())
			}
			globalIDs.Store(node{db.TypeSubscription, s.Key}, s.GlobalID())
			w.subscriptions = append(w.subscriptions, s)
			w.names = append(w.names, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: s.Source, Value: s.SourceID,
				CustomerID: customerID, SubscriptionID: s.ID})
			subscription = &s.ID
		}
		if i == 4 {
			continue
		}
		for n := range 5 {
			w.addRecord(customerID, subscription)
			if n < 2 {
				w.addSummary(customerID, subscription)
				w.addReport(customerID, subscription)
			}
		}
	}
}

func (w *world) addRecord(customerID int64, subscription *int64) {
	u := &db.UsageRecord{Key: db.Key{CustomerID: customerID}, SubscriptionID: subscription, Source: db.Elevate, SourceID: fmt.Sprint("u", len(w.records)*37%1000),
		EventTime: w.time(), UsageType: pick(w, db.Voice, db.Data, db.SMS), UsageTypeName: w.text(), Status: maybe(w, db.Rated, db.Billed),
		Description: w.text(), Direction: maybe(w, db.Inbound, db.Outbound), ServiceID: w.text(), Destination: w.text(), DestinationCountry: maybe(w, "GB", "US", "NL"), ProductReference: w.text(),
		OneOffs: w.decimal(), DataMB: w.decimal(), DurationSeconds: w.decimal(), CallClass: w.text(), TimeBand: w.text(),
		ChargeGroupID: w.long(), SiteID: w.long(), BillRunID: w.long(), FileName: w.text(), LoadedDate: maybe[db.Date](w, "2025-01-31", "2024-02-29", "2025-02-01")}
	for range w.random.IntN(3) {
		at := w.time()
		cost := number(fmt.Sprint(len(w.records) % 13))
		if len(w.records)%3 == 0 {
			cost = nil
		}
		u.Rated = append(u.Rated, &db.RatedUsage{RatedAt: pick(w, nil, &at), Tag: w.text(), IsBilled: w.yes(), TaxExcludedAmount: w.decimal(),
			TaxIncludedAmount: w.decimal(), Currency: maybe(w, "EUR", "GBP"), TaxRate: w.decimal(), PreDiscountedAmount: w.decimal(), CostAmount: cost,
			RatedCostAmount: cost, ProfitAmount: w.decimal(), ProductJSON: pick(w, nil, db.JSON(`{"id":"p"}`), db.JSON(`{"id":"p","name":"a"}`))})
	}
	w.records = append(w.records, u)
}

func (w *world) addSummary(customerID int64, subscription *int64) {
	s := &db.UsageSummary{Key: db.Key{CustomerID: customerID}, SubscriptionID: subscription, Source: db.STN, SourceID: fmt.Sprint("m", len(w.summaries)*37%1000),
		SourceCustomerID: w.text(), SourceSubscriptionID: w.text(), SimCardNumber: w.text(),
		YearMonth: pick[db.YearMonth](w, "2025-01", "2024-12", "2025-02"), PhoneNumber: w.text(), ProviderGroup: w.text(), IsGroupSim: w.yes(),
		PremiumAmount: w.decimal(), TotalAmount: w.decimal(), InternationalAmount: w.decimal(),
		Lines: []*db.UsageSummaryLine{{Code: w.text()}, {Code: w.text()}}}
	n := len(w.summaries)
	if n%6 > 0 {
		s.Currency = new([]string{"EUR", "GBP"}[n%2])
	}
	for i, l := range s.Lines {
		if n%5 > 0 {
			l.Volume = number(fmt.Sprintf("%d.%d", n*n%11, i+n%7))
		}
		if n%3+i > 0 {
			l.VolumeUnit = new([]db.Unit{db.Second, db.Kilobyte}[(n+i)%2])
		}
	}
	s.Buckets = w.addBuckets(db.STN)
	w.summaries = append(w.summaries, s)
}

func (w *world) addReport(customerID int64, subscription *int64) {
	r := &db.ConsumptionReport{Key: db.Key{CustomerID: customerID}, SubscriptionID: subscription, Source: db.DXP, SourceID: fmt.Sprint("r", len(w.reports)*37%1000),
		EffectiveAt: w.time(), Description: w.text(), BusinessID: new("PR")}
	if n := len(w.reports); n%4 > 0 {
		start := time.Date(2025, time.Month(1+n%3), 1, 0, 0, 0, 0, time.UTC)
		r.CycleStart, r.CycleEnd = new(db.TimeOf(start)), new(db.TimeOf(start.AddDate(0, 1, 0)))
	}
	if len(w.reports)%5 == 0 {
		r.CycleStart = nil
	}
	if len(w.reports)%7 == 0 {
		r.CycleEnd = nil
	}
	r.SourceSubscriptionID = &r.SourceID
	r.CycleID, r.CycleIntervalID, r.CycleStart = w.text(), w.text(), new(w.time())
	r.CycleEnd = new(db.TimeOf(r.CycleStart.AddDate(0, 1, 0)))
	r.Buckets = w.addBuckets(db.DXP)
	for _, b := range r.Buckets {
		b.Balances = []*db.BucketBalance{{Amount: w.decimal()}, {Text: w.text()}}
		b.Counters = []*db.BucketCounter{{Name: w.text()}}
	}
	w.reports = append(w.reports, r)
}

func (w *world) addBuckets(source db.Source) []*db.Bucket {
	var list []*db.Bucket
	for i := range w.random.IntN(4) {
		list = append(list, &db.Bucket{Source: source, SourceID: pick(w, "1", fmt.Sprint(i+1)), EffectiveAt: w.time(), Name: w.text(),
			UsageType: pick(w, db.Voice, db.Data, db.Monetary), UsageTypeName: w.text(), Unit: maybe(w, db.Minute, db.Megabyte),
			Unlimited: w.random.IntN(2) == 0, TotalAmount: w.decimal(), UsedAmount: w.decimal(), RemainingAmount: w.decimal(),
			AvailableAmount: w.decimal(), ChargedAmount: w.decimal(), IsShared: w.yes(), IsPrepaid: w.yes(),
			ProductsJSON: db.JSON(pick(w, productLists...))})
	}
	w.buckets = append(w.buckets, list...)
	return list
}

// productLists are the products of buckets: of two subscriptions, of three, of one and of none.
var productLists = []string{
	`[{"publicIdentifier":"1"},{"publicIdentifier":"2"}]`, `[{"publicIdentifier":"2","id":"x"},{"publicIdentifier":"1"},{"publicIdentifier":"1"}]`,
	`[{"publicIdentifier":"2"},{"id":"x"},{"publicIdentifier":"1"}]`, `[{"publicIdentifier":"2"},{"publicIdentifier":"é"},{"publicIdentifier":"1"}]`,
	`[{"publicIdentifier":"1"}]`, `[{},{"id":"x"}]`, `[]`,
}

// texts are strings that SQL, JSON, LIKE and sorting may handle differently.
var texts = []string{
	"", "a", "A", "b", "ab", "AB", "a%b", "a_b", `a\b`, "100%", "100", "é", "É", "naïve", "日本", "日本語", `"quoted"`, "it's", "<&>", "\u2028", "$1", "a b", "😀",
}

var decimals = []string{
	"0", "0.0", "-1", "1.5", "1.50", "1.500", "15", "2", "10", "-0.0001", "0.1234567890123456789", "9999999999999999999", "-9999999999999999999", "20.0",
}

func (w *world) text() *string { return maybe(w, texts...) }
func (w *world) yes() *bool    { return maybe(w, true, false) }
func (w *world) long() *int64  { return maybe[int64](w, 0, -1, 7, 1<<62+1, 1<<62) }

func (w *world) decimal() *decimal.Decimal {
	s := maybe(w, decimals...)
	if s == nil {
		return nil
	}
	return new(decimal.MustParse(*s))
}

func (w *world) time() db.Time {
	base := time.Date(2025, time.March, 30, 1, 0, 0, 0, time.UTC)
	return db.TimeOf(base.Add(pick(w, 0, time.Microsecond, time.Second, 1500*time.Millisecond, -time.Hour, 24*time.Hour)))
}

func pick[T any](w *world, values ...T) T { return values[w.random.IntN(len(values))] }

// maybe returns one of some values, and nil in one of five cases.
func maybe[T any](w *world, values ...T) *T {
	if w.random.IntN(5) == 0 {
		return nil
	}
	return new(pick(w, values...))
}

// write runs block in a transaction that must succeed.
func write(t testing.TB, store *db.Store, block func(context.Context, *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := store.Write(ctx, func(tx *db.Tx) error { return block(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// number parses a decimal.
func number(s string) *decimal.Decimal { return new(decimal.MustParse(s)) }

// failsAs fails a test unless an error has a code.
func failsAs(t testing.TB, err error, code db.Code) {
	t.Helper()
	if stored, ok := err.(*db.Error); !ok || stored.Code != code {
		t.Errorf("got %v (%T), want a %s error", err, err, code)
	}
}
