package ingest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// addScopedClient adds a client of customers that may import.
func addScopedClient(t testing.TB, store *db.Store, id string, customers ...db.SourceID) {
	t.Helper()
	c := &db.Client{ID: id, Name: id, SecretHash: id, SeesEveryone: len(customers) == 0, MayImport: true}
	if err := store.AddClient(context.Background(), c, customers...); err != nil {
		t.Fatal(err)
	}
}

// importingAs imports a document of a client and returns the report, and the rejects without the name of the file.
func importingAs(t testing.TB, store *db.Store, client string, source db.Source, text string) (report ingest.Report, rejects []string) {
	t.Helper()
	im := importer(t, store)
	im.ClientID = client
	im.Reject = func(r ingest.Reject) {
		rejects = append(rejects, fmt.Sprintf("%d %s", r.Number, r.Reason))
	}
	report, err := im.Import(context.Background(), source, "test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return report, rejects
}

// as imports one record of elevate as a client.
func as(client string, id, customer int, service, at string) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		text := fmt.Sprintf(`{"id":%d,"customerId":%d,"eventDate":%q,"serviceId":%q}`, id, customer, at, service)
		if report, rejects := importingAs(t, store, client, db.Elevate, text); report.Rejected > 0 {
			t.Fatalf("%s: %v", text, rejects)
		}
	}
}

const january = "2025-01-01T00:00:00Z"

func TestClientImportsRecordsOfItsCustomersAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{call(1, 17, phone), call(2, 18, "CIRCUIT-1"), document(db.Elevate, `{"id":3,"eventDate":"2025-01-01T00:00:00Z"}`)} {
			s(t, store)
		}
		addScopedClient(t, store, "c17", db.SourceID{Source: db.Elevate, Value: "17"})
		record := func(id int, customer, rest string) string {
			return fmt.Sprintf(`{"id":%d,"customerId":%s,"eventDate":"2025-01-01T00:00:00Z"%s}`, id, customer, rest)
		}
		report, rejects := importingAs(t, store, "c17", db.Elevate, strings.Join([]string{
			record(10, "17", ""), record(11, "18", ""), record(12, "99", ""), record(13, "null", ""), record(2, "17", ""), record(3, "17", ""), `{"id":14}`,
			record(2, "18", `,"serviceId":"CIRCUIT-1"`), record(1, "17", `,"serviceId":"`+phone+`"`), record(1, "17", `,"serviceId":"`+phone+`","destination":"x"`), record(1, "17", ""),
		}, "\n"))
		const outside = "not a record of this client's customers"
		want := []string{"2 " + outside, "3 " + outside, "4 " + outside, "5 " + outside, "6 " + outside, "7 eventDate: missing", "8 " + outside,
			"11 stored with another customer, subscription or time, which a client of some customers cannot change"}
		if diff := cmp.Diff(want, rejects); diff != "" || report.Read != 11 || report.New != 1 || report.Changed != 1 || report.Unchanged != 1 || report.Rejected != 8 {
			t.Errorf("%s %s", report, diff)
		}
		if _, rejects := importingAs(t, store, "c17", db.DXP, `{"description":"Usage Consumption Report for MSISDN `+digits+`","effectiveDate":"2025-01-01T00:00:00"}`); !slices.Equal(rejects, []string{"1 " + outside}) {
			t.Errorf("a report: %v", rejects)
		}
		wantKnown := []string{"elevate:17 |  | 10", "elevate:17 | 447700900123 | 1", "elevate:18 | elevate:CIRCUIT-1 | 2", "unattributed |  | 3"}
		if diff := cmp.Diff(wantKnown, known(store)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRecordsOfScopedClientsAreNoEvidence(t *testing.T) {
	t.Parallel()
	base := []step{call(1, 17, "CIRCUIT-1"), call(2, 18, "CIRCUIT-2"), func(t testing.TB, store *db.Store) {
		addScopedClient(t, store, "c17", db.SourceID{Source: db.Elevate, Value: "17"})
	}}
	both := []string{"elevate:17 | elevate:CIRCUIT-1 | 1", "elevate:18 | elevate:CIRCUIT-2 | 2"}
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"a number", []step{as("c17", 3, 17, phone, january), report(digits)},
			append(both, "elevate:17 | 447700900123 | 3", "unattributed | 447700900123 | MSISDN:447700900123"+at+" bucket 1")},
		{"a number that another customer has", []step{as("c17", 3, 17, phone, january), call(4, 18, phone), report(digits)},
			append(both, "elevate:17 | 447700900123 | 3", "elevate:18 | 447700900123 | 4 MSISDN:447700900123"+at+" WINDOW bucket 1")},
		{"a number in two imports", []step{as("c17", 3, 17, phone, january), as("c17", 4, 17, phone, january)}, append(both, "elevate:17 | 447700900123 | 3 4")},
		{"a record that comes both ways is evidence", []step{as("c17", 3, 17, phone, january), call(3, 17, phone), report(digits)},
			append(both, "elevate:17 | 447700900123 | 3 MSISDN:447700900123"+at+" WINDOW bucket 1")},
		{"a record by number goes to the subscription with an own id and evidence", []step{link("elevate:17", "stn:c"), as("c17", 3, 17, phone, january), summary("m", "c", "s", digits)},
			[]string{"elevate:17 stn:c | 447700900123 stn:s | 3 m", "elevate:17 stn:c | elevate:CIRCUIT-1 | 1", both[1]}},
		{"a link of a customer with a scoped record", []step{as("c17", 3, 17, phone, january), link("elevate:17", "stn:c"), as("c17", 4, 17, phone, january)},
			[]string{"elevate:17 stn:c | 447700900123 | 3 4", "elevate:17 stn:c | elevate:CIRCUIT-1 | 1", both[1]}},
	} {
		want := slices.Sorted(slices.Values(tt.want))
		// Links come first, because a permutation may not change what a scope includes.
		for i, order := range permutations(len(tt.steps)) {
			t.Run(fmt.Sprintf("%s, order %d", tt.name, i), func(t *testing.T) {
				t.Parallel()
				dbtest.Each(t, func(t *testing.T, store *db.Store) {
					for _, s := range base {
						s(t, store)
					}
					for _, n := range order {
						tt.steps[n](t, store)
					}
					if diff := cmp.Diff(want, known(store)); diff != "" {
						t.Error(diff)
					}
				})
			})
		}
	}
}

