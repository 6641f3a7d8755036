package db

import (
	"context"
	"fmt"
)

// DataAsOf says how recent the data of a system is.
type DataAsOf struct {
	Source Source `db:"source"`
	// At is the time of the latest usage record or consumption report; of sTN, the start of the latest month.
	At Time
	// ImportedAt is the end of the last import that read its whole document; nil if there was none.
	ImportedAt *Time `db:"imported_at"`
}

// DataAsOf returns how recent the data of each system is of which the reader's scope has any, in the order of Sources.
func (r *Reader) DataAsOf(ctx context.Context) ([]*DataAsOf, error) {
	list := []*DataAsOf{}
	return list, r.Snapshot(ctx, func(r *Reader) error {
		for _, source := range Sources() {
			at, err := r.latest(ctx, source)
			if err != nil {
				return fmt.Errorf("find the latest data of %s: %w", source, err)
			}
			if at != nil {
				list = append(list, &DataAsOf{Source: source, At: *at})
			}
		}
		var imports []*DataAsOf
		err := (unscoped{r}).SelectContext(ctx, &imports, "SELECT source, MAX(ended_at) AS imported_at FROM imports WHERE state = $1 GROUP BY source", ImportDone)
		if err != nil {
			return fmt.Errorf("find the last imports: %w", err)
		}
		for _, d := range list {
			for _, i := range imports {
				if i.Source == d.Source {
					d.ImportedAt = i.ImportedAt
				}
			}
		}
		return nil
	})
}

// The columns with the times of the records.
var (
	eventTime   = Project(ColumnsOf(func(u *UsageRecord) []any { return []any{&u.EventTime} }))
	yearMonth   = Project(ColumnsOf(func(s *UsageSummary) []any { return []any{&s.YearMonth} }))
	effectiveAt = Project(ColumnsOf(func(c *ConsumptionReport) []any { return []any{&c.EffectiveAt} }))
)

// latest returns the time of the latest record of a system in the reader's scope; nil if there is none.
func (r *Reader) latest(ctx context.Context, source Source) (*Time, error) {
	one := Page{Limit: 1}
	of := &SourceFilter{Eq: &source}
	switch source {
	case STN:
		page, err := r.UsageSummaries(ctx, yearMonth, NoParent, UsageSummaryQuery{Filter: &UsageSummaryFilter{Source: of}, Page: one})
		if err != nil || len(page[0].Nodes) == 0 {
			return nil, err
		}
		return new(page[0].Nodes[0].YearMonth.Start()), nil
	case DXP:
		page, err := r.ConsumptionReports(ctx, effectiveAt, NoParent, ConsumptionReportQuery{Page: one})
		if err != nil || len(page[0].Nodes) == 0 {
			return nil, err
		}
		return &page[0].Nodes[0].EffectiveAt, nil
	}
	page, err := r.UsageRecords(ctx, eventTime, NoParent, UsageRecordQuery{Filter: &UsageRecordFilter{Source: of}, Page: one})
	if err != nil || len(page[0].Nodes) == 0 {
		return nil, err
	}
	return &page[0].Nodes[0].EventTime, nil
}
