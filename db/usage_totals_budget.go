package db

import (
	"context"
	"database/sql/driver"
	"fmt"

	"usagegraph/calendar"
)

// checkBudget returns a LimitExceeded error if a period has too many records to read.
func (t *totalsReader) checkBudget(ctx context.Context, p *totalsPeriod) error {
	if p == nil {
		return nil
	}
	limit := int64(t.limits.Records)
	c := t.r.compiler()
	var sql string
	switch {
	case t.stored:
		if sql = t.recordsOfCuts(c, p); sql == "" {
			return nil
		}
	case t.ofEveryone(t.r.scope) && t.r.totalsReady:
		sql = storedCount(c, nil, p.Start, p.End)
	default:
		g := t.groups(p, nil, nil)
		g.filter = nil
		sql = fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) t", g.records(c), g.condition(c, t.r), limit+1)
	}
	if n, err := t.count(ctx, c, sql); err != nil || n <= limit {
		return err
	}
	return Errorf(LimitExceeded, "usageTotals would read more than %d records: a shorter period, fewer customers, or only what hour totals hold", limit)
}

// count runs a statement that returns a number, or takes the number from the cache.
func (t *totalsReader) count(ctx context.Context, c *compiler, sql string) (int64, error) {
	return cached(t.r, c, sql, func() (int64, error) { return t.r.number(ctx, c, sql) })
}

// number runs a statement whose first column is a number.
func (r *Reader) number(ctx context.Context, c *compiler, sql string) (n int64, err error) {
	return n, r.rows(ctx, c, sql, func(row []driver.Value) error { return setInt64(&n, row[0]) })
}

// recordsOfCuts returns a query for the number of records in the hours of which only parts are needed, or an empty text if
// there are none.
func (t *totalsReader) recordsOfCuts(c *compiler, p *totalsPeriod) string {
	windows := p.windows
	if windows == nil {
		windows = []calendar.Window{p.Whole()}
	}
	hours := storedPartsOf(windows).cutHours()
	if len(hours) == 0 {
		return ""
	}
	return "SELECT CAST(COALESCE(SUM(u.records), 0) AS BIGINT) FROM " + rowsOf(c, hours) + " CROSS JOIN usage_hours u WHERE u.hour >= v.first_at AND u.hour < v.last_at"
}
