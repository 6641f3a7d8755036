package db

import (
	"context"
	"fmt"
	"strings"
)

// deleteRecords deletes records with all their parts, and removes usage records from the stored totals. Usage records and
// rated usages are deleted nowhere else.
func (tx *Tx) deleteRecords(ctx context.Context, table string, keys []Key) error {
	if len(keys) == 0 {
		return nil
	}
	if table == "usage_records" {
		if err := tx.collectStored(ctx, keys, -1); err != nil {
			return err
		}
	}
	for _, part := range partsOf[table] {
		if err := tx.deleteWhere(ctx, part[0], part[1], keys); err != nil {
			return err
		}
	}
	return tx.deleteWhere(ctx, table, "id", keys)
}

// partsOf maps a table of records to the tables of their parts, deepest first, each with its column for deleteWhere.
var partsOf = map[string][][2]string{
	"usage_records":       {{"rated_usages", "usage_id"}},
	"usage_summaries":     {{"usage_summary_lines", "summary_id"}, {"buckets", "summary_id"}},
	"consumption_reports": {{"bucket_balances", "bucket_id:report_id"}, {"bucket_counters", "bucket_id:report_id"}, {"buckets", "report_id"}},
}

// deleteWhere deletes the rows whose column holds the id of a key. The column "bucket_id:report_id" selects the rows by
// bucket_id, of the buckets whose report_id is the id of a key.
func (tx *Tx) deleteWhere(ctx context.Context, table, column string, keys []Key) error {
	c := tx.compiler()
	relation := "SELECT k.customer_id, k.id FROM " + tx.store.dialect.keys(c, keys)
	if own, owner, deep := strings.Cut(column, ":"); deep {
		column = own
		relation = "SELECT customer_id, id FROM buckets WHERE (customer_id, " + owner + ") IN (" + relation + ")"
	}
	_, err := tx.tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE (customer_id, "+column+") IN ("+relation+")", c.args...)
	if err != nil {
		return fmt.Errorf("delete from %s: %w", table, err)
	}
	return nil
}