// permutations returns the orders of n elements.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}

// holdingsOf returns the identifiers with times of all customers but one, and the records of these customers.
func holdingsExceptOf(store *db.Store, customer string) (holdings, others []string) {
	ctx, r := context.Background(), store.For(db.All())
	for _, s := range allNodes(r.Subscriptions(ctx, db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole})) {
		for _, i := range must(r.SubscriptionIdentifiers(ctx, db.AllColumns, []db.Key{s.Key})) {
			if i.ValidFrom != nil {
				holdings = append(holdings, fmt.Sprint(i.CustomerID, i.SubscriptionID, i.Value, i.ValidFrom, i.FirstEnd, i.LastStart, i.ValidTo, i.Disputed, i.Assigned))
			}
		}
	}
	slices.Sort(holdings)
	for _, line := range known(store) {
		if !strings.HasPrefix(line, customer+" ") {
			others = append(others, line)
		}
	}
	return holdings, others
}

// TestScopedImportsChangeNothingOutsideTheirScope imports random records as a client of customer 17 into random records.
func TestScopedImportsChangeNothingOutsideTheirScope(t *testing.T) {
	t.Parallel()
	numbers := []string{phone, "+44 7700 900124", "CIRCUIT-1", "CIRCUIT-2", "8201", ""}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		call(1, 17, phone)(t, store)
		addScopedClient(t, store, "c17", db.SourceID{Source: db.Elevate, Value: "17"})
		for seed := range uint64(40) {
			random := rand.New(rand.NewPCG(seed, 0))
			draw := func() (id, customer int, service, at string) {
				return random.IntN(30), 17 + random.IntN(3), numbers[random.IntN(len(numbers))], fmt.Sprintf("2025-%02d-01T00:00:00Z", 1+random.IntN(6))
			}
			id, customer, service, at := draw()
			callAt(id, customer, service, at)(t, store)
			reportAt(digits, fmt.Sprintf("2025-%02d-15T00:00:00", 1+random.IntN(8)))(t, store)
			holdings, others := holdingsExceptOf(store, "elevate:17")
			var text strings.Builder
			for range 1 + random.IntN(4) {
				id, customer, service, at := draw()
				fmt.Fprintf(&text, `{"id":%d,"customerId":%d,"eventDate":%q,"serviceId":%q}`+"\n", id, customer, at, service)
			}
			importingAs(t, store, "c17", db.Elevate, text.String())
			holdingsAfter, othersAfter := holdingsExceptOf(store, "elevate:17")
			if diff := cmp.Diff(holdings, holdingsAfter) + cmp.Diff(others, othersAfter); diff != "" {
				t.Fatalf("seed %d: %s%s", seed, text.String(), diff)
			}
		}
	})
}

// TestNumberOfAnotherCustomerLooksUnknown looks up the subscription of a scoped record whose number another customer has,
// or none.
func TestNumberOfAnotherCustomerLooksUnknown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		call(1, 17, "CIRCUIT-1")(t, store)
		call(2, 18, phone)(t, store)
		addScopedClient(t, store, "c17", db.SourceID{Source: db.Elevate, Value: "17"})
		as("c17", 3, 17, phone, january)(t, store)
		as("c17", 4, 17, "+44 7700 900124", january)(t, store)
		customers := allNodes(store.For(db.All()).Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: whole}))
		r := store.For(db.Only(customers[0].CustomerID))
		for _, number := range []string{phone, "447700900123", "+44 7700 900124"} {
			if s, err := r.Subscription(t.Context(), db.AllColumns, db.SubscriptionBy{PhoneNumber: &number}); err != nil || s.CustomerID != customers[0].CustomerID {
				t.Errorf("%s: %v", number, err)
			}
		}
		number := phone
		if s, err := store.For(db.All()).Subscription(t.Context(), db.AllColumns, db.SubscriptionBy{PhoneNumber: &number}); err != nil || s.CustomerID != customers[1].CustomerID {
			t.Errorf("the holder: %v %v", s, err)
		}
	})
}

func TestRevokedClientStopsImporting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addScopedClient(t, store, "all")
		im := importer(t, store)
		im.ClientID, im.BatchRecords = "all", 1
		im.Progress = func(r ingest.Report) {
			if r.Read == 1 {
				if err := store.RevokeClient(t.Context(), "all"); err != nil {
					t.Error(err)
				}
			}
		}
		report, err := im.Import(t.Context(), db.Elevate, "test", strings.NewReader(record+strings.ReplaceAll(record, `"id":1`, `"id":2`)))
		if err == nil || !strings.Contains(err.Error(), "may not import") || report.New != 1 {
			t.Errorf("%s %v", report, err)
		}
	})
}
