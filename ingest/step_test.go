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
	// at is the instant of a report in its id: midnight of 1 January 2025 in Puerto Rico.
	at = "@2025-01-01T04:00:00Z"
)

// step is an import of one record, or a link.
type step func(testing.TB, *db.Store)

func document(source db.Source, text string, values ...any) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		if report := importing(t, store, source, strings.NewReader(fmt.Sprintf(text, values...))); report.Rejected > 0 {
			t.Fatalf("%s: rejected: %s", source, fmt.Sprintf(text, values...))
		}
	}
}

// call, fee, summary and report return documents of elevate, brm, sTN and dxp for January 2025; those named "At" and "In"
// have a time of their own.
func call(id, customer int, service string) step {
	return callAt(id, customer, service, "2025-01-01T00:00:00Z")
}

func callAt(id, customer int, service, at string) step {
	return document(db.Elevate, `{"id":%d,"customerId":%d,"eventDate":%q,"serviceId":%q}`, id, customer, at, service)
}

func summary(id, customer, line, phone string) step {
	return summaryIn(id, customer, line, phone, "2025_01")
}

func summaryIn(id, customer, line, phone, month string) step {
	return document(db.STN, `{"id":%q,"customerId":%q,"subscriptionId":%q,"yearMonth":%q,"phoneNumber":%q}`, id, customer, line, month, phone)
}

func fee(id, customer, name, line string) step {
	return feeAt(id, customer, name, line, "2025-01-01T00:00:00Z")
}

func feeAt(id, customer, name, line, at string) step {
	return document(db.BRM, `{"id":%q,"date":%q,"relatedParty":[{"id":%q,"name":%q,"role":"customer"},{"id":%q,"role":"subscriber"}]}`, id, at, customer, name, line)
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

// everything returns the nodes of a list that one page holds.
func everything[T any](pages []*db.Connection[T], err error) []*T {
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

// known describes all that a store holds by the ids of its sources, a text for each subscription: the names of the
// customer, those of the subscription, and its records; an attributed record has its attribution behind it.
func known(store *db.Store) []string {
	ctx := context.Background()
	r := store.For(db.All())
	customers := map[int64][]string{0: {"unattributed"}}
	for _, c := range everything(r.Customers(ctx, db.NoParent, db.CustomerQuery{Page: whole})) {
		for _, i := range must(r.CustomerIdentifiers(ctx, []db.Key{c.NodeKey()})) {
			customers[c.CustomerID] = append(customers[c.CustomerID], strings.ToLower(string(i.Source))+":"+i.Value)
		}
	}
	lines := map[db.Key][]string{}
	for id := range customers {
		lines[db.Key{CustomerID: id}] = nil
	}
	names := map[db.Key][]string{}
	for _, s := range everything(r.Subscriptions(ctx, db.NoParent, db.SubscriptionQuery{Page: whole})) {
		lines[s.Key] = nil
		for _, i := range must(r.SubscriptionIdentifiers(ctx, []db.Key{s.Key})) {
			names[s.Key] = append(names[s.Key], strings.TrimPrefix(strings.ToLower(string(i.SourceName))+":"+i.Value, ":"))
		}
	}
	belongs := func(customerID int64, line *int64, name string, how *db.Attribution) {
		if how != nil {
			name += " " + string(*how)
		}
		key := db.Key{CustomerID: customerID}
		if line != nil {
			key.ID = *line
		}
		lines[key] = append(lines[key], name)
	}
	for _, u := range everything(r.UsageRecords(ctx, db.NoParent, db.UsageRecordQuery{Page: whole})) {
		belongs(u.CustomerID, u.SubscriptionID, u.SourceID, u.Attribution)
	}
	for _, m := range everything(r.UsageSummaries(ctx, db.NoParent, db.UsageSummaryQuery{Page: whole})) {
		belongs(m.CustomerID, m.SubscriptionID, m.SourceID, nil)
	}
	for _, c := range everything(r.ConsumptionReports(ctx, db.NoParent, db.ConsumptionReportQuery{Page: whole})) {
		belongs(c.CustomerID, c.SubscriptionID, c.SourceID, c.Attribution)
	}
	for _, b := range everything(r.Buckets(ctx, db.NoParent, db.BucketQuery{Page: whole})) {
		belongs(b.CustomerID, b.SubscriptionID, "bucket "+b.SourceID, nil)
	}
	var list []string
	for key, of := range lines {
		if key.ID == 0 && len(of) == 0 && (key.CustomerID == 0 || slices.ContainsFunc(slices.Collect(maps.Keys(lines)), func(k db.Key) bool { return k.CustomerID == key.CustomerID && k.ID != 0 })) {
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
