package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// holdingFixture stores subscriptions by the names "customer/own id", and records that prove which numbers and cards
// they had.
type holdingFixture struct {
	t         testing.TB
	store     *db.Store
	keys      map[string]db.Key
	customers map[string]int64
	evidence  map[db.SubscriptionName][]db.Evidence
	records   int
	// area is a part of the numbers, the customers' ids and the records' ids that separates the cases of a test in one
	// database.
	area string
}

func newHoldingFixture(t testing.TB, store *db.Store) *holdingFixture {
	return &holdingFixture{t: t, store: store, keys: map[string]db.Key{}, customers: map[string]int64{"": 0}, evidence: map[db.SubscriptionName][]db.Evidence{}, area: "555"}
}

// eachCase runs all cases of a test in one store of eachCase database, eachCase case with names of its own.
func eachCase(t *testing.T, cases int, run func(t *testing.T, h *holdingFixture, i int)) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for i := range cases {
			h := newHoldingFixture(t, store)
			h.area = fmt.Sprint(556 + i)
			run(t, h, i)
		}
	})
}

// inArea returns a name with the area of this case.
func (h *holdingFixture) inArea(name db.SubscriptionName) db.SubscriptionName {
	return db.SubscriptionName(strings.Replace(string(name), "+1787555", "+1787"+h.area, 1))
}

// subscription returns the key of a subscription, and stores it and its customer on first use. Without a customer it is
// a subscription of unattributed documents. The functions in set may set further fields.
func (h *holdingFixture) subscription(name string, set ...func(*db.ServiceSubscription)) db.Key {
	h.t.Helper()
	if key, ok := h.keys[name]; ok {
		return key
	}
	customer, own, _ := strings.Cut(name, "/")
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error {
		if _, ok := h.customers[customer]; !ok {
			h.customers[customer] = tx.NextID()
			if err := tx.AddCustomers(ctx, []*db.Customer{{CustomerID: h.customers[customer], Source: db.STN, SourceID: h.area + customer}}); err != nil {
				return err
			}
		}
		s := &db.ServiceSubscription{Key: db.Key{CustomerID: h.customers[customer], ID: tx.NextID()}, Source: db.STN, SourceID: own}
		for _, f := range set {
			f(s)
		}
		h.keys[name] = s.Key
		if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{s}); err != nil || s.SubscriptionName != nil {
			return err
		}
		return h.identify(ctx, tx, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: db.STN, Value: own, CustomerID: s.CustomerID, SubscriptionID: s.ID})
	})
	return h.keys[name]
}

// numberOnly makes a subscription one without an own id, known in a system by the text of a number.
func numberOnly(source db.Source, text string, name db.SubscriptionName) func(*db.ServiceSubscription) {
	return func(s *db.ServiceSubscription) {
		s.Source, s.SourceID, s.PhoneNumber, s.SubscriptionName = source, text, &text, name.Stored()
	}
}

func (h *holdingFixture) identify(ctx context.Context, tx *db.Tx, rows ...*db.SubscriptionIdentifier) error {
	return tx.AddIdentifiers(ctx, rows)
}

// at parses a day, or a time of RFC 3339.
func at(text string) db.Time {
	if len(text) == len(time.DateOnly) {
		text += "T00:00:00Z"
	}
	parsed, err := db.ParseTime(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

// call stores a usage record of a subscription with a number or card.
func (h *holdingFixture) call(subscription, when string, name db.SubscriptionName) {
	h.t.Helper()
	key, name := h.subscription(subscription), h.inArea(name)
	h.records++
	u := &db.UsageRecord{Key: db.Key{CustomerID: key.CustomerID}, SubscriptionID: &key.ID, Source: db.Elevate, SourceID: fmt.Sprint(h.area, " ", h.records),
		SourceCustomerID: new("c"), EventTime: at(when), UsageType: db.Voice, SubscriptionName: name.Stored()}
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil))
		return err
	})
	h.evidence[name] = append(h.evidence[name], db.Evidence{Subscription: key, Start: at(when).Time, End: at(when).Time})
}

