package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// verifyTotals fails the test unless the stored totals are those of the records.
func verifyTotals(t *testing.T, store *db.Store, when string) {
	t.Helper()
	if lines := totalsDifferences(t, store); len(lines) > 0 {
		t.Fatalf("%s:\n%s", when, strings.Join(lines, "\n"))
	}
}

func totalsDifferences(t *testing.T, store *db.Store) (lines []string) {
	t.Helper()
	n, err := store.VerifyTotals(t.Context(), func(line string) { lines = append(lines, line) }, func(int64, int64) {})
	if err != nil || n != len(lines) {
		t.Fatalf("%d differences in %d lines, %v", n, len(lines), err)
	}
	return lines
}

// TestWritesKeepTheStoredTotals inserts, replaces, deletes, moves and merges random records, before, during and after the
// stored totals are built.
func TestWritesKeepTheStoredTotals(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		verifyTotals(t, store, "a new database")
		for round := range 4 {
			w.random = rand.New(rand.NewPCG(*questionsSeed, uint64(round)))
			if round%2 == 1 {
				if err := store.DropTotals(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for step := range 6 {
				w.change(t, store)
				if round%2 == 0 {
					verifyTotals(t, store, fmt.Sprintf("-totals.seed %d, round %d, step %d", *questionsSeed, round, step))
				} else if _, _, err := store.BuildTotals(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			buildTotals(t, store)
			verifyTotals(t, store, fmt.Sprintf("-totals.seed %d, round %d", *questionsSeed, round))
		}
	})
}

// buildTotals builds the stored totals to their end.
func buildTotals(t *testing.T, store *db.Store) {
	t.Helper()
	for more := true; more; {
		var err error
		if _, more, err = store.BuildTotals(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// change writes random records: new ones, others in place of stored ones, in other months and for other customers, and
// deletes some.
func (w *world) change(t *testing.T, store *db.Store) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		first := len(w.records)
		for range 20 {
			customer := pick(w, w.customers...)
			w.addRecord(customer.CustomerID, nil)
		}
		list := w.records[first:]
		for _, u := range list {
			u.SourceID = fmt.Sprint("u", w.random.IntN(300))
			u.EventTime = db.TimeOf(u.EventTime.AddDate(0, w.random.IntN(4), 0))
		}
		p := db.PrepareRecords(list, nil, nil)
		changes, err := tx.Compare(ctx, p)
		if err != nil {
			return err
		}
		if err := changes.Remove(ctx); err != nil {
			return err
		}
		return changes.Insert(ctx, func(any) bool { return w.random.IntN(4) > 0 })
	})
	w.records = w.records[:len(w.records)-20]
}

func TestVerifyShowsEachCellThatDiffers(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		u := of(1, "a", "x")
		u.EventTime = db.TimeOf(time.Date(2025, 6, 1, 10, 30, 0, 0, time.UTC))
		u.DataMB, u.Rated = number("1.50"), []*db.RatedUsage{{Currency: new("EUR"), TaxExcludedAmount: number("2"), IsBilled: new(false)}}
		putRecords(t, store, u)
		pool := connect(t, url)
		for _, sql := range []string{
			"UPDATE usage_hours SET data_quantity = '1.5000'", // the same value
			"UPDATE usage_days SET records = 2",
			"DELETE FROM charge_hours",
			"INSERT INTO usage_hours VALUES (-1, 'BRM', 'SMS', '', 'RATED', 1, 0, NULL, 0, NULL, 1, '3')",
		} {
			if _, err := pool.Exec(sql); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{
			"usage_hours 1969-12-31T23:00Z BRM SMS - RATED: records is 1, in the usage records 0, one_off_count is 1, in the usage records 0, one_off_quantity is 3, in the usage records null",
			"usage_days 1969-12-31 BRM SMS - RATED: records is 0, in the hours 1, one_off_count is 0, in the hours 1, one_off_quantity is null, in the hours 3",
			"usage_days 2025-06-01 ELEVATE DATA - -: records is 2, in the hours 1",
			"charge_hours 2025-06-01T10:00Z ELEVATE DATA - - EUR unbilled: rated_usages is 0, in the usage records 1, tax_excluded_count is 0, in the usage records 1, tax_excluded_amount is null, in the usage records 2",
			"charge_days 2025-06-01 ELEVATE DATA - - EUR unbilled: rated_usages is 1, in the hours 0, tax_excluded_count is 1, in the hours 0, tax_excluded_amount is 2, in the hours null",
		}
		if diff := cmp.Diff(want, totalsDifferences(t, store)); diff != "" {
			t.Error(diff)
		}
		if n, err := store.RebuildMonth(t.Context(), "2025-06"); n != 1 || err != nil {
			t.Errorf("rebuilt %d records, %v", n, err)
		}
		if diff := cmp.Diff(want[:2], totalsDifferences(t, store)); diff != "" {
			t.Errorf("after one month: %s", diff)
		}
		if err := store.DropTotals(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := store.VerifyTotals(t.Context(), func(string) {}, func(int64, int64) {})
		failsAs(t, err, db.Conflict)
		_, err = store.RebuildMonth(t.Context(), "2025-06")
		failsAs(t, err, db.Conflict)
		buildTotals(t, store)
		verifyTotals(t, store, "rebuilt")
	})
}
