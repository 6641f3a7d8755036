package db_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestDistinctUsageSummaries reads combinations of a number, a group, an amount and a flag.
func TestDistinctUsageSummaries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			var summaries []*db.UsageSummary
			for i, s := range []struct {
				number, group, amount string
				sim                   *bool
			}{
				{"06-12345678", "b", "1.0", new(true)}, {"06-99995678", "a", "1", new(true)}, {"06-****5678", "b", "1.00", new(true)},
				{"0612345678", "b", "2", new(false)}, {"", "", "", nil}, {"06-12345678", "a", "10", nil}, {"", "", "", nil},
			} {
				row := &db.UsageSummary{Key: db.Key{ID: tx.NextID()}, Source: db.STN, SourceID: string(rune('a' + i)), YearMonth: "2025-01", IsGroupSim: s.sim}
				if s.number != "" {
					row.PhoneNumber = &s.number
				}
				if s.group != "" {
					row.ProviderGroup = &s.group
				}
				if s.amount != "" {
					amount, err := db.ParseDecimal(s.amount)
					if err != nil {
						return err
					}
					row.TotalAmount = &amount
				}
				summaries = append(summaries, row)
			}
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, summaries, nil))
			return err
		})
		for name, test := range map[string]struct {
			query db.DistinctQuery
			want  string
			total int64
		}{
			"in the order of their first summaries": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP"}, Limit: 10}, "b|a|-", 3},
			"equal decimals are one":                {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"TOTAL"}, Limit: 10}, "1|2|-|10", 4},
			"numbers with equal masks are one": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{db.MaskedPhoneNumber}, Limit: 10},
				"06-****5678|******5678|-", 3},
			"combinations": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP", "TOTAL"}, Limit: 10}, "b 1|a 1|b 2|- -|a 10", 5},
			"ordered, null last": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP", "TOTAL"}, Limit: 10,
				OrderBy: []*db.UsageSummaryOrder{{Field: "TOTAL", Direction: db.Descending}}}, "a 10|b 2|b 1|a 1|- -", 5},
			"ordered by two": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP", "TOTAL"}, Limit: 10,
				OrderBy: []*db.UsageSummaryOrder{{Field: "PROVIDER_GROUP", Direction: db.Ascending}, {Field: "TOTAL", Direction: db.Descending}}}, "a 10|a 1|b 2|b 1|- -", 5},
			"a page":       {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP", "TOTAL"}, Limit: 2, Offset: 3}, "- -|a 10", 5},
			"past the end": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP"}, Limit: 2, Offset: 3}, "", 3},
			"filtered": {db.DistinctQuery{Fields: []db.UsageSummaryOrderField{"PROVIDER_GROUP"}, Limit: 9,
				Filter: &db.UsageSummaryFilter{ProviderGroup: &db.StringFilter{Eq: new("a")}}}, "a", 1},
		} {
			rows, total, err := store.For(db.All()).DistinctUsageSummaries(t.Context(), test.query)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var got []string
			for _, row := range rows {
				values := make([]string, len(row))
				for i, v := range row {
					if values[i] = "-"; v != nil {
						values[i] = *v
					}
				}
				got = append(got, strings.Join(values, " "))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" || total != test.total {
				t.Errorf("%s: total %d: %s", name, total, diff)
			}
		}
	})
}

// TestNumbersAreMaskedAlikeInSQL compares the masking in each database with MaskNumber.
func TestNumbersAreMaskedAlikeInSQL(t *testing.T) {
	t.Parallel()
	numbers := []string{"06-12345678", "097-123456154", "06-****7640", "0612345678", "+31612345678", "+31 6 1234 5678", "06-12-34-56-78", "112", "", "-", "-12345",
		"12345-", "a-b1c2d3e4f5", "+ (0)1 2-3.4/5é6 7"}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			var summaries []*db.UsageSummary
			for i, number := range numbers {
				summaries = append(summaries, &db.UsageSummary{Key: db.Key{ID: tx.NextID()}, Source: db.STN, SourceID: string(rune('a' + i)), YearMonth: "2025-01", PhoneNumber: &number})
			}
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, summaries, nil))
			return err
		})
		rows, _, err := store.For(db.All()).DistinctUsageSummaries(t.Context(), db.DistinctQuery{
			Fields: []db.UsageSummaryOrderField{"PHONE_NUMBER", db.MaskedPhoneNumber}, Limit: len(numbers)})
		if err != nil || len(rows) != len(numbers) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			if want := db.MaskNumber(*row[0]); *row[1] != want {
				t.Errorf("%q is masked as %q, want %q", *row[0], *row[1], want)
			}
		}
	})
}
