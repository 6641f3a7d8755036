package db

import (
	"context"
	"fmt"
	"strings"
)

// replace deletes records with all their parts, and returns the ids that their buckets keep.
func (tx *Tx) replace(ctx context.Context, table string, keys []Key) (bucketIDs, error) {
	known := map[string][]int64{}
	last := map[int64]int64{}
	// Buckets stand in the order of their ids: one that has changed places gets a new one.
	fresh := func(owner int64, sourceID string) int64 {
		name := fmt.Sprint(owner, " ", sourceID)
		var id int64
		if ids := known[name]; len(ids) > 0 {
			id, known[name] = ids[0], ids[1:]
		}
		if id <= last[owner] {
			id = tx.store.ids.Next()
		}
		last[owner] = id
		return id
	}
	if len(keys) == 0 {
		return fresh, nil
	}
	if owner := bucketOwners[table]; owner != "" {
		c := tx.compiler()
		var rows []struct {
			Owner    int64  `db:"owner"`
			SourceID string `db:"source_id"`
			ID       int64  `db:"id"`
		}
		sql := fmt.Sprintf("SELECT t.%s AS owner, t.source_id, t.id FROM %s JOIN buckets t ON t.customer_id = k.customer_id AND t.%s = k.id ORDER BY t.id",
			owner, tx.store.dialect.keys(c, keys), owner)
		if err := tx.tx.SelectContext(ctx, &rows, sql, c.args...); err != nil {
			return nil, fmt.Errorf("find stored buckets: %w", err)
		}
		for _, r := range rows {
			name := fmt.Sprint(r.Owner, " ", r.SourceID)
			known[name] = append(known[name], r.ID)
		}
	}
	for _, part := range partsOf[table] {
		if err := tx.deleteWhere(ctx, part[0], part[1], keys); err != nil {
			return nil, err
		}
	}
	return fresh, tx.deleteWhere(ctx, table, "id", keys)
}

// bucketOwners are the columns by which buckets belong to a record.
var bucketOwners = map[string]string{"usage_summaries": "summary_id", "consumption_reports": "report_id"}

// partsOf are the tables of the parts of a record, each with the column, or the condition, that ties it to the
// record's key; deepest first.
var partsOf = map[string][][2]string{
	"usage_records":       {{"rated_usages", "usage_id"}},
	"usage_summaries":     {{"usage_summary_lines", "summary_id"}, {"buckets", "summary_id"}},
	"consumption_reports": {{"bucket_balances", "bucket_id:report_id"}, {"bucket_counters", "bucket_id:report_id"}, {"buckets", "report_id"}},
}

// deleteWhere deletes the rows whose column holds the id of a key; "bucket_id:report_id" goes by way of the buckets.
func (tx *Tx) deleteWhere(ctx context.Context, table, column string, keys []Key) error {
	c := tx.compiler()
	relation := "SELECT k.customer_id, k.id FROM " + tx.store.dialect.keys(c, keys)
	if own, owner, deep := strings.Cut(column, ":"); deep {
		column = own
		relation = "SELECT customer_id, id FROM buckets WHERE (customer_id, " + owner + ") IN (" + relation + ")"
	}
	_, err := tx.tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE (customer_id, "+column+") IN ("+relation+")", c.args...)
	if err != nil {
		return fmt.Errorf("replace in %s: %w", table, err)
	}
	return nil
}
