package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// bucketUsages are the total and the used amount of buckets, with the percentage and the overage.
var bucketUsages = []struct{ total, used, percent, overage string }{
	{"100", "80", "80.00", "0"},
	{"3", "1", "33.33", "0"},
	{"3", "2", "66.67", "0"},
	{"20000", "1", "0.01", "0"}, // 0.005 %
	{"100", "100.25", "100.25", "0.25"},
	{"12000", "12608.1", "105.07", "608.1"},
	{"0", "5", "", "5"},
	{"0", "0", "", "0"},
	{"5", "-1", "", "0"},
	{"-5", "1", "", ""},
	{"", "1", "", ""},
	{"1", "", "", ""},
	{"0.0000000000000000001", "9999999999999999999", "", ""},         // too many digits
	{"2000000000000000000", "1999899999999999999", "99.99", "0"},     // 99.99499999999999995 %
	{"9999999999999999999", "5000499999999999999", "50.00", "0"},     // just below 50.005 %
	{"1", "99999999999999", "9999999999999900.00", "99999999999998"}, // the largest
	{"1", "100000000000000", "", "99999999999999"},
	{"0.1", "1234567890123456.789", "", "1234567890123456.689"},
}

func TestUsageOfBuckets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var want []string
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			r := &db.ConsumptionReport{Source: db.DXP, SourceID: "r", EffectiveAt: must(db.ParseTime("2025-01-01T00:00:00Z"))}
			for i, u := range bucketUsages {
				want = append(want, fmt.Sprintf("%s of %s: %s %%, %s beyond", u.used, u.total, u.percent, u.overage))
				r.Buckets = append(r.Buckets, &db.Bucket{Source: db.DXP, SourceID: fmt.Sprint(i), EffectiveAt: r.EffectiveAt, UsageType: db.Data, TotalAmount: amount(u.total), UsedAmount: amount(u.used)})
			}
			unlimited := &db.Bucket{Source: db.DXP, SourceID: "unlimited", EffectiveAt: r.EffectiveAt, UsageType: db.Data, Unlimited: true, TotalAmount: amount("-1"), UsedAmount: amount("5")}
			want = append(want, "5 of -1:  %,  beyond")
			r.Buckets = append(r.Buckets, unlimited)
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r}))
			return err
		})
		pages, err := store.For(db.All()).Buckets(t.Context(), db.AllColumns, db.NoParent, db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: 100}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, usagesOf(pages[0].Nodes)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestMigrationComputesUsageOfBuckets compares what the migration computes for stored buckets with what an import does.
func TestMigrationComputesUsageOfBuckets(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, err := db.Open(t.Context(), url, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		files := must(filepath.Glob("migrations/*.sql"))
		before := slices.Index(files, "migrations/0015_bucket_usage.sql")
		if _, err := store.MigrateTo(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		old := connect(t, url)
		var want []string
		for i, u := range append(bucketUsages, struct{ total, used, percent, overage string }{"-1", "5", "", ""}) {
			_, err := old.ExecContext(t.Context(), "INSERT INTO buckets (customer_id, id, source, source_id, effective_at, usage_type, unlimited, total, used, id_hash) VALUES (1, $1, 'DXP', 'b', '2025-01-01T00:00:00.000000Z', 'DATA', $2, $3, $4, $5)",
				i, u.total == "-1", sql.NullString{String: u.total, Valid: u.total != ""}, sql.NullString{String: u.used, Valid: u.used != ""}, fmt.Sprint(i))
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, fmt.Sprintf("%s of %s: %s %%, %s beyond", u.used, u.total, u.percent, u.overage))
		}
		if _, err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		pages, err := store.For(db.All()).Buckets(t.Context(), db.AllColumns, db.NoParent, db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: 100}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, usagesOf(pages[0].Nodes)); diff != "" {
			t.Error(diff)
		}
	})
}

// usagesOf returns a line for each bucket.
func usagesOf(buckets []*db.Bucket) []string {
	return convert(buckets, func(b *db.Bucket) string {
		return fmt.Sprintf("%s of %s: %s %%, %s beyond", written(b.UsedAmount), written(b.TotalAmount), written(b.UsedPercent), written(b.OverageAmount))
	})
}

// amount returns a decimal; nil for the empty text.
func amount(text string) *decimal.Decimal {
	if text == "" {
		return nil
	}
	return number(text)
}

// written returns a decimal as text; empty for nil.
func written(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}
