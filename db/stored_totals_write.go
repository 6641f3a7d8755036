package db

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// collect adds a usage record to the changes of the stored totals that the transaction writes at its end, or removes it
// if sign is -1.
func (tx *Tx) collect(u *UsageRecord, sign int64) {
	if tx.totals == nil {
		tx.totals = newHourCells()
	}
	tx.totals.add(u, sign)
}

// collectStored is collect for stored usage records.
func (tx *Tx) collectStored(ctx context.Context, keys []Key, sign int64) error {
	if len(keys) == 0 {
		return nil
	}
	state, err := tx.totalsState(ctx)
	if err != nil || state.isEmpty() && tx.store.bulkLoad == nil {
		return err
	}
	c := tx.compiler()
	records, err := selectAll[*UsageRecord](ctx, tx, c, `SELECT u.customer_id, u.id, u.event_time, u.source, u.usage_type, u.direction, u.status, u.data_quantity, u.duration_quantity, u.one_off_quantity
		FROM `+c.dialect.keys(c, keys)+` JOIN usage_records u ON u.customer_id = k.customer_id AND u.id = k.id`)
	if err != nil {
		return err
	}
	c = tx.compiler()
	rated, err := selectAll[*RatedUsage](ctx, tx, c, `SELECT x.customer_id, x.usage_id, x.currency, x.is_billed, x.tax_excluded_amount, x.tax_included_amount, x.pre_discounted_amount,
		x.cost_amount, x.rated_cost_amount, x.profit_amount FROM `+c.dialect.keys(c, keys)+` JOIN rated_usages x ON x.customer_id = k.customer_id AND x.usage_id = k.id`)
	of := partsByOwner(rated)
	for _, u := range records {
		u.Rated = of[u.Key]
		tx.collect(u, sign)
	}
	return err
}

// writeTotals adds the collected changes to the stored totals. A bulk load keeps them until its end.
func (tx *Tx) writeTotals(ctx context.Context) error {
	if tx.totals == nil {
		return nil
	}
	state, err := tx.totalsState(ctx)
	if err != nil || tx.store.bulkLoad != nil {
		return err
	}
	for _, list := range []cells{tx.totals.usage, tx.totals.charges} {
		maps.DeleteFunc(list, func(k cellKey, c *cell) bool { return c.isZero() || !state.covers(k.at) })
	}
	for _, t := range cellTables {
		if err := tx.addCells(ctx, t, t.of(tx.totals)); err != nil {
			return err
		}
	}
	return nil
}

// addCells adds changes to the cells of a table, and deletes those without records.
func (tx *Tx) addCells(ctx context.Context, t cellTable, changes cells) error {
	rows, lessened := make([][]any, 0, len(changes)), []any(nil)
	for _, key := range slices.SortedFunc(maps.Keys(changes), compareCellKeys) {
		change := changes[key]
		if change.isZero() {
			continue
		}
		rows = append(rows, t.row(key, change))
		if change.count < 0 {
			lessened = append(lessened, key.at)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.store.dialect.upsert(ctx, tx.tx, t.name, t.columns(), t.onConflict(tx.store.dialect), rows); err != nil {
		return fmt.Errorf("store totals: %w", err)
	}
	if len(lessened) == 0 {
		return nil
	}
	c := tx.compiler()
	return tx.execTotals(ctx, "DELETE FROM "+t.name+" WHERE "+t.count+" = 0 AND "+t.at+c.dialect.in(c, "bigint", slices.Compact(lessened)), c.args...)
}

// onConflict returns the end of a statement that adds changes to the cells t that exist.
func (t *cellTable) onConflict(d *dialect) string {
	keys := []string{t.at}
	for _, k := range t.keys {
		keys = append(keys, k.name)
	}
	set := []string{fmt.Sprintf("%[1]s = t.%[1]s + excluded.%[1]s", t.count)}
	for _, s := range t.sums {
		a, b := "t."+s.amount, "excluded."+s.amount
		set = append(set, fmt.Sprintf("%[1]s = t.%[1]s + excluded.%[1]s", s.count),
			fmt.Sprintf("%s = CASE WHEN t.%[2]s + excluded.%[2]s = 0 THEN NULL WHEN %[4]s IS NULL THEN %[3]s WHEN %[3]s IS NULL THEN %[4]s ELSE %[5]s END", s.amount, s.count, a, b, d.addDecimals(a, b)))
	}
	return " ON CONFLICT (" + strings.Join(keys, ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// insertCells stores cells that do not exist yet.
func (tx *Tx) insertCells(ctx context.Context, t cellTable, list cells) error {
	if len(list) == 0 {
		return nil
	}
	err := tx.store.dialect.insert(ctx, tx.tx, t.name, columnNames(t.columns()), func(yield func([]any) bool) {
		for _, key := range slices.SortedFunc(maps.Keys(list), compareCellKeys) {
			if !yield(t.row(key, list[key])) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("store totals: %w", err)
	}
	return nil
}
