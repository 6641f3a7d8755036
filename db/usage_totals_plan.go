package db

import (
	"errors"
	"reflect"
	"slices"

	"usagegraph/calendar"
)

// totalsSelection lists the values that the totals of a query need.
type totalsSelection struct {
	customers, subscriptions, subscriptionKeys bool
	data, duration, items, extremes, charges   bool
	nodes, previous, total, totalCount         bool
}

// totalsSelectionOf returns the values that the fields of an answer and a query need.
func totalsSelectionOf(p *Projection, q *UsageTotalsQuery) *totalsSelection {
	of := func(column string) bool { return p.has(reflect.TypeFor[UsageTotals](), column) }
	page := func(column string) bool { return p.has(reflect.TypeFor[UsageTotalsConnection](), column) }
	having := q.Having
	if having == nil {
		having = &UsageTotalsFilter{}
	}
	orders := func(field UsageTotalsOrderField) bool {
		return slices.ContainsFunc(q.OrderBy, func(o *UsageTotalsOrder) bool { return o.Field == field })
	}
	quantity := p.has(reflect.TypeFor[QuantityTotals](), "extremes")
	return &totalsSelection{
		customers:        of("customers"),
		subscriptions:    of("subscriptions") || having.Subscriptions != nil || orders("SUBSCRIPTIONS"),
		subscriptionKeys: slices.Contains(q.By, "SUBSCRIPTION"),
		data:             of("data") || having.Data != nil || orders("DATA"),
		duration:         of("duration") || having.Duration != nil || orders("DURATION"),
		items:            of("items"),
		extremes:         quantity,
		charges:          of("charges"),
		nodes:            page("nodes"),
		previous:         of("previous") && q.CompareWith != nil,
		total:            page("total"),
		totalCount:       page("total_count"),
	}
}

// totalsReader answers one UsageTotalsQuery in a snapshot.
type totalsReader struct {
	r        *Reader
	of       Parents
	query    *UsageTotalsQuery
	selected *totalsSelection
	// amounts are the amounts of the charges to read.
	amounts []chargeAmount
	limits  TotalsLimits
	// now and before are the period and the one to compare with; before is nil without one.
	now, before *totalsPeriod
	dimensions  []dimension
	order       totalsOrder
	page        Page
	// after holds the values of the cursor; nil without one.
	after []any
	sign  string
	// canBeStored is true if the stored totals hold all values of the query, stored if the snapshot has them.
	canBeStored, stored bool
}

// totalsPeriod is a period with its windows; nil if it is not divided.
type totalsPeriod struct {
	calendar.Period
	windows []calendar.Window
}

// window returns the window of a group.
func (p *totalsPeriod) window(ordinal int64) *TimeWindow {
	switch {
	case p.windows == nil:
		return windowOf(p.Whole())
	case ordinal >= int64(len(p.windows)): // the period to compare with has fewer windows
		last := p.windows[len(p.windows)-1]
		last.Start = last.End
		return windowOf(last)
	}
	return windowOf(p.windows[ordinal])
}

func newTotalsReader(r *Reader, p *Projection, of Parents, q *UsageTotalsQuery) (*totalsReader, error) {
	t := &totalsReader{of: of, query: q, selected: totalsSelectionOf(p, q), limits: r.totals}
	if err := t.setPeriods(); err != nil {
		return nil, err
	}
	var err error
	if t.dimensions, err = dimensionsOf(usageDimensions, q.By, maxDimensions); err != nil {
		return nil, err
	}
	if q.Filter.hasEventTime() {
		return nil, Errorf(BadInput, "filter.eventTime: the period says when")
	}
	if err := q.Having.check(r.scope); err != nil {
		return nil, err
	}
	if t.order, err = newTotalsOrder(r.scope, q.OrderBy, t.now.windows != nil, t.dimensions); err != nil {
		return nil, err
	}
	t.selectAmounts(p)
	if t.page, err = NewPage(&q.First, q.After, nil, nil); err != nil {
		return nil, err
	}
	t.canBeStored = t.hasStoredTotals(r.scope)
	return t, t.readCursor()
}

// setPeriods computes the periods and windows of the query.
func (t *totalsReader) setPeriods() error {
	q := t.query
	zone, err := calendar.LoadZone(q.TimeZone)
	if err != nil {
		return Errorf(BadInput, "timeZone: %s", err)
	}
	period, err := q.Period.In(zone)
	if err != nil {
		return err
	}
	if t.now, err = q.divided(period); err != nil || q.CompareWith == nil {
		return err
	}
	before := period.Previous
	if *q.CompareWith == PreviousYear {
		before = period.YearBefore
	}
	if period, err = before(); err != nil {
		return Errorf(BadInput, "compareWith: the period to compare with: %s", err)
	}
	t.before, err = q.divided(period)
	return err
}

// divided divides a period into the windows of the query.
func (q *UsageTotalsQuery) divided(p calendar.Period) (*totalsPeriod, error) {
	if q.Window == nil {
		return &totalsPeriod{Period: p}, nil
	}
	windows, err := p.Windows(calendar.Division{
		Unit: q.Window.Unit, MonthStartsOn: int(q.Window.MonthStartsOn), WeekStartsOn: q.Window.WeekStartsOn.weekday(),
	})
	var tooMany *calendar.TooManyWindowsError
	switch {
	case errors.As(err, &tooMany):
		return nil, LimitErrorf(limitWindows, "%s", err)
	case err != nil:
		return nil, Errorf(BadInput, "window: %s", err)
	}
	return &totalsPeriod{p, windows}, nil
}

// readCursor parses the cursor of the query. Cursors are valid for the same question only.
func (t *totalsReader) readCursor() error {
	question := *t.query
	question.First, question.After = 0, nil
	var err error
	t.sign, t.after, err = readTotalsCursor(question.Identity(), t.page, t.order.keys)
	return err
}

// hasEventTime reports whether a filter has a condition on the event time.
func (f *UsageRecordFilter) hasEventTime() bool {
	return f != nil && (f.EventTime != nil || f.Not.hasEventTime() ||
		slices.ContainsFunc(f.And, (*UsageRecordFilter).hasEventTime) || slices.ContainsFunc(f.Or, (*UsageRecordFilter).hasEventTime))
}

// selectAmounts selects the amounts of the charges that the answer, the order and the filter of groups need.
func (t *totalsReader) selectAmounts(p *Projection) {
	needed := append(t.query.Having.charges(), t.order.charges...)
	for _, a := range chargeAmounts {
		answered := t.selected.charges && p.has(reflect.TypeFor[ChargeTotals](), a.column)
		if answered || slices.ContainsFunc(needed, func(c chargeColumn) bool { return c.amount == a.column }) {
			t.amounts = append(t.amounts, a)
		}
	}
}
