package ingest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
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

// call is a record of elevate, summary one of stn, fee one of brm, report and reportOn such of dxp: each with its id.
func call(id, customer int, service string) step {
	return document(db.Elevate, `{"id":%d,"customerId":%d,"eventDate":"2025-01-01T00:00:00Z","serviceId":%q}`, id, customer, service)
}

func summary(id, customer, line, phone string) step {
	return document(db.STN, `{"id":%q,"customerId":%q,"subscriptionId":%q,"yearMonth":"2025_01","phoneNumber":%q}`, id, customer, line, phone)
}

func fee(id, customer, name, line string) step {
	return document(db.BRM, `{"id":%q,"date":"2025-01-01T00:00:00Z","relatedParty":[{"id":%q,"name":%q,"role":"customer"},{"id":%q,"role":"subscriber"}]}`, id, customer, name, line)
}

func report(number string) step {
	return document(db.DXP, `{"description":"Usage Consumption Report for MSISDN %s","effectiveDate":"2025-01-01T00:00:00","bucket":[{"id":"1","usageType":"Data"}]}`, number)
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
		if _, err := ingest.LinkCustomers(context.Background(), store, []ingest.Link{l}); err != nil {
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

// known describes all that a store holds by the ids of its sources, a text for each line: the customer, what the line is
// called, and what belongs to it.
func known(store *db.Store) []string {
	ctx := context.Background()
	r := store.For(db.All())
	customers := map[int64][]string{0: {"nobody"}}
	for _, c := range everything(r.Customers(ctx, db.Everyone, db.CustomerQuery{Page: whole})) {
		for _, i := range must(r.CustomerIdentifiers(ctx, []db.Key{c.GlobalID().Key})) {
			customers[c.CustomerID] = append(customers[c.CustomerID], strings.ToLower(string(i.Source))+":"+i.Value)
		}
	}
	lines := map[db.Key][]string{}
	for id := range customers {
		lines[db.Key{CustomerID: id}] = nil
	}
	names := map[db.Key][]string{}
	for _, s := range everything(r.Subscriptions(ctx, db.Everyone, db.SubscriptionQuery{Page: whole})) {
		lines[s.Key] = nil
		for _, i := range must(r.SubscriptionIdentifiers(ctx, []db.Key{s.Key})) {
			names[s.Key] = append(names[s.Key], strings.TrimPrefix(strings.ToLower(string(i.SourceName))+":"+i.Value, ":"))
		}
	}
	belongs := func(customerID int64, line *int64, name string) {
		key := db.Key{CustomerID: customerID}
		if line != nil {
			key.ID = *line
		}
		lines[key] = append(lines[key], name)
	}
	for _, u := range everything(r.UsageRecords(ctx, db.Everyone, db.UsageRecordQuery{Page: whole})) {
		belongs(u.CustomerID, u.SubscriptionID, u.SourceID)
	}
	for _, m := range everything(r.UsageSummaries(ctx, db.Everyone, db.UsageSummaryQuery{Page: whole})) {
		belongs(m.CustomerID, m.SubscriptionID, m.SourceID)
	}
	for _, c := range everything(r.ConsumptionReports(ctx, db.Everyone, db.ConsumptionReportQuery{Page: whole})) {
		belongs(c.CustomerID, c.SubscriptionID, c.SourceID)
	}
	for _, b := range everything(r.Buckets(ctx, db.Everyone, db.BucketQuery{Page: whole})) {
		belongs(b.CustomerID, b.SubscriptionID, "bucket "+b.SourceID)
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

const (
	phone  = "+44 7700 900123"
	digits = "447700900123"
	at     = "@2025-01-01T00:00:00"
)

func TestWhoseARecordIs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []step
		want  []string
	}{
		{"a customer of one system, who has two lines", []step{call(1, 17, phone), call(2, 17, "20018"), call(3, 17, phone)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1 3", "elevate:17 | elevate:20018 | 2",
		}},
		{"a customer without a line", []step{document(db.Elevate, `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z"}`)}, []string{"elevate:17 |  | 1"}},
		{"a record of nobody", []step{document(db.BRM, `{"id":"u","date":"2025-01-01T00:00:00Z"}`)}, []string{"nobody |  | u"}},
		{"customer 0 is a customer", []step{call(1, 0, "20018")}, []string{"elevate:0 | elevate:20018 | 1"}},
		{"a number that two customers have joins nobody", []step{call(1, 17, phone), summary("m", "c", "s", digits), call(2, 18, phone)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1", "elevate:18 | 447700900123 elevate:+44 7700 900123 | 2", "stn:c | 447700900123 stn:s | m",
		}},
		{"a number within one customer is one line", []step{link("elevate:17", "stn:c"), call(1, 17, phone), summary("m", "c", "s", digits)}, []string{
			"elevate:17 stn:c | 447700900123 elevate:+44 7700 900123 stn:s | 1 m",
		}},
		{"a number of other digits is another line", []step{link("elevate:17", "stn:c"), call(1, 17, phone), summary("m", "c", "s", digits+"4")}, []string{
			"elevate:17 stn:c | 447700900123 elevate:+44 7700 900123 | 1", "elevate:17 stn:c | 4477009001234 stn:s | m",
		}},
		{"a masked number identifies nothing", []step{summary("m1", "c", "s1", "06-****7640"), summary("m2", "c", "s2", "06-****7640")}, []string{
			"stn:c | stn:s1 | m1", "stn:c | stn:s2 | m2",
		}},
		{"the same id in two systems is not the same line", []step{link("elevate:17", "stn:c"), call(1, 17, "20018"), summary("m", "c", "20018", "")}, []string{
			"elevate:17 stn:c | elevate:20018 | 1", "elevate:17 stn:c | stn:20018 | m",
		}},
		{"the same id of two customers is not the same line", []step{call(1, 17, "20018"), call(2, 18, "20018")}, []string{
			"elevate:17 | elevate:20018 | 1", "elevate:18 | elevate:20018 | 2",
		}},
		{"a line that gets a number joins the one that has it", []step{summary("m1", "c", "s1", "06-****0123"), summary("m2", "c", "s2", digits), summary("m3", "c", "s1", digits)}, []string{
			"stn:c | 447700900123 stn:s1 stn:s2 | m1 m2 m3",
		}},
		{"a report goes to the one line that has its number", []step{call(1, 17, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1 MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report on a number that nobody has is nobody's", []step{call(1, 17, "20018"), report(digits)}, []string{
			"elevate:17 | elevate:20018 | 1", "nobody | 447700900123 | MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report on a number that two have is nobody's", []step{call(1, 17, phone), call(2, 18, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1", "elevate:18 | 447700900123 elevate:+44 7700 900123 | 2",
			"nobody | 447700900123 | MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report of an id of its own is nobody's", []step{reportOn("S-1"), reportOn("S-2"), reportOn("S-1")}, []string{
			"nobody | dxp:S-1 | SUBSCRIPTIONID:S-1" + at, "nobody | dxp:S-2 | SUBSCRIPTIONID:S-2" + at,
		}},
		{"a report that came before its line's owner goes there when it comes again", []step{report(digits), call(1, 17, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1 MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report stays nobody's while it does not come again", []step{report(digits), call(1, 17, phone)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | 1", "nobody | 447700900123 | MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report that two have goes to the one whom they become", []step{call(1, 17, phone), summary("m", "c", "s", digits), report(digits), link("elevate:17", "stn:c"), report(digits)}, []string{
			"elevate:17 stn:c | 447700900123 elevate:+44 7700 900123 stn:s | 1 MSISDN:447700900123" + at + " bucket 1 m",
		}},
		{"three systems are one by two links", []step{call(1, 17, phone), fee("f", "a", "Ashcombe Ltd", phone), summary("m", "c", "s", digits), link("elevate:17", "brm:a"), link("stn:c", "brm:a")}, []string{
			"brm:a elevate:17 stn:c | 447700900123 brm:+44 7700 900123 elevate:+44 7700 900123 stn:s | 1 f m",
		}},
		{"a record that is another customer's now", []step{call(1, 17, phone), call(1, 18, phone)}, []string{
			"elevate:17 | 447700900123 elevate:+44 7700 900123 | ", "elevate:18 | 447700900123 elevate:+44 7700 900123 | 1",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range tt.steps {
					s(t, store)
				}
				if diff := cmp.Diff(tt.want, known(store)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
