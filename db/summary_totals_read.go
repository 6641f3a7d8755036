package db

import (
	"context"
	"fmt"
)

// SummaryTotals returns totals of usage summaries. It returns BadInput, BadCursor and LimitExceeded errors.
func (r *Reader) SummaryTotals(ctx context.Context, p *Projection, q SummaryTotalsQuery) (*SummaryTotalsConnection, error) {
	t, err := newSummaryTotalsReader(r, p, &q)
	if err != nil {
		return nil, err
	}
	leave, err := r.admitTotals(ctx, PriceOf(q.Filter), !r.hasFewCustomers(NoParent))
	if err != nil {
		return nil, err
	}
	defer leave()
	page := &SummaryTotalsConnection{Nodes: []*SummaryTotals{}, HasPreviousPage: t.page.After != ""}
	limit := int64(r.totals.Records)
	return page, r.Snapshot(ctx, func(r *Reader) error {
		t.r = r
		if err := t.checkBudget(ctx, limit); err != nil {
			return err
		}
		if t.nodes || t.totalCount {
			if err := t.readPage(ctx, page); err != nil {
				return err
			}
		}
		if t.total {
			return t.readTotal(ctx, page)
		}
		return nil
	})
}

// checkBudget returns a LimitExceeded error if the months have too many summaries to read.
func (t *summaryTotalsReader) checkBudget(ctx context.Context, limit int64) error {
	c := t.r.compiler()
	sql := fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM usage_summaries u WHERE %s LIMIT %d) t", c.all(func() { t.monthConditions(c) }), limit+1)
	if n, err := t.r.cachedNumber(ctx, c, sql); err != nil || n <= limit {
		return err
	}
	return LimitErrorf(limitRecords, "summaryTotals would read more than %d summaries: fewer months, or fewer customers", limit)
}

// readPage reads a page of groups. The database orders them.
func (t *summaryTotalsReader) readPage(ctx context.Context, page *SummaryTotalsConnection) error {
	c := t.r.filterCompiler(ctx)
	groups := "(" + t.statement(c, t.dimensions, t.charged) + ") t WHERE t.summaries > 0"
	if t.totalCount {
		n, err := t.r.cachedNumber(ctx, c, "SELECT COUNT(*) FROM "+groups)
		if err != nil {
			return err
		}
		page.TotalCount = int32(n)
	}
	if !t.nodes {
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
	list, err := t.read(ctx, c, sql, t.dimensions, t.charged)
	if err != nil {
		return err
	}
	if page.HasNextPage = len(list) > t.page.Limit; page.HasNextPage {
		list = list[:t.page.Limit]
	}
	for _, g := range list {
		page.Nodes, page.cursors = append(page.Nodes, g.totals), append(page.cursors, encodeCursor(t.sign, t.cursorValues(g)))
	}
	return t.readParts(ctx, t.dimensions, list)
}

// readTotal reads the totals of all summaries.
func (t *summaryTotalsReader) readTotal(ctx context.Context, page *SummaryTotalsConnection) error {
	c := t.r.filterCompiler(ctx)
	all, err := t.read(ctx, c, t.statement(c, nil, nil), nil, nil)
	if err != nil {
		return err
	}
	page.Total = all[0].totals
	return t.readParts(ctx, nil, all)
}
