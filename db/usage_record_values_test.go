package db_test

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestUsageRecordValues compares the values of each field with those counted in Go, for random filters and prefixes.
func TestUsageRecordValues(t *testing.T) {
	t.Parallel()
	fields := map[db.UsageRecordTextField]string{
		"USAGE_TYPE_NAME": "UsageTypeName", "CALL_CLASS": "CallClass", "TIME_BAND": "TimeBand", "PRODUCT_REFERENCE": "ProductReference",
		"DESCRIPTION": "Description", "DESTINATION": "Destination", "SERVICE_ID": "ServiceID", "FILE_NAME": "FileName",
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for field, name := range fields {
			for range 5 {
				filter := w.filter(entityNamed(db.TypeUsageRecord), 2).(*db.UsageRecordFilter)
				prefix := pick(w, nil, new(""), new("a"), new("%"), w.text())
				first := pick[int32](w, 1, 3, 1000)
				counts := map[string]int64{}
				for _, u := range w.records {
					value := reflect.ValueOf(u).Elem().FieldByName(name)
					if w.matches(filter, u) && !value.IsNil() && (prefix == nil || strings.HasPrefix(lowerASCII(value.Elem().String()), lowerASCII(*prefix))) {
						counts[value.Elem().String()]++
					}
				}
				var want []*db.UsageRecordValue
				for value, n := range counts {
					want = append(want, &db.UsageRecordValue{Value: value, Records: n})
				}
				slices.SortFunc(want, func(a, b *db.UsageRecordValue) int {
					return cmp.Or(cmp.Compare(b.Records, a.Records), strings.Compare(a.Value, b.Value))
				})
				want = want[:min(len(want), int(first))]
				got, err := store.For(db.All()).UsageRecordValues(t.Context(), db.UsageRecordValuesQuery{Field: field, Prefix: prefix, Filter: filter, First: first})
				if diff := gocmp.Diff(want, got); err != nil || len(want)+len(got) > 0 && diff != "" {
					t.Errorf("%s, prefix %v, first %d, %s: %v: %s", field, prefix, first, printed(filter), err, diff)
				}
			}
		}
		var failed *db.Error
		_, err := store.For(db.All()).LimitTotals(db.TotalsLimits{Records: len(w.records) - 1}).UsageRecordValues(t.Context(), db.UsageRecordValuesQuery{Field: "CALL_CLASS", First: 1})
		if !errors.As(err, &failed) || failed.Code != db.LimitExceeded || failed.Limit != "totals_records" {
			t.Errorf("too many records: %v", err)
		}
		for _, prefix := range []string{strings.Repeat("a", 1000), strings.Repeat("%", 500)} {
			_, err := store.For(db.All()).UsageRecordValues(t.Context(), db.UsageRecordValuesQuery{Field: "CALL_CLASS", Prefix: &prefix, First: 1})
			if !errors.As(err, &failed) || failed.Code != db.BadInput || !strings.HasPrefix(failed.Message, "prefix: want at most 999 bytes") {
				t.Errorf("a prefix of %d bytes: %v", len(prefix), err)
			}
		}
		for _, prefix := range []string{strings.Repeat("a", 999), strings.Repeat("%", 499)} {
			if _, err := store.For(db.All()).UsageRecordValues(t.Context(), db.UsageRecordValuesQuery{Field: "CALL_CLASS", Prefix: &prefix, First: 1}); err != nil {
				t.Errorf("a prefix of %d bytes: %v", len(prefix), err)
			}
		}
	})
}

// lowerASCII replaces A to Z by a to z.
func lowerASCII(s string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}
