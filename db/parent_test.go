package db_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestALineComesWithItsListAsItComesAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		columns := map[string]map[string]bool{
			"ServiceSubscription": {"phone_number": true, "is_group_sim": true}, "Connection": {"has_next_page": true},
			"UsageRecord": {"source_id": true}, "RatedUsage": {"tax_excluded_amount": true},
		}
		for name, scope := range map[string]db.Scope{"the operator": db.All(), "a customer": db.Only(w.customers[0].CustomerID), "nobody": {}} {
			for _, line := range w.lines {
				for _, children := range []bool{true, false} {
					if columns["RatedUsage"] = nil; children {
						columns["RatedUsage"] = map[string]bool{"tax_excluded_amount": true}
					}
					ctx := db.Reading(columns)(t.Context())
					q := db.UsageRecordQuery{Page: db.Page{Limit: 2}}
					of := db.Parents{Type: db.TypeSubscription, Keys: []db.Key{line.Key}}
					r := store.For(scope)
					lines, err := r.SubscriptionsByKey(ctx, of.Keys)
					if err != nil {
						t.Fatal(err)
					}
					want, err := r.UsageRecords(ctx, of, q)
					if err != nil {
						t.Fatal(err)
					}
					reading, parent := r.WithParent(ctx, line.GlobalID())
					if parent == nil && strings.Contains(t.Name(), "sqlite") {
						return
					}
					reading, statements := db.CountStatements(reading)
					got, err := r.UsageRecords(reading, of, q)
					if err != nil || statements() != 1 {
						t.Fatalf("%d statements: %v", statements(), err)
					}
					if d := cmp.Diff(want[0].Nodes, got[0].Nodes, exactly...); d != "" || want[0].HasNextPage != got[0].HasNextPage {
						t.Errorf("%s: another list:\n%s", name, d)
					}
					if !parent.Read || parent.Found != (len(lines) == 1) {
						t.Fatalf("%s: read %v, found %v, of %d", name, parent.Read, parent.Found, len(lines))
					}
					if parent.Found {
						if d := cmp.Diff(lines[0], parent.Node); d != "" {
							t.Errorf("%s: another line:\n%s", name, d)
						}
					}
				}
			}
		}
	})
}

func TestASummaryThatComesWithItsListHidesWhatItCost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		summary := &db.UsageSummary{Source: db.STN, SourceID: "1", YearMonth: "2025-01", Extension: db.JSON(`{"a":1,"netCost":2}`)}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Put(ctx, db.Pack(nil, []*db.UsageSummary{summary}, nil))
			return err
		})
		for scope, want := range map[bool]string{true: `{"a":1,"netCost":2}`, false: `{"a":1}`} {
			r := store.For(db.All().WithCost(scope))
			ctx, parent := r.WithParent(t.Context(), summary.GlobalID())
			if parent == nil && strings.Contains(t.Name(), "sqlite") {
				return
			}
			of := db.Parents{Type: db.TypeUsageSummary, Keys: []db.Key{summary.Key}}
			if _, err := r.Buckets(ctx, of, db.BucketQuery{Page: db.Page{Limit: 10}}); err != nil {
				t.Fatal(err)
			}
			if got := string(parent.Node.(*db.UsageSummary).Extension); !parent.Read || got != want {
				t.Errorf("%v, %s, want %s", parent.Read, got, want)
			}
		}
	})
}
