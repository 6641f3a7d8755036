package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strconv"

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
	limits   TotalsLimits
	// now and before are the period and the one to compare with; before is nil without one.
	now, before *totalsPeriod
	dimensions  []dimension
	order       totalsOrder
	page        Page
	// after holds the values of the cursor; nil without one.
	after []any
	sign  string
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

// UsageTotals returns totals of the usage records of each parent: a customer, a subscription, or NoParent for all. It
// returns BadInput, BadCursor, Forbidden and LimitExceeded errors.
func (r *Reader) UsageTotals(ctx context.Context, p *Projection, of Parents, q UsageTotalsQuery) ([]*UsageTotalsConnection, error) {
	t, err := newTotalsReader(r, p, of, &q)
	if err != nil {
		return nil, err
	}
	price := PriceOf(q.Filter)
	if of.Type == "" && r.scope.everyone {
		price.add(plainCondition, expensivePrice)
	}
	leave, err := r.store.Admit(ctx, price)
	if err != nil {
		return nil, err
	}
	defer leave()
	var pages []*UsageTotalsConnection
	return pages, r.Snapshot(ctx, func(r *Reader) (err error) {
		t.r = r
		pages, err = t.read(ctx)
		return err
	})
}

func newTotalsReader(r *Reader, p *Projection, of Parents, q *UsageTotalsQuery) (*totalsReader, error) {
	t := &totalsReader{of: of, query: q, selected: totalsSelectionOf(p, q), limits: r.totals}
	if err := t.setPeriods(); err != nil {
		return nil, err
	}
	if len(q.By) > maxDimensions {
		return nil, Errorf(BadInput, "by: at most %d dimensions, not %d", maxDimensions, len(q.By))
	}
	for i, by := range q.By {
		d, known := usageDimensions[by]
		if !known || slices.Contains(q.By[:i], by) {
			return nil, Errorf(BadInput, "by: %s is repeated or unknown", by)
		}
		t.dimensions = append(t.dimensions, d)
	}
	if q.Filter.hasEventTime() {
		return nil, Errorf(BadInput, "filter.eventTime: the period says when")
	}
	if err := q.Having.check(r.scope); err != nil {
		return nil, err
	}
	var err error
	if t.order, err = newTotalsOrder(r.scope, q.OrderBy, t.now.windows != nil, t.dimensions); err != nil {
		return nil, err
	}
	if t.page, err = NewPage(&q.First, q.After, nil, nil); err != nil {
		return nil, err
	}
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
		return nil, Errorf(LimitExceeded, "%s", err)
	case err != nil:
		return nil, Errorf(BadInput, "window: %s", err)
	}
	return &totalsPeriod{p, windows}, nil
}

// readCursor parses the cursor of the query. Cursors are valid for the same question only.
func (t *totalsReader) readCursor() error {
	question := *t.query
	question.First, question.After = 0, nil
	hash := fnv.New64a()
	fmt.Fprint(hash, question.Identity())
	t.sign = strconv.FormatUint(hash.Sum64(), 36)
	if t.page.After == "" {
		return nil
	}
	columns := make([]column, len(t.order.keys))
	for i, k := range t.order.keys {
		columns[i] = k.column
	}
	var err error
	t.after, err = decodeCursor("after", t.page.After, t.sign, columns)
	return err
}

// hasEventTime reports whether a filter has a condition on the event time.
func (f *UsageRecordFilter) hasEventTime() bool {
	return f != nil && (f.EventTime != nil || f.Not.hasEventTime() ||
		slices.ContainsFunc(f.And, (*UsageRecordFilter).hasEventTime) || slices.ContainsFunc(f.Or, (*UsageRecordFilter).hasEventTime))
}

// groups returns the groups of a period, by dimensions.
func (t *totalsReader) groups(p *totalsPeriod, windows []calendar.Window, dimensions []dimension) *usageGroups {
	return &usageGroups{of: t.of, from: p.Start, to: p.End, windows: windows, dimensions: dimensions, filter: t.query.Filter}
}

func (t *totalsReader) read(ctx context.Context) ([]*UsageTotalsConnection, error) {
	pages := make([]*UsageTotalsConnection, len(t.of.Keys))
	for i := range pages {
		pages[i] = &UsageTotalsConnection{Nodes: []*UsageTotals{}, HasPreviousPage: t.page.After != ""}
	}
	for _, p := range []*totalsPeriod{t.now, t.before} {
		if err := t.checkBudget(ctx, p); err != nil {
			return nil, err
		}
	}
	var err error
	switch {
	case !t.selected.nodes && !t.selected.totalCount:
	case t.now.windows == nil && t.before == nil && len(t.of.Keys) == 1:
		err = t.readPage(ctx, pages[0])
	default:
		err = t.readAll(ctx, pages)
	}
	if err == nil && t.selected.total {
		err = t.readTotal(ctx, pages)
	}
	return pages, err
}

