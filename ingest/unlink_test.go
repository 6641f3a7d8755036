package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources"
)

func unlink(a, b string) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		if _, err := ingest.UnlinkCustomers(context.Background(), store, must(ingest.ParseLink(a, b)), false); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUnlinkRestoresTheState compares the state without a link with the state after it was made and undone, with
// records imported before, between and after.
func TestUnlinkRestoresTheState(t *testing.T) {
	t.Parallel()
	for name, records := range map[string][]step{
		"own ids apart":                     {call(1, 17, "C-1"), summary("m", "c", "s", digits)},
		"one number, two systems":           {call(1, 17, phone), summaryIn("m", "c", "s", digits, "2025_03"), report(digits)},
		"a number in dispute":               {callAt(1, 17, phone, "2025-01-15T00:00:00Z"), summary("m", "c", "s", digits), reportAt(digits, "2025-01-20T00:00:00")},
		"numbers alone":                     {call(1, 17, phone), fee("f", "c", "Ann", phone), call(2, 17, "20018"), report(digits)},
		"a summary without a subscription":  {call(1, 17, phone), document(db.STN, `{"id":"m","customerId":"c","subscriptionId":"N/A","yearMonth":"2025_01","quantityInBundleHomeData":100,"usageHomeData":5}`)},
		"no subscription at all":            {document(db.Elevate, `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z"}`), summary("m", "c", "s", digits)},
		"a subscription that is not linked": {call(1, 17, phone), callAt(2, 18, phone, "2025-02-01T00:00:00Z"), summaryIn("m", "c", "s", digits, "2025_03"), report(digits), reportAt(digits, "2025-03-20T00:00:00")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				plain := dbtest.Open(t, t.TempDir()+"/plain.db")
				for _, s := range records {
					s(t, plain)
				}
				for cut := range len(records) + 1 {
					steps := slices.Concat(records[:cut], []step{link("elevate:17", "stn:c"), link("elevate:17", "brm:c")}, records[cut:],
						[]step{unlink("brm:c", "elevate:17"), unlink("elevate:17", "stn:c")}, records)
					for _, s := range steps {
						s(t, store)
					}
					if diff := cmp.Diff(known(plain), known(store)); diff != "" {
						t.Fatalf("linked after %d records: %s", cut, diff)
					}
				}
			})
		})
	}
}

// TestUnlinkDemoSet links the customers of the demo set and undoes the links in another order.
func TestUnlinkDemoSet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		set := demo.Set{Customers: 12, Records: 400, Months: 2}
		documents := sources.Demo(set)
		for _, document := range documents {
			importing(t, store, document.Source, document.Reader())
		}
		before := known(store)
		var links []ingest.Link
		for a, b := range set.Links(documents...) {
			links = append(links, must(ingest.ParseLink(a, b)))
		}
		views := scopedViews(t, store, links)
		if _, err := ingest.LinkCustomers(t.Context(), store, links, ingest.LinkOptions{}); err != nil {
			t.Fatal(err)
		}
		if cmp.Equal(before, known(store)) {
			t.Error("the links change nothing")
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
		for _, l := range links {
			if _, err := ingest.UnlinkCustomers(t.Context(), store, l, false); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, known(store)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(views, scopedViews(t, store, links)); diff != "" {
			t.Error(diff)
		}
	})
}

// scopedViews returns, for a client of each linked customer, the source ids of the usage records in its scope.
func scopedViews(t *testing.T, store *db.Store, links []ingest.Link) map[string][]string {
	t.Helper()
	views := map[string][]string{}
	for _, id := range identifiersOf(links) {
		hash := id.String()
		c, err := store.ClientBySecret(t.Context(), hash)
		if err != nil {
			if err = store.AddClient(t.Context(), &db.Client{ID: hash, Name: hash, SecretHash: hash}, id); err == nil {
				c, err = store.ClientBySecret(t.Context(), hash)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range allNodes(store.For(c.Scope()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: whole})) {
			views[hash] = append(views[hash], fmt.Sprint(u.Source, u.SourceID))
		}
		slices.Sort(views[hash])
	}
	return views
}

func identifiersOf(links []ingest.Link) []db.SourceID {
	var list []db.SourceID
	for _, l := range links {
		for _, id := range []db.SourceID{l.A, l.B} {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}

func TestLinkErrors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		call(1, 17, phone)(t, store)
		call(2, 18, phone)(t, store)
		for _, tt := range []struct {
			a, b string
			o    ingest.LinkOptions
			want string
		}{
			{"elevate:17", "stn:c-typo", ingest.LinkOptions{}, "no document names stn:c-typo"},
			{"brm:x", "stn:c-typo", ingest.LinkOptions{}, "no document names brm:x, stn:c-typo"},
			{"elevate:17", "elevate:18", ingest.LinkOptions{Create: true}, "two customers of one system"},
		} {
			pair := []ingest.Link{must(ingest.ParseLink(tt.a, tt.b))}
			for _, try := range []func() error{
				func() error { _, err := ingest.PreviewLinks(t.Context(), store, pair, tt.o); return err },
				func() error { _, err := ingest.LinkCustomers(t.Context(), store, pair, tt.o); return err },
			} {
				if err := try(); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s %s: %v, want %s", tt.a, tt.b, err, tt.want)
				}
			}
		}
		links, err := store.For(db.All().WithStaff(true)).CustomerLinks(t.Context(), whole)
		if err != nil || len(links.Nodes) != 0 {
			t.Errorf("%v, %v", links, err)
		}
		var e *db.Error
		if _, err := ingest.UnlinkCustomers(t.Context(), store, must(ingest.ParseLink("elevate:17", "stn:c")), false); !errors.As(err, &e) || e.Code != db.NotFound {
			t.Errorf("undoing a link that does not exist: %v", err)
		}
	})
}

func TestUnlinkCustomersThatOtherLinksJoin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{call(1, 17, phone), summary("m", "c", "s", digits), fee("f", "a", "Ann", phone), link("elevate:17", "stn:c"), link("stn:c", "brm:a"), link("brm:a", "elevate:17")} {
			s(t, store)
		}
		for i, pair := range [][2]string{{"elevate:17", "stn:c"}, {"stn:c", "brm:a"}} {
			result, err := ingest.UnlinkCustomers(t.Context(), store, must(ingest.ParseLink(pair[0], pair[1])), false)
			if joined := result.Sides[0] == nil; err != nil || joined != (i == 0) {
				t.Errorf("%v: joined %t, %v", pair, joined, err)
			}
		}
		customers := allNodes(store.For(db.All()).Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: whole}))
		if len(customers) != 2 {
			t.Errorf("%d customers, want elevate:17 with brm:a, and stn:c", len(customers))
		}
	})
}
