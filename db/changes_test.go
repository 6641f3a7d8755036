package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestCompareReturnsStoredRecords compares new versions of stored records that differ in everything but source id,
// without an owner.
func TestCompareReturnsStoredRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		addTestSubscriptions(t, store)
		subscription := testSubscriptions[2]
		usage, summary, report := calls("u", 1, numberA, "x"), month("m", 2, both("x", numberA, "y", cardA, true)), balance("r", 3, numberA, "x", "PR")
		usage.LoadedDate, usage.LastUpdate, usage.SourceSubscriptionID = new(db.Date("2025-01-01")), new(day(4)), new("own")
		putAll(t, store, subscription, usage, summary, report)
		want := map[string]db.StoredRecord{}
		for name, r := range map[string]any{"u": usage, "m": summary, "r": report} {
			want[name] = db.StoredRecord{SubscriptionID: &subscription.ID, Claim: db.ClaimOf(r)}
		}
		counts := rowCounts(t, url)
		u2, m2, r2 := calls("u", 1, numberB, "y"), month("m", 2, withPhone("z", numberB)), balance("r", 3, numberB, "z", "NL")
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			for name, p := range map[string]*db.PreparedRecords{"u": db.PrepareRecords([]*db.UsageRecord{u2}, nil, nil), "m": db.PrepareRecords(nil, []*db.UsageSummary{m2}, nil), "r": db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r2})} {
				record := map[string]any{"u": u2, "m": m2, "r": r2}[name]
				changes, err := tx.Compare(ctx, p)
				if err != nil {
					return err
				}
				old, written := changes.Written(record)
				if !written || old == nil {
					t.Fatalf("%s: %v, %v", name, old, written)
				}
				id := map[string]int64{"u": usage.ID, "m": summary.ID, "r": report.ID}[name]
				of := want[name]
				of.Key = db.Key{CustomerID: subscription.CustomerID, ID: id}
				if diff := cmp.Diff(of, *old, sameTimes); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
				if changes.Outcome != (db.Outcome{Changed: 1}) {
					t.Errorf("%s: %+v", name, changes.Outcome)
				}
				if _, written := changes.Written(&db.UsageRecord{}); written {
					t.Error("a record that was not compared is written")
				}
				if err := changes.Remove(ctx); err != nil {
					return err
				}
				// If not chosen, the record is deleted; if chosen, it is stored under its old id and new owner.
				if err := changes.Insert(ctx, func(any) bool { return false }); err != nil {
					return err
				}
				if err := changes.Insert(ctx, func(r any) bool { return r == record }); err != nil {
					return err
				}
			}
			return nil
		})
		if diff := cmp.Diff(counts, rowCounts(t, url)); diff != "" {
			t.Error(diff)
		}
		if u2.ID != usage.ID || m2.ID != summary.ID || r2.ID != report.ID {
			t.Errorf("%d %d %d have become %d %d %d", usage.ID, summary.ID, report.ID, u2.ID, m2.ID, r2.ID)
		}
		found := must(store.For(db.All()).UsageRecordsByKey(t.Context(), db.AllColumns, []db.Key{{CustomerID: 0, ID: usage.ID}, {CustomerID: subscription.CustomerID, ID: usage.ID}}))
		if len(found) != 1 || found[0].CustomerID != 0 || *found[0].SubscriptionName != numberB {
			t.Errorf("found %v", found)
		}
	})
}
