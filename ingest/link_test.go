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
	"usagegraph/sources"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

func TestLinksAndRecordsInAnyOrder(t *testing.T) {
	t.Parallel()
	records := []step{call(1, 17, phone), call(2, 17, "20018"), fee("f", "a", "Ashcombe Ltd", phone), summary("m", "c", "s", digits), summary("n", "c", "s2", "06-****7640"), report(digits)}
	links := []step{link("elevate:17", "brm:a"), link("stn:c", "brm:a")}
	orders := map[string][]step{
		"links first":                   slices.Concat(links, records),
		"links last":                    slices.Concat(records, links),
		"links last, the other way":     slices.Concat(records, backwards(links)),
		"links between":                 {records[3], links[1], records[0], records[4], records[5], links[0], records[2], records[1]},
		"records backward, links last":  slices.Concat(backwards(records), links),
		"links first, records backward": slices.Concat(links, backwards(records)),
		"links twice":                   slices.Concat(links, records, links),
		"records twice":                 slices.Concat(records, links, records),
	}
	want := []string{
		"brm:a elevate:17 stn:c | 447700900123 stn:s | 1 MSISDN:447700900123" + at + " WINDOW bucket 1 f m",
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
				c := allNodes(store.For(db.All()).Customers(context.Background(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: whole}))
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

func TestLinksAndDemoSetInAnyOrder(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 10, Records: 300, Months: 1}
	linkAll := func(t testing.TB, store *db.Store) {
		for a, b := range set.Links(sources.Demo(set)...) {
			link(a, b)(t, store)
		}
	}
	brm, elevate, stn, dxp := brm.Demo(set), elevate.Demo(set), stn.Demo(set), dxp.Demo(set)
	load := func(documents ...demo.Document) step {
		return func(t testing.TB, store *db.Store) {
			for _, document := range documents {
				importing(t, store, document.Source, document.Reader())
			}
		}
	}
	first := dbtest.Open(t, filepath.Join(t.TempDir(), "first.db"))
	linkAll(t, first)
	load(brm, elevate, stn, dxp)(t, first)
	want := known(first)
	if i := slices.IndexFunc(want, func(l string) bool { return strings.HasPrefix(l, "unattributed") }); i >= 0 || len(want) < 20 {
		t.Errorf("%d lines, the first unattributed one: %d", len(want), i)
	}
	for name, steps := range map[string][]step{
		"links before dxp": {load(stn, brm, elevate), linkAll, load(dxp)},
		"links last":       {load(dxp, elevate, stn, brm), linkAll},
		"links between":    {load(brm, stn), linkAll, load(elevate, dxp)},
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

func TestLinkDoesNotChangeRecords(t *testing.T) {
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

// TestLinkMovesReports is case o04 without unlink: a summary and a call with one number in January, and a report of 20
// January.
func TestLinkMovesReports(t *testing.T) {
	t.Parallel()
	const january = "@2025-01-20T04:00:00Z"
	records := []step{summary("m1", "A", "s1", digits), callAt(1, 17, phone, "2025-01-15T00:00:00Z"), reportAt(digits, "2025-01-20T00:00:00")}
	before := []string{
		"elevate:17 | 447700900123 | 1", "stn:A | 447700900123 stn:s1 | m1", "unattributed | 447700900123 | MSISDN:447700900123" + january + " bucket 1",
	}
	after := []string{"elevate:17 stn:A | 447700900123 stn:s1 | 1 MSISDN:447700900123" + january + " WINDOW bucket 1 m1"}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range records {
			s(t, store)
		}
		if diff := cmp.Diff(before, known(store)); diff != "" {
			t.Errorf("before the link: %s", diff)
		}
		link("stn:A", "elevate:17")(t, store)
		if diff := cmp.Diff(after, known(store)); diff != "" {
			t.Errorf("after the link: %s", diff)
		}
	})
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range slices.Concat([]step{link("stn:A", "elevate:17")}, records) {
			s(t, store)
		}
		if diff := cmp.Diff(after, known(store)); diff != "" {
			t.Errorf("linked first: %s", diff)
		}
	})
}

// TestConcurrentImportsCreateEachCustomerOnce imports the same new customers from several connection pools, each as
// its own node.
func TestConcurrentImportsCreateEachCustomerOnce(t *testing.T) {
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
				if _, err := importer(t, store).Import(context.Background(), db.Elevate, "test.json", elevate.Demo(set).Reader()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		got := queryRows(t, url, `SELECT (SELECT COUNT(*) FROM customers), (SELECT COUNT(*) FROM customer_identifiers), (SELECT COUNT(*) FROM subscriptions) - (SELECT COUNT(DISTINCT value) FROM subscription_identifiers WHERE kind = 'MSISDN'),
			(SELECT COUNT(*) FROM usage_records) - (SELECT COUNT(DISTINCT source_id) FROM usage_records)`)
		if diff := cmp.Diff([]string{"5 5 0 0"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