// checkBudget returns a LimitExceeded error if a period has too many records to read.
func (t *totalsReader) checkBudget(ctx context.Context, p *totalsPeriod) error {
	if p == nil {
		return nil
	}
	limit := int64(t.limits.Records)
	g := t.groups(p, nil, nil)
	g.filter = nil
	c := t.r.compiler()
	sql := fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) t", g.records(c), g.condition(c, t.r), limit+1)
	if n, err := t.count(ctx, c, sql); err != nil || n <= limit {
		return err
	}
	return Errorf(LimitExceeded, "usageTotals would read more than %d records: a shorter period, or fewer customers", limit)
}

// count runs a statement that returns a number.
func (t *totalsReader) count(ctx context.Context, c *compiler, sql string) (int64, error) {
	if c.err != nil {
		return 0, c.err
	}
	return cached(t.r, c, sql, func() (n int64, err error) {
		return n, t.r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
			return eachRow(ctx, rows, func(row []driver.Value) error { return setInt64(&n, row[0]) })
		})
	})
}

// readPage reads a page of the groups of an undivided period; the database filters and orders them.
func (t *totalsReader) readPage(ctx context.Context, page *UsageTotalsConnection) error {
	g := t.groups(t.now, nil, t.dimensions)
	c := t.r.filterCompiler(ctx)
	aggregates := t.selected.aggregates(c)
	columns := make([]string, len(aggregates))
	for i, a := range aggregates {
		columns[i] = a.sql
	}
	var charges []chargeColumn
	for _, charge := range append(t.query.Having.charges(), t.order.charges...) {
		if !slices.ContainsFunc(charges, func(c chargeColumn) bool { return c.name == charge.name }) {
			charges = append(charges, charge)
			columns = append(columns, charge.sql(c))
		}
	}
	groups := "(" + g.statement(c, t.r, "", "", columns) + ") t WHERE " + c.all(func() { t.query.Having.conditions(c, "t.") })
	if len(t.dimensions) == 0 {
		groups += " AND t.records > 0"
	}
	if t.selected.totalCount {
		n, err := t.count(ctx, c, "SELECT COUNT(*) FROM "+groups)
		if err != nil {
			return err
		}
		page.TotalCount = int32(n)
	}
	if !t.selected.nodes {
		return nil
	}
	if t.after != nil {
		groups += " AND " + keysetCondition(c, t.order.keys, t.after, false)
	}
	sql := "SELECT t.* FROM " + groups
	if len(t.order.keys) > 0 {
		sql += " ORDER BY " + orderBy(c.dialect, "t.", t.order.keys, false, false)
	}
	sql += fmt.Sprintf(" LIMIT %d", t.page.Limit+1)
	if c.err != nil {
		return c.err
	}
	list, err := g.read(ctx, t.r, c, sql, aggregates)
	if err != nil {
		return err
	}
	if page.HasNextPage = len(list) > t.page.Limit; page.HasNextPage {
		list = list[:t.page.Limit]
	}
	if len(list) > 0 && (t.selected.charges || len(t.order.charges) > 0) { // cursors have the values of the order
		if g.only = list; len(t.dimensions) == 0 {
			g.only = nil
		}
		if err := g.readCharges(ctx, t.r, list); err != nil {
			return err
		}
	}
	t.fill(page, list, g.keys())
	return nil
}

// fill adds groups to a page, with their windows and cursors.
func (t *totalsReader) fill(page *UsageTotalsConnection, list []*usageGroup, columns []column) {
	for _, g := range list {
		values := t.order.values(columns, g)
		texts := make([]*string, len(values))
		for i, v := range values {
			texts[i] = t.order.keys[i].print(v)
		}
		g.totals.Window = t.now.window(ordinalOf(columns, g.key))
		page.Nodes, page.cursors = append(page.Nodes, g.totals), append(page.cursors, encodeCursor(t.sign, texts))
	}
}

// ordinalOf returns the ordinal of the window of a group.
func ordinalOf(columns []column, key []any) int64 {
	if i := slices.Index(columns, windowOrdinal); i >= 0 {
		return key[i].(int64)
	}
	return 0
}

// allGroups reads all groups of a period by some dimensions.
func (t *totalsReader) allGroups(ctx context.Context, p *totalsPeriod, windows []calendar.Window, dimensions []dimension) ([]*usageGroup, []column, error) {
	g := t.groups(p, windows, dimensions)
	c := t.r.filterCompiler(ctx)
	selected := *t.selected
	selected.subscriptionKeys = selected.subscriptionKeys && len(dimensions) > 0
	aggregates := selected.aggregates(c)
	columns := make([]string, len(aggregates))
	for i, a := range aggregates {
		columns[i] = a.sql
	}
	limit := t.limits.Groups
	sql := g.statement(c, t.r, "", "", columns) + fmt.Sprintf(" LIMIT %d", limit+1)
	if c.err != nil {
		return nil, nil, c.err
	}
	list, err := g.read(ctx, t.r, c, sql, aggregates)
	if err != nil {
		return nil, nil, err
	}
	if len(list) > limit {
		return nil, nil, t.tooManyGroups()
	}
	if len(g.keys()) == 0 && list[0].totals.Records == 0 {
		list = nil
	}
	if len(list) > 0 && (t.selected.charges || len(t.order.charges)+len(t.query.Having.charges()) > 0) {
		err = g.readCharges(ctx, t.r, list)
	}
	return list, g.keys(), err
}

