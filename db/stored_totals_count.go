package db

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
	"time"

	"usagegraph/calendar"
)

// The beginning of the year 1 and the end of the year 9999.
var (
	earliestTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latestTime   = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
)

// countStored returns the number of usage records that satisfy a filter, from the stored totals. It returns false if these
// are not ready, or do not hold the columns of the filter.
func (r *Reader) countStored(ctx context.Context, f *UsageRecordFilter) (n int64, ok bool, err error) {
	if !r.scope.everyone || r.snapshot != nil && !r.hasStoredTotals() {
		return 0, false, nil
	}
	conditions, from, to, ok := f.timeRange()
	if !ok || !conditions.isStored() {
		return 0, false, nil
	}
	c := r.filterCompiler(ctx)
	sql := storedCount(c, conditions, from, to)
	if c.err != nil {
		return 0, false, c.err
	}
	type counted struct {
		n     int64
		ready bool
	}
	found, err := cached(r, c, sql, func() (found counted, err error) {
		return found, r.rows(ctx, c, sql, func(row []driver.Value) error {
			found.ready = row[1] != nil
			return setInt64(&found.n, row[0])
		})
	})
	return found.n, found.ready, err
}

// storedCount returns a query for the number of usage records of a time that satisfy a filter, from the stored totals, with
// a second column that is NULL if these are not ready.
func storedCount(c *compiler, f *UsageRecordFilter, from, to time.Time) string {
	parts := storedPartsOf([]calendar.Window{{Start: from, End: to}})
	var terms []string
	if cells := parts.query(c, usageDays, usageHours, nil, f, []string{"u.records AS n"}); cells != "" {
		terms = append(terms, "SELECT n FROM ("+cells+") s")
	}
	if len(parts.cuts) > 0 {
		g := &usageGroups{of: NoParent, cuts: parts.cuts, filter: f}
		terms = append(terms, "SELECT COUNT(*) AS n FROM "+g.records(c)+" WHERE "+g.condition(c, &Reader{scope: All()}))
	}
	if len(terms) == 0 {
		terms = []string{"SELECT 0 AS n"}
	}
	return "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), (SELECT 1 FROM totals_state WHERE state = 'READY') FROM (" + strings.Join(terms, " UNION ALL ") + ") t"
}

// timeRange returns a filter without its conditions on the event time, and the time that these select. It returns false
// for conditions that do not select one time.
func (f *UsageRecordFilter) timeRange() (others *UsageRecordFilter, from, to time.Time, ok bool) {
	from, to = earliestTime, latestTime
	if f == nil {
		return nil, from, to, true
	}
	others = new(*f)
	others.EventTime, others.And = nil, nil
	if f.EventTime != nil {
		if from, to, ok = f.EventTime.timeRange(); !ok {
			return nil, from, to, false
		}
	}
	for _, f := range f.And {
		inner, start, end, ok := f.timeRange()
		if !ok {
			return nil, from, to, false
		}
		others.And = append(others.And, inner)
		from, to = laterOf(from, start), earlierOf(to, end)
	}
	ok = !f.Not.hasEventTime() && !slices.ContainsFunc(f.Or, (*UsageRecordFilter).hasEventTime)
	return others, from, laterOf(from, to), ok
}

// timeRange returns the time that the conditions select; false if they do not select one time.
func (f *DateTimeFilter) timeRange() (from, to time.Time, ok bool) {
	from, to = earliestTime, latestTime
	if f.Eq != nil || f.Ne != nil || f.In != nil || f.IsNull != nil {
		return from, to, false
	}
	if f.Gte != nil {
		from = laterOf(from, TimeOf(f.Gte.Time).Time)
	}
	if f.Gt != nil {
		from = laterOf(from, TimeOf(f.Gt.Time).Add(time.Microsecond))
	}
	if f.Lt != nil {
		to = earlierOf(to, TimeOf(f.Lt.Time).Time)
	}
	if f.Lte != nil {
		to = earlierOf(to, TimeOf(f.Lte.Time).Add(time.Microsecond))
	}
	return from, laterOf(from, to), true
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlierOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
