package db

import (
	"context"
	"fmt"
	"slices"

	"usagegraph/calendar"
)

// UsageTotals returns totals of the usage records of each parent: a customer, a subscription, or NoParent for all. It
// returns BadInput, BadCursor, Forbidden and LimitExceeded errors.
func (r *Reader) UsageTotals(ctx context.Context, p *Projection, of Parents, q UsageTotalsQuery) ([]*UsageTotalsConnection, error) {
	t, err := newTotalsReader(r, p, of, &q)
	if err != nil {
		return nil, err
	}
	leave, err := r.admitTotals(ctx, PriceOf(q.Filter), t.isExpensive(r))
	if err != nil {
		return nil, err
	}
	defer leave()
	var pages []*UsageTotalsConnection
	return pages, r.Snapshot(ctx, func(r *Reader) (err error) {
		t.r, t.stored = r, t.canBeStored && r.hasStoredTotals()
		if !t.ofEveryone(r.scope) {
			pages, err = t.read(ctx)
			return err
		}
		question := &compiler{args: []any{fmt.Sprint(*t.selected), fmt.Sprint(t.limits), r.scope.cost}}
		for _, a := range t.amounts {
			question.args = append(question.args, a.column)
		}
		pages, err = cachedIn(r.store.totalsCache, r, question, q.Identity(), func() ([]*UsageTotalsConnection, error) { return t.read(ctx) })
		return err
	})
}

// admitTotals is Store.Admit for totals with a filter. If expensive is true, their statements are expensive by themselves.
func (r *Reader) admitTotals(ctx context.Context, filter FilterPrice, expensive bool) (leave func(), err error) {
	if expensive {
		filter.add(plainCondition, expensivePrice)
	}
	return r.admit(ctx, filter)
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
	case t.now.windows == nil && t.before == nil && len(t.of.Keys) == 1 && !t.stored:
		err = t.readPage(ctx, pages[0])
	default:
		err = t.readAll(ctx, pages)
	}
	if err == nil && t.selected.total {
		err = t.readTotal(ctx, pages)
	}
	return pages, err
}

// readPage reads a page of the groups of an undivided period; the database filters and orders them.
func (t *totalsReader) readPage(ctx context.Context, page *UsageTotalsConnection) error {
	g := t.groups(t.now, nil, t.dimensions)
	c := t.r.filterCompiler(ctx)
	aggregates := t.selected.aggregates(c)
	columns := sqlOf(aggregates)
	var charges []chargeColumn
	for _, charge := range append(t.query.Having.charges(), t.order.charges...) {
		if !slices.ContainsFunc(charges, func(c chargeColumn) bool { return c.name == charge.name }) {
			charges = append(charges, charge)
			columns = append(columns, charge.sql(c))
		}
	}
	groups := "(" + g.statement(c, t.r, "", nil, columns) + ") t WHERE " + c.all(func() { t.query.Having.conditions(c, "t.") })
	if len(t.dimensions) == 0 {
		groups += " AND t.records > 0"
	}
	if t.selected.totalCount {
		n, err := t.r.cachedNumber(ctx, c, "SELECT COUNT(*) FROM "+groups)
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
	if len(list) > 0 && (t.selected.charges || len(t.amounts) > 0) { // cursors have the values of the order
		if g.only = list; len(t.dimensions) == 0 {
			g.only = nil
		}
		if err := g.readCharges(ctx, t.r, t.amounts, list); err != nil {
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

// allGroups reads all groups of a period by some dimensions.
func (t *totalsReader) allGroups(ctx context.Context, p *totalsPeriod, windows []calendar.Window, dimensions []dimension) ([]*usageGroup, []column, error) {
	if t.stored {
		return t.storedGroups(ctx, p, windows, dimensions)
	}
	return t.readGroups(ctx, t.groups(p, windows, dimensions), t.limits.Groups)
}

// readGroups reads groups from the records, at most limit of them; 0 is no limit.
func (t *totalsReader) readGroups(ctx context.Context, g *usageGroups, limit int) ([]*usageGroup, []column, error) {
	c := t.r.filterCompiler(ctx)
	selected := *t.selected
	selected.subscriptionKeys = selected.subscriptionKeys && len(g.dimensions) > 0
	aggregates := selected.aggregates(c)
	sql := g.statement(c, t.r, "", nil, sqlOf(aggregates))
	if limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", limit+1)
	}
	if c.err != nil {
		return nil, nil, c.err
	}
	list, err := g.read(ctx, t.r, c, sql, aggregates)
	if err != nil {
		return nil, nil, err
	}
	if limit > 0 && len(list) > limit {
		return nil, nil, t.tooManyGroups()
	}
	if len(g.keys()) == 0 && list[0].totals.Records == 0 {
		list = nil
	}
	if len(list) > 0 && (t.selected.charges || len(t.amounts) > 0) {
		err = g.readCharges(ctx, t.r, t.amounts, list)
	}
	return list, g.keys(), err
}

func (t *totalsReader) tooManyGroups() error {
	return LimitErrorf(limitGroups, "usageTotals makes more than %d groups: longer windows, fewer values in by, or a filter", t.limits.Groups)
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
