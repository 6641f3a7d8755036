package ingest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
)

func TestLinksBeforeAndAfterTheDataGiveTheSame(t *testing.T) {
	t.Parallel()
	records := []step{call(1, 17, phone), call(2, 17, "20018"), fee("f", "a", "Ashcombe Ltd", phone), summary("m", "c", "s", digits), summary("n", "c", "s2", "06-****7640")}
	links := []step{link("elevate:17", "brm:a"), link("stn:c", "brm:a")}
	orders := map[string][]step{
		"links first":                       slices.Concat(links, records, []step{report(digits)}),
		"links last but the report":         slices.Concat(records, links, []step{report(digits)}),
		"links last, then the report again": slices.Concat(records, []step{report(digits)}, links, []step{report(digits)}),
		"links last, the other way":         slices.Concat(records, []step{report(digits), links[1], links[0], report(digits)}),
		"links between":                     {records[3], links[1], records[0], records[4], links[0], records[2], records[1], report(digits)},
		"records the other way":             slices.Concat(backwards(records), links, []step{report(digits)}),
		"links first, records backward":     slices.Concat(links, backwards(records), []step{report(digits)}),
		"links twice":                       slices.Concat(links, records, links, []step{report(digits)}),
	}
	want := []string{
		"brm:a elevate:17 stn:c | 447700900123 brm:+44 7700 900123 elevate:+44 7700 900123 stn:s | 1 MSISDN:447700900123" + at + " bucket 1 f m",
		"brm:a elevate:17 stn:c | elevate:20018 | 2", "brm:a elevate:17 stn:c | stn:s2 | n",
	}
	for name, steps := range orders {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range steps {
					s(t, store)
				}
				if diff := cmp.Diff(want, known(store)); diff != "" {
					t.Error(diff)
				}
				c := everything(store.For(db.All()).Customers(context.Background(), db.Everyone, db.CustomerQuery{Page: whole}))
				if len(c) != 1 || c[0].Name == nil || *c[0].Name != "Ashcombe Ltd" {
					t.Errorf("%d customers; the first is called %v", len(c), c[0].Name)
				}
			})
		})
	}
}

func backwards(steps []step) []step {
	steps = slices.Clone(steps)
	slices.Reverse(steps)
	return steps
}

func TestLinksBeforeAndAfterAMadeUpSetGiveTheSame(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 10, Records: 300, Months: 1}
	linkAll := func(t testing.TB, store *db.Store) {
		for a, b := range set.Links() {
			link(a, b)(t, store)
		}
	}
	load := func(sources ...db.Source) step {
		return func(t testing.TB, store *db.Store) {
			for _, source := range sources {
				importing(t, store, source, set.Document(source))
			}
		}
	}
	first := dbtest.Open(t, filepath.Join(t.TempDir(), "first.db"))
	linkAll(t, first)
	load(db.BRM, db.Elevate, db.STN, db.DXP)(t, first)
	want := known(first)
	if i := slices.IndexFunc(want, func(l string) bool { return strings.HasPrefix(l, "nobody") }); i >= 0 || len(want) < 20 {
		t.Errorf("%d lines, one of nobody's: %d", len(want), i)
	}
	for name, steps := range map[string][]step{
		"links before dxp":       {load(db.STN, db.BRM, db.Elevate), linkAll, load(db.DXP)},
		"links last, then again": {load(db.DXP, db.Elevate, db.STN, db.BRM), linkAll, load(db.DXP)},
		"links between":          {load(db.BRM, db.STN), linkAll, load(db.Elevate, db.DXP)},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range steps {
					s(t, store)
				}
				if diff := cmp.Diff(want, known(store)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestLinkingDoesNotChangeRecords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{call(1, 17, phone), summary("m", "c", "s", digits), link("elevate:17", "stn:c")} {
			s(t, store)
		}
		again := importing(t, store, db.STN, strings.NewReader(fmt.Sprintf(`{"id":"m","customerId":"c","subscriptionId":"s","yearMonth":"2025_01","phoneNumber":%q}`, digits)))
		if again.Unchanged != 1 {
			t.Errorf("the same document after linking: %s", again)
		}
	})
}