func (t *totalsReader) tooManyGroups() error {
	return Errorf(LimitExceeded, "usageTotals makes more than %d groups: longer windows, fewer values in by, or a filter", t.limits.Groups)
}

// readAll reads all groups of all parents, and filters and orders them.
func (t *totalsReader) readAll(ctx context.Context, pages []*UsageTotalsConnection) error {
	list, columns, err := t.allGroups(ctx, t.now, t.now.windows, t.dimensions)
	if err != nil {
		return err
	}
	if t.query.Window != nil && t.query.Window.IncludeEmpty {
		if list, err = t.withEmpty(list, columns); err != nil {
			return err
		}
	}
	if t.selected.previous {
		if err := t.addPrevious(ctx, list, t.before.windows, t.dimensions); err != nil {
			return err
		}
	}
	ofParent := make([][]*usageGroup, len(pages))
	for _, g := range list {
		if t.query.Having.matches(g.totals) {
			parent := parentOrdinalOf(columns, g.key)
			ofParent[parent] = append(ofParent[parent], g)
		}
	}
	for i, page := range pages {
		groups := ofParent[i]
		slices.SortFunc(groups, func(a, b *usageGroup) int {
			return t.order.compare(t.order.values(columns, a), t.order.values(columns, b))
		})
		page.TotalCount = int32(len(groups))
		if t.after != nil {
			groups = slices.DeleteFunc(groups, func(g *usageGroup) bool { return t.order.compare(t.order.values(columns, g), t.after) <= 0 })
		}
		if page.HasNextPage = len(groups) > t.page.Limit; page.HasNextPage {
			groups = groups[:t.page.Limit]
		}
		t.fill(page, groups, columns)
	}
	return nil
}

func parentOrdinalOf(columns []column, key []any) int64 {
	if slices.Contains(columns, parentOrdinal) {
		return key[0].(int64) - 1
	}
	return 0
}

// withEmpty adds groups without records for the windows in which a key does not occur.
func (t *totalsReader) withEmpty(list []*usageGroup, columns []column) ([]*usageGroup, error) {
	at := slices.Index(columns, windowOrdinal)
	in := func(key []any, window int) []any {
		key = slices.Clone(key)
		key[at] = int64(window)
		return key
	}
	present := map[string]bool{}
	var keys []*usageGroup // one group of each key
	add := func(g *usageGroup) {
		if name := groupName(columns, in(g.key, -1)); !present[name] {
			present[name] = true
			keys = append(keys, g)
		}
	}
	for _, g := range list {
		present[groupName(columns, g.key)] = true
		add(g)
	}
	if len(t.dimensions) == 0 {
		for i := range t.of.Keys { // the parent, if there are several, and the window
			add(&usageGroup{[]any{int64(i + 1), int64(0)}[2-len(columns):], newUsageTotals()})
		}
	}
	if len(keys)*len(t.now.windows) > t.limits.Groups {
		return nil, t.tooManyGroups()
	}
	for _, g := range keys {
		for w := range t.now.windows {
			if key := in(g.key, w); !present[groupName(columns, key)] {
				empty := &usageGroup{key, newUsageTotals()}
				empty.totals.Key = g.totals.Key
				list = append(list, empty)
			}
		}
	}
	return list, nil
}

// addPrevious adds the totals of the period to compare with to groups.
func (t *totalsReader) addPrevious(ctx context.Context, list []*usageGroup, windows []calendar.Window, dimensions []dimension) error {
	previous, columns, err := t.allGroups(ctx, t.before, windows, dimensions)
	if err != nil {
		return err
	}
	byName := make(map[string]*UsageTotals, len(previous))
	for _, g := range previous {
		byName[groupName(columns, g.key)] = g.totals
	}
	p := &totalsPeriod{t.before.Period, windows}
	for _, g := range list {
		totals := byName[groupName(columns, g.key)]
		if totals == nil {
			totals = newUsageTotals()
		}
		totals.Window, totals.Key = p.window(ordinalOf(columns, g.key)), g.totals.Key
		g.totals.Previous = totals
	}
	return nil
}

// readTotal reads the totals of the whole period.
func (t *totalsReader) readTotal(ctx context.Context, pages []*UsageTotalsConnection) error {
	list, columns, err := t.allGroups(ctx, t.now, nil, nil)
	if err != nil {
		return err
	}
	known := map[int64]bool{}
	for _, g := range list {
		known[parentOrdinalOf(columns, g.key)] = true
	}
	for i := range pages {
		if !known[int64(i)] {
			list = append(list, &usageGroup{[]any{int64(i + 1)}[:len(columns)], newUsageTotals()})
		}
	}
	if t.selected.previous {
		if err := t.addPrevious(ctx, list, nil, nil); err != nil {
			return err
		}
	}
	for _, g := range list {
		g.totals.Window = windowOf(t.now.Whole())
		pages[parentOrdinalOf(columns, g.key)].Total = g.totals
	}
	return nil
}
