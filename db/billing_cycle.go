package db

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// BillingCycles returns the billing cycles that the consumption reports of each subscription state, each once, latest
// first, and at most first of them. It returns a BadInput error for an invalid first.
func (r *Reader) BillingCycles(ctx context.Context, subscriptions []Key, first int32) ([][]*TimePeriod, error) {
	page, err := NewPage(&first, nil, nil, nil)
	if err != nil || len(subscriptions) == 0 {
		return nil, err
	}
	c := r.compiler()
	keys := c.dialect.keyList(c, subscriptions)
	condition := c.all(func() {
		r.scope.conditions(c, "t.")
		c.add("COALESCE(t.cycle_start, t.cycle_end) IS NOT NULL")
	})
	sql := fmt.Sprintf(`SELECT k.ord, t.cycle_start, t.cycle_end, COALESCE(t.cycle_start, t.cycle_end) AS at
		FROM %s JOIN consumption_reports t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE %s
		GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, t.cycle_start IS NULL, t.cycle_end IS NULL, 3 DESC`, keys, condition)
	if c.err != nil {
		return nil, c.err
	}
	cycles := make([][]*TimePeriod, len(subscriptions))
	for i := range cycles {
		cycles[i] = []*TimePeriod{}
	}
	return cycles, r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			var n int64
			if err := setInt64(&n, row[0]); err != nil || len(cycles[n-1]) == page.Limit {
				return err
			}
			var bounds [2]*Time
			for i := range bounds {
				if row[1+i] == nil {
					continue
				}
				bounds[i] = &Time{}
				if err := bounds[i].Scan(row[1+i]); err != nil {
					return err
				}
			}
			cycles[n-1] = append(cycles[n-1], periodOf(bounds[0], bounds[1]))
			return nil
		})
	})
}
