package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestAggregatesAreExact aggregates amounts with the maximum number of digits, and amounts that differ only in their
// trailing zeros.
func TestAggregatesAreExact(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		amounts []string
		// sum, average, minimum, maximum and count; then the sum, average and count of distinct values.
		want []string
	}{
		"the average of equal numbers": {[]string{"9999999999999999.999", "9999999999999999.999"},
			[]string{"19999999999999999.998", "9999999999999999.999", "9999999999999999.999", "9999999999999999.999", "2", "9999999999999999.999", "9999999999999999.999", "1"}},
		"a sum of twenty digits": {[]string{"9999999999999999999", "1"},
			[]string{"10000000000000000000", "5000000000000000000", "1", "9999999999999999999", "2", "10000000000000000000", "5000000000000000000", "2"}},
		"trailing zeros": {[]string{"1", "1.0", "1.00", "20"},
			[]string{"23", "5.75", "1", "20", "4", "21", "10.5", "2"}},
		"trailing zeros in reverse order": {[]string{"20", "1.00", "1.0", "1"},
			[]string{"23", "5.75", "1", "20", "4", "21", "10.5", "2"}},
		"a repeating decimal": {[]string{"1", "0", "0"},
			[]string{"1", "0.3333333333333333333", "0", "1", "3", "1", "0.5", "2"}},
		"a repeating negative decimal": {[]string{"-200", "0.0", "0"},
			[]string{"-200", "-66.66666666666666667", "-200", "0", "3", "-200", "-100", "2"}},
		"half a unit in the last place": {[]string{"0.0000000000000000001", "0", "0.0000000000000000003", "0.0000000000000000002"},
			[]string{"0.0000000000000000006", "0.0000000000000000002", "0", "0.0000000000000000003", "4", "0.0000000000000000006", "0.0000000000000000002", "4"}},
		"an average that rounds to zero": {[]string{"-0.0000000000000000001", "0", "0"},
			[]string{"-0.0000000000000000001", "0", "-0.0000000000000000001", "0", "3", "-0.0000000000000000001", "0", "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				var summaries []*db.UsageSummary
				write(t, store, func(ctx context.Context, tx *db.Tx) error {
					for i, text := range test.amounts {
						amount, err := db.ParseDecimal(text)
						if err != nil {
							return err
						}
						summaries = append(summaries, &db.UsageSummary{Key: db.Key{ID: tx.NextID()}, Source: db.STN, SourceID: string(rune('a' + i)),
							YearMonth: "2025-01", TotalAmount: &amount})
					}
					_, err := tx.Upsert(ctx, db.PrepareRecords(nil, summaries, nil))
					return err
				})
				var list []db.Aggregate[db.UsageSummaryOrderField]
				for _, f := range []db.Function{db.Sum, db.Average, db.Minimum, db.Maximum, db.CountOf} {
					list = append(list, db.Aggregate[db.UsageSummaryOrderField]{Function: f, Field: "TOTAL"})
				}
				for _, f := range []db.Function{db.Sum, db.Average, db.CountOf} {
					list = append(list, db.Aggregate[db.UsageSummaryOrderField]{Function: f, Field: "TOTAL", Distinct: true})
				}
				values, err := store.For(db.All()).AggregateUsageSummaries(t.Context(), nil, list)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, v := range values {
					got = append(got, *v)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