// summary stores a subscription's usage summary of a month, in UTC, with a number or card.
func (h *holdingFixture) summary(subscription, month string, name db.SubscriptionName) {
	h.t.Helper()
	key, name := h.subscription(subscription), h.inArea(name)
	h.records++
	start := db.YearMonth(month).Start()
	end := db.TimeOf(start.AddDate(0, 1, 0))
	s := &db.UsageSummary{Key: db.Key{CustomerID: key.CustomerID}, SubscriptionID: &key.ID, Source: db.STN, SourceID: fmt.Sprint(h.area, " ", h.records),
		SourceCustomerID: new("c"), YearMonth: db.YearMonth(month), MonthStart: &start, MonthEnd: &end}
	if name.Kind() == db.SIM {
		s.CardName = name.Stored()
	} else {
		s.NumberName = name.Stored()
	}
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{s}, nil))
		return err
	})
	h.evidence[name] = append(h.evidence[name], db.Evidence{Subscription: key, Start: start.Time, End: end.Time})
}

// unattributed stores a subscription of unattributed documents with a number or card.
func (h *holdingFixture) unattributed(name db.SubscriptionName, text string) db.Key {
	h.t.Helper()
	key := h.subscription("/"+string(name), numberOnly(db.DXP, text, name))
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error {
		return h.identify(ctx, tx, &db.SubscriptionIdentifier{Kind: name.Kind(), SourceName: name.Source(), Value: name.Value(), SubscriptionID: key.ID})
	})
	return key
}

// report stores a consumption report of market PR about a number or card or, without a name, about the own id in text.
// The owner is a subscription, a customer alone ("a/"), or empty for an unattributed report.
func (h *holdingFixture) report(owner, when string, name db.SubscriptionName, text string, set ...func(*db.ConsumptionReport)) {
	h.t.Helper()
	customer, own, _ := strings.Cut(owner, "/")
	name = h.inArea(name)
	r := &db.ConsumptionReport{Key: db.Key{CustomerID: h.customers[customer]}, Source: db.DXP, SourceID: h.area + text + "@" + when, EffectiveAt: at(when),
		SubscriptionName: name.Stored(), BusinessID: new("PR")}
	if name == "" {
		r.SourceSubscriptionID = &text
	}
	if own != "" {
		r.SubscriptionID = new(h.subscription(owner).ID)
	}
	for _, f := range set {
		f(r)
	}
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r}))
		return err
	})
}

// storeIdentifiers stores the identifiers that follow from the records. No record may be stored after it.
func (h *holdingFixture) storeIdentifiers() *holdingFixture {
	h.t.Helper()
	var rows []*db.SubscriptionIdentifier
	for name, evidence := range h.evidence {
		for i, holding := range db.Holdings(evidence) {
			start, firstEnd, lastStart, end := db.TimeOf(holding.Start), db.TimeOf(holding.FirstEnd), db.TimeOf(holding.LastStart), db.TimeOf(holding.End)
			for _, s := range holding.Subscriptions {
				rows = append(rows, &db.SubscriptionIdentifier{Kind: name.Kind(), SourceName: name.Source(), Value: name.Value(), CustomerID: s.CustomerID, SubscriptionID: s.ID,
					Position: int32(i), ValidFrom: &start, FirstEnd: &firstEnd, LastStart: &lastStart, ValidTo: &end, Disputed: holding.Disputed()})
			}
		}
	}
	write(h.t, h.store, func(ctx context.Context, tx *db.Tx) error { return h.identify(ctx, tx, rows...) })
	return h
}

// scope returns the scope of customers by their names; without names, that of every customer.
func (h *holdingFixture) scope(customers ...string) db.Scope {
	if len(customers) == 0 {
		return db.All()
	}
	var ids []int64
	for _, c := range customers {
		ids = append(ids, h.customers[c])
	}
	return db.Only(ids...)
}

// nameOf returns the name of a subscription by its key.
func (h *holdingFixture) nameOf(key db.Key) string {
	for name, k := range h.keys {
		if k == key {
			return name
		}
	}
	return fmt.Sprint(key)
}

// lookup returns the result of a subscription lookup: the subscription's name, or the code of the error.
func (h *holdingFixture) lookup(scope db.Scope, by db.SubscriptionBy) string {
	h.t.Helper()
	s, err := h.store.For(scope).Subscription(context.Background(), db.AllColumns, by)
	if known, ok := err.(*db.Error); ok {
		return string(known.Code)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.nameOf(s.Key)
}
