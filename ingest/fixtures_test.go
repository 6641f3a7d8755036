package ingest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/ingest"
)

const (
	phone  = "+44 7700 900123"
	digits = "447700900123"
	// at is the time of a report in its id: midnight of 1 January 2025 in Puerto Rico.
	at = "@2025-01-01T04:00:00Z"
)

// step imports one record or makes a decision.
type step func(testing.TB, *db.Store)

func document(source db.Source, text string, values ...any) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		if report := importing(t, store, source, strings.NewReader(fmt.Sprintf(text, values...))); report.Rejected > 0 {
			t.Fatalf("%s: rejected: %s", source, fmt.Sprintf(text, values...))
		}
	}
}

// call, fee, summary and report return documents of elevate, brm, sTN and dxp for January 2025; those with the suffix
// At or In take a time.
func call(id, customer int, service string) step {
	return callAt(id, customer, service, "2025-01-01T00:00:00Z")
}

func callAt(id, customer int, service, at string) step {
	return document(db.Elevate, `{"id":%d,"customerId":%d,"eventDate":%q,"serviceId":%q}`, id, customer, at, service)
}

func summary(id, customer, subscription, phone string) step {
	return summaryIn(id, customer, subscription, phone, "2025_01")
}

func summaryIn(id, customer, subscription, phone, month string) step {
	return document(db.STN, `{"id":%q,"customerId":%q,"subscriptionId":%q,"yearMonth":%q,"phoneNumber":%q}`, id, customer, subscription, month, phone)
}

func fee(id, customer, name, subscription string) step {
	return feeAt(id, customer, name, subscription, "2025-01-01T00:00:00Z")
}

func feeAt(id, customer, name, subscription, at string) step {
	return document(db.BRM, `{"id":%q,"date":%q,"relatedParty":[{"id":%q,"name":%q,"role":"customer"},{"id":%q,"role":"subscriber"}]}`, id, at, customer, name, subscription)
}

func report(number string) step {
	return reportAt(number, "2025-01-01T00:00:00")
}

func reportAt(number, at string) step {
	return document(db.DXP, `{"description":"Usage Consumption Report for MSISDN %s","effectiveDate":%q,"bucket":[{"id":"1","usageType":"Data"}]}`, number, at)
}

func reportOn(subscription string) step {
	return document(db.DXP, `{"description":"Usage Consumption Report for SubscriptionId %s","effectiveDate":"2025-01-01T00:00:00"}`, subscription)
}

func link(a, b string) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		l, err := ingest.ParseLink(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.LinkCustomers(context.Background(), store, []ingest.Link{l}, ingest.LinkOptions{Create: true, SameSystem: true}); err != nil {
			t.Fatal(err)
		}
	}
}

var whole = db.Page{Limit: db.MaxPage}

// allNodes returns the nodes of a list, which must fit on one page.
func allNodes[T any](pages []*db.Connection[T], err error) []*T {
	if err != nil {
		panic(err)
	}
	if pages[0].HasNextPage {
		panic("more than a page")
	}
	return pages[0].Nodes
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// known describes the contents of a store by source ids, one text for each subscription: the identifiers of the
// customer, those of the subscription, and its records with their attribution.
func known(store *db.Store) []string {
	ctx := context.Background()
	r := store.For(db.All())
	customers := map[int64][]string{0: {"unattributed"}}
	for _, c := range allNodes(r.Customers(ctx, db.AllColumns, db.NoParent, db.CustomerQuery{Page: whole})) {
		for _, i := range must(r.CustomerIdentifiers(ctx, db.AllColumns, []db.Key{c.NodeKey()})) {
			customers[c.CustomerID] = append(customers[c.CustomerID], strings.ToLower(string(i.Source))+":"+i.Value)
		}
	}
	recordsOf := map[db.Key][]string{}
	for id := range customers {
		recordsOf[db.Key{CustomerID: id}] = nil
	}
	names := map[db.Key][]string{}
	for _, s := range allNodes(r.Subscriptions(ctx, db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole})) {
		recordsOf[s.Key] = nil
		for _, i := range must(r.SubscriptionIdentifiers(ctx, db.AllColumns, []db.Key{s.Key})) {
			names[s.Key] = append(names[s.Key], strings.TrimPrefix(strings.ToLower(string(i.SourceName))+":"+i.Value, ":"))
		}
	}
	addRecord := func(customerID int64, subscription *int64, name string, how *db.Attribution) {
		if how != nil {
			name += " " + string(*how)
		}
		key := db.Key{CustomerID: customerID}
		if subscription != nil {
			key.ID = *subscription
		}
		recordsOf[key] = append(recordsOf[key], name)
	}
	for _, u := range allNodes(r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: whole})) {
		addRecord(u.CustomerID, u.SubscriptionID, u.SourceID, u.Attribution)
	}
	for _, m := range allNodes(r.UsageSummaries(ctx, db.AllColumns, db.NoParent, db.UsageSummaryQuery{Page: whole})) {
		addRecord(m.CustomerID, m.SubscriptionID, m.SourceID, nil)
	}
	for _, c := range allNodes(r.ConsumptionReports(ctx, db.AllColumns, db.NoParent, db.ConsumptionReportQuery{Page: whole})) {
		addRecord(c.CustomerID, c.SubscriptionID, c.SourceID, c.Attribution)
	}
	for _, b := range allNodes(r.Buckets(ctx, db.AllColumns, db.NoParent, db.BucketQuery{Page: whole})) {
		addRecord(b.CustomerID, b.SubscriptionID, "bucket "+b.SourceID, nil)
	}
	var list []string
	for key, of := range recordsOf {
		if key.ID == 0 && len(of) == 0 && (key.CustomerID == 0 || slices.ContainsFunc(slices.Collect(maps.Keys(recordsOf)), func(k db.Key) bool { return k.CustomerID == key.CustomerID && k.ID != 0 })) {
			continue
		}
		slices.Sort(of)
		list = append(list, strings.Join([]string{sorted(customers[key.CustomerID]), sorted(names[key]), strings.Join(of, " ")}, " | "))
	}
	slices.Sort(list)
	return list
}

func sorted(names []string) string {
	slices.Sort(names)
	return strings.Join(names, " ")
}
