package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// storedRecords is the number of records in the tables of version 3.
const storedRecords = 34

func TestAttributeStored(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		fresh := dbtest.Another(t, url)
		importVersion3(t, dbtest.Open(t, fresh))
		want := owners(t, fresh)
		for _, batch := range []int{1, 2, 3, 5, 1000} {
			old := dbtest.Another(t, url)
			dbtest.FillVersion3(t, old)
			attributeStored(t, dbtest.Open(t, old), batch)
			if diff := cmp.Diff(want, owners(t, old)); diff != "" {
				t.Fatalf("%d records at once, - as imported, + as attributed: %s", batch, diff)
			}
		}
	})
}

// importVersion3 imports the documents behind the tables of version 3, and makes the same links.
func importVersion3(t *testing.T, store *db.Store) {
	t.Helper()
	for _, source := range []db.Source{db.STN, db.Elevate, db.BRM, db.DXP} {
		file, err := os.Open(filepath.Join("testdata", "version3", strings.ToLower(string(source))+".json"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		importing(t, store, source, file)
	}
	link("stn:B", "elevate:18")(t, store)
	link("brm:acct-1", "elevate:17")(t, store)
}

// attributeStored attributes the stored records in batches of a size, interrupts this once and continues.
func attributeStored(t *testing.T, store *db.Store, batch int) {
	t.Helper()
	ctx := context.Background()
	pending, total, err := store.PendingRecords(ctx)
	if err != nil || !pending || total != storedRecords {
		t.Fatalf("before: pending %v, %d records, %v", pending, total, err)
	}
	if err := store.Ready(ctx); err == nil {
		t.Error("ready before the records are attributed")
	}
	im := importer(t, store)
	im.BatchRecords = batch
	interrupted, cancel := context.WithCancel(ctx)
	first, err := im.AttributeStored(interrupted, func(done, _ int64) {
		if done >= 2 {
			cancel()
		}
	})
	if batch < storedRecords {
		if !errors.Is(err, context.Canceled) || first < 2 || first > int64(batch)+2 {
			t.Errorf("interrupted after %d records: %v", first, err)
		}
		if err := store.Ready(ctx); err == nil {
			t.Error("ready although attribution was interrupted")
		}
	}
	var last int64
	rest, err := im.AttributeStored(ctx, func(done, of int64) {
		if last = done; of != storedRecords {
			t.Errorf("progress of %d records", of)
		}
	})
	for more := true; more && err == nil; {
		_, more, err = store.NameIDs(ctx, batch)
	}
	if err != nil || first+rest != storedRecords || rest != last {
		t.Errorf("%d records, then %d, progress up to %d: %v", first, rest, last, err)
	}
	if err := store.Ready(ctx); err != nil {
		t.Error(err)
	}
	if n, err := im.AttributeStored(ctx, nil); n != 0 || err != nil {
		t.Errorf("again: %d records, %v", n, err)
	}
}

// ownerColumns select the customer and the line of a row of t by their names.
const (
	// ownerColumns select the customer and the subscription of a row of t by their names.
	ownerColumns = "c.source, c.source_id, l.source, l.source_id, l.subscription_name"
	ownerJoins   = ` t LEFT JOIN customers c ON c.customer_id = t.customer_id
		LEFT JOIN subscriptions l ON l.customer_id = t.customer_id AND l.id = t.subscription_id`
)

// ownerStatements select all results of attribution, without ids. The cards of older summaries are missing: version 3
// did not store them.
var ownerStatements = map[string]string{
	"customer":            "SELECT t.source, t.source_id, t.name, i.source, i.value FROM customers t LEFT JOIN customer_identifiers i ON i.customer_id = t.customer_id",
	"identifier":          "SELECT t.source, t.value, t.id_hash FROM customer_identifiers t",
	"subscription":        "SELECT c.source, c.source_id, t.source, t.source_id, t.subscription_name, t.phone_number, t.provider_group, t.is_group_sim, t.business_id, t.source_customer_id, t.id_hash FROM subscriptions t LEFT JOIN customers c ON c.customer_id = t.customer_id",
	"subscription name":   "SELECT " + ownerColumns + ", t.kind, t.source, t.value, t.position, t.valid_from, t.first_end, t.last_start, t.valid_to, t.disputed FROM subscription_identifiers" + ownerJoins,
	"usage record":        "SELECT " + ownerColumns + ", t.source, t.source_id, t.source_customer_id, t.source_subscription_id, t.subscription_name, t.subscription_text, t.customer_name, t.contested_customers, t.attribution, t.unattributed FROM usage_records" + ownerJoins,
	"price":               "SELECT u.source_id, t.tax_excluded_amount FROM rated_usages t LEFT JOIN usage_records u ON u.customer_id = t.customer_id AND u.id = t.usage_id",
	"usage summary":       "SELECT " + ownerColumns + ", t.source_id, t.source_customer_id, t.source_subscription_id, t.own_id, t.number_name, t.card_name, t.month_start, t.month_end FROM usage_summaries" + ownerJoins,
	"summary line":        "SELECT u.source_id, t.code FROM usage_summary_lines t LEFT JOIN usage_summaries u ON u.customer_id = t.customer_id AND u.id = t.summary_id",
	"consumption report":  "SELECT " + ownerColumns + ", t.source_id, t.source_subscription_id, t.subscription_name, t.subscription_text, t.business_id, t.attribution, t.unattributed, t.id_hash FROM consumption_reports" + ownerJoins,
	"bucket of a report":  "SELECT " + ownerColumns + ", t.source_id, t.available, t.id_hash, r.source_id FROM buckets" + ownerJoins + " JOIN consumption_reports r ON r.customer_id = t.customer_id AND r.id = t.report_id",
	"bucket of a summary": "SELECT " + ownerColumns + ", t.source_id, t.used, t.id_hash, r.source_id FROM buckets" + ownerJoins + " JOIN usage_summaries r ON r.customer_id = t.customer_id AND r.id = t.summary_id",
	"all buckets":         "SELECT COUNT(*) FROM buckets",
	"attribution":         "SELECT state FROM identity_state",
}

// owners returns all results of attribution, one text for each row.
func owners(t *testing.T, url string) []string {
	t.Helper()
	var lines []string
	for name, statement := range ownerStatements {
		for _, row := range queryRows(t, url, statement) {
			lines = append(lines, name+": "+row)
		}
	}
	slices.Sort(lines)
	return lines
}
