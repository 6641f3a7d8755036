package db_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// sharedBuckets are the buckets of one report. Those with the same name are one bucket; those without a name are not
// shared.
var sharedBuckets = []struct {
	name, id, products string
	shared             bool
}{
	{"pool", "p", `[{"publicIdentifier":"010"},{"publicIdentifier":"011"}]`, true},
	{"second of the id", "p", `[{"publicIdentifier":"011","name":"x"},{"publicIdentifier":"010"}]`, true},
	{"third of the id", "p", `[{"publicIdentifier":"011"},{"id":"1"},{"publicIdentifier":"010"},{"publicIdentifier":"011"}]`, true},
	{"another id", "p2", `[{"publicIdentifier":"010"},{"publicIdentifier":"011"}]`, true},
	{"a third subscription", "p", `[{"publicIdentifier":"010"},{"publicIdentifier":"011"},{"publicIdentifier":"é😀"}]`, true},
	{"", "p", `[{"publicIdentifier":"010"},{"publicIdentifier":"010"}]`, true},
	{"", "p", `[{"publicIdentifier":"010"}]`, true},
	{"", "p", `[{"id":"1"},{"publicIdentifier":""}]`, true},
	{"", "p", `[]`, true},
	{"", "p", "", true},
	{"", "p", `[{"publicIdentifier":"010"},{"publicIdentifier":"011"}]`, false},
}

// sharedReport is a report with the shared buckets.
func sharedReport(sourceID string) *db.ConsumptionReport {
	r := &db.ConsumptionReport{Source: db.DXP, SourceID: sourceID, EffectiveAt: must(db.ParseTime("2025-01-01T00:00:00Z"))}
	for _, s := range sharedBuckets {
		b := &db.Bucket{Source: db.DXP, SourceID: s.id, EffectiveAt: r.EffectiveAt, UsageType: db.Data, IsShared: &s.shared}
		if s.products != "" {
			b.ProductsJSON = db.JSON(s.products)
		}
		r.Buckets = append(r.Buckets, b)
	}
	return r
}

// sharedIDs returns the shared ids of all buckets, in the order of their creation.
func sharedIDs(t *testing.T, store *db.Store) []*string {
	t.Helper()
	pages, err := store.For(db.All()).Buckets(t.Context(), db.AllColumns, db.NoParent, db.BucketQuery{OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}, Page: db.Page{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	return convert(pages[0].Nodes, func(b *db.Bucket) *string { return b.SharedID })
}

// TestSharedIDs stores two reports with the same buckets. Each bucket has the same shared id in both. The migration
// computes the same ids for stored buckets.
func TestSharedIDs(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store, err := db.Open(t.Context(), url, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		before := slices.Index(must(filepath.Glob("migrations/*.sql")), "migrations/0015_bucket_usage.sql")
		if _, err := store.MigrateTo(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		old := connect(t, url)
		for i, b := range sharedReport("").Buckets {
			_, err := old.ExecContext(t.Context(), "INSERT INTO buckets (customer_id, id, report_id, source, source_id, effective_at, usage_type, unlimited, is_shared, products, id_hash) VALUES (1, $1, 1, 'DXP', $2, '2025-01-01T00:00:00.000000Z', 'DATA', FALSE, $3, $4, '')",
				i, b.SourceID, *b.IsShared, b.ProductsJSON)
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		migrated := sharedIDs(t, store)
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{sharedReport("a")})); err != nil {
				return err
			}
			_, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{sharedReport("b")}))
			return err
		})
		imported := sharedIDs(t, store)[len(migrated):]
		names := map[string]string{}
		for i, b := range slices.Concat(sharedBuckets, sharedBuckets) {
			id := imported[i]
			if (id == nil) != (b.name == "") {
				t.Errorf("%s %s: shared id is %v", b.id, b.products, id)
			}
			if id == nil {
				continue
			}
			if known, ok := names[*id]; ok && known != b.name {
				t.Errorf("%q and %q have one shared id", known, b.name)
			}
			names[*id] = b.name
		}
		if len(names) != 5 {
			t.Errorf("%d shared ids, want 5", len(names))
		}
		if diff := cmp.Diff(imported[:len(sharedBuckets)], migrated); diff != "" {
			t.Errorf("migrated: %s", diff)
		}
	})
}
