package db_test

import (
	"fmt"
	"strings"
	"testing"
)

// rowCounts returns the number of rows of each table of the model that is not empty.
func rowCounts(t *testing.T, url string) map[string]int {
	t.Helper()
	pool := connect(t, url)
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if strings.HasPrefix(url, "postgres") {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	rows, err := pool.Query(list)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := pool.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 && table != "schema_version" && table != "revision" && table != "revision_mark" && table != "identity_state" && table != "id_state" && table != "country_state" && table != "totals_state" {
			counts[table] = n
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return counts
}

// owners lists the references between tables.
var owners = []struct{ table, key, owner string }{
	{"rated_usages", "usage_id", "usage_records"}, {"usage_summary_lines", "summary_id", "usage_summaries"},
	{"bucket_balances", "bucket_id", "buckets"}, {"bucket_counters", "bucket_id", "buckets"},
	{"buckets", "summary_id", "usage_summaries"}, {"buckets", "report_id", "consumption_reports"},
	{"usage_records", "subscription_id", "subscriptions"}, {"usage_summaries", "subscription_id", "subscriptions"},
	{"consumption_reports", "subscription_id", "subscriptions"}, {"buckets", "subscription_id", "subscriptions"},
	{"subscription_identifiers", "subscription_id", "subscriptions"},
}

// checkReferences fails a test if a row refers to a missing row or to a row of another customer.
func checkReferences(t *testing.T, url string) {
	t.Helper()
	pool := connect(t, url)
	for _, o := range owners {
		var n int
		err := pool.QueryRow(fmt.Sprintf("SELECT COUNT(*) FROM %s c WHERE c.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s p WHERE p.customer_id = c.customer_id AND p.id = c.%s)",
			o.table, o.key, o.owner, o.key)).Scan(&n)
		if err != nil || n > 0 {
			t.Errorf("%d rows of %s have no row of %s, %v", n, o.table, o.owner, err)
		}
	}
	for _, table := range []string{"subscriptions", "customer_identifiers", "usage_records", "usage_summaries", "consumption_reports", "buckets"} {
		var n int
		err := pool.QueryRow("SELECT COUNT(*) FROM " + table + " WHERE customer_id <> 0 AND customer_id NOT IN (SELECT customer_id FROM customers)").Scan(&n)
		if err != nil || n > 0 {
			t.Errorf("%d rows of %s have no customer, %v", n, table, err)
		}
	}
}