func TestWhatALineLearns(t *testing.T) {
	t.Parallel()
	line := func(store *db.Store) string {
		s := everything(store.For(db.All()).Subscriptions(context.Background(), db.Everyone, db.SubscriptionQuery{Page: whole}))[0]
		var text []string
		for _, v := range []*string{s.PhoneNumber, s.ProviderGroup, s.BusinessID} {
			if v == nil {
				v = new("-")
			}
			text = append(text, *v)
		}
		group := "-"
		if s.IsGroupSim != nil {
			group = fmt.Sprint(*s.IsGroupSim)
		}
		return strings.Join(append(text, group), " ")
	}
	stn := func(rest string) step {
		return document(db.STN, `{"id":"m","customerId":"c","subscriptionId":"s","yearMonth":"2025_01"%s}`, rest)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, tt := range []struct {
			name string
			step step
			want string
		}{
			{"nothing yet", stn(``), "- - - -"},
			{"a masked number", stn(`,"phoneNumber":"06-****7640"`), "06-****7640 - - -"},
			{"a full number", stn(`,"phoneNumber":"0612347640"`), "0612347640 - - -"},
			{"no masked number over a full one", stn(`,"phoneNumber":"06-****7640"`), "0612347640 - - -"},
			{"a group", stn(`,"providerGroup":"KPN","isGroupSim":true`), "0612347640 KPN - true"},
			{"another group", stn(`,"providerGroup":"TMO","isGroupSim":false`), "0612347640 TMO - false"},
			{"nothing goes because it is not said", stn(``), "0612347640 TMO - false"},
			{"another full number", stn(`,"phoneNumber":"0612340000"`), "0612340000 TMO - false"},
			{"a market from another system", document(db.DXP, `{"description":"Usage Consumption Report for MSISDN 0612347640","effectiveDate":"2025-01-01T00:00:00"}`), "0612347640 TMO PR false"},
		} {
			tt.step(t, store)
			if got := line(store); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		}
	})
}

func TestACustomersNameIsTheLastOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{call(1, 17, phone), fee("f1", "a", "Ashcombe", phone), fee("f2", "a", "Ashcombe Ltd", phone), link("elevate:17", "brm:a"), call(2, 17, phone)} {
			s(t, store)
		}
		c := everything(store.For(db.All()).Customers(context.Background(), db.Everyone, db.CustomerQuery{Page: whole}))
		if len(c) != 1 || *c[0].Name != "Ashcombe Ltd" || c[0].Source != db.Elevate || c[0].SourceID != "17" {
			t.Errorf("%d customers; the first is %+v", len(c), c[0])
		}
	})
}

// TestImportsAtOnceMakeACustomerOnce has several programs import the same new customers.
func TestImportsAtOnceMakeACustomerOnce(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 5, Records: 500, Months: 1}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.Open(t, url)
		var wait sync.WaitGroup
		for node := range int64(4) {
			wait.Go(func() {
				store, err := db.Open(context.Background(), url, db.Options{Node: node + 1, Connections: 2})
				if err != nil {
					t.Error(err)
					return
				}
				defer store.Close()
				if _, err := importer(t, store).Import(context.Background(), db.Elevate, "test.json", set.Document(db.Elevate)); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		got := asked(t, url, `SELECT (SELECT COUNT(*) FROM customers), (SELECT COUNT(*) FROM customer_identifiers), (SELECT COUNT(*) FROM subscriptions) - (SELECT COUNT(DISTINCT value) FROM subscription_identifiers WHERE kind = 'MSISDN'),
			(SELECT COUNT(*) FROM usage_records) - (SELECT COUNT(DISTINCT source_id) FROM usage_records)`)
		if diff := cmp.Diff([]string{"5 5 0 0"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
