package db

import (
	"context"

	"usagegraph/calendar"
)

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
