package db

import (
	"context"
	"database/sql/driver"
	"fmt"

	"usagegraph/calendar"
)

// fewCutHours is the maximum number of hours of which records are read, besides stored totals, without counting as an
// expensive statement.
const fewCutHours = 100

// fewCustomers is the maximum number of customers whose totals do not count as an expensive statement.
const fewCustomers = 10

// isExpensive reports whether the statements of the query are expensive: they read records of more than a few customers.
func (t *totalsReader) isExpensive(r *Reader) bool {
	return !r.hasFewCustomers(t.of) && !(t.canBeStored && r.store.totalsReady.Load() && t.hasFewCuts())
}

// hasFewCustomers reports whether the lists of some parents have the records of few customers.
func (r *Reader) hasFewCustomers(of Parents) bool {
	if of.Type != "" {
		return len(of.Keys) <= fewCustomers
	}
	return !r.scope.everyone && len(r.scope.customers) <= fewCustomers
}

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
		if sql = recordsOfCuts(c, p); sql == "" {
			return nil
		}
	case t.ofEveryone(t.r.scope) && t.r.hasStoredTotals():
		sql = storedCount(c, nil, p.Start, p.End)
	default:
		g := t.groups(p, nil, nil)
		g.filter = nil
		sql = fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) t", g.records(c), g.condition(c, t.r), limit+1)
	}
	if n, err := t.r.cachedNumber(ctx, c, sql); err != nil || n <= limit {
		return err
	}
	return LimitErrorf(limitRecords, "usageTotals would read more than %d records: a shorter period, fewer customers, or only what hour totals hold", limit)
}

// cachedNumber is number, with a cache of results.
func (r *Reader) cachedNumber(ctx context.Context, c *compiler, sql string) (int64, error) {
	if c.err != nil {
		return 0, c.err
	}
	return cached(r, c, sql, func() (int64, error) { return r.number(ctx, c, sql) })
}

// number runs a statement whose first column is a number.
func (r *Reader) number(ctx context.Context, c *compiler, sql string) (n int64, err error) {
	return n, r.rows(ctx, c, sql, func(row []driver.Value) error { return setInt64(&n, row[0]) })
}

// recordsOfCuts returns a query for the number of records in the hours of which only parts are needed, or an empty text if
// there are none.
func recordsOfCuts(c *compiler, p *totalsPeriod) string {
	hours := p.cutHours()
	if len(hours) == 0 {
		return ""
	}
	return "SELECT CAST(COALESCE(SUM(u.records), 0) AS BIGINT) FROM " + rowsOf(c, hours) + " CROSS JOIN usage_hours u WHERE u.hour >= v.first_at AND u.hour < v.last_at"
}

// cutHours returns the hours in UTC that the windows of a period cut.
func (p *totalsPeriod) cutHours() []hourRange {
	windows := p.windows
	if windows == nil {
		windows = []calendar.Window{p.Whole()}
	}
	return storedPartsOf(windows).cutHours()
}

// hasFewCuts reports whether the windows of the query cut few hours in UTC.
func (t *totalsReader) hasFewCuts() bool {
	hours := int64(0)
	for _, p := range []*totalsPeriod{t.now, t.before} {
		if p != nil {
			for _, r := range p.cutHours() {
				hours += r.Last - r.First
			}
		}
	}
	return hours <= fewCutHours
}
