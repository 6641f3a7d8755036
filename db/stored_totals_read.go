package db

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"usagegraph/calendar"
)

// storedDimensions are the dimensions of the stored totals.
var storedDimensions = []UsageDimension{"SOURCE", "USAGE_TYPE", "DIRECTION", "STATUS"}

// hasStoredTotals reports whether the stored totals, when they are ready, answer the query for a scope.
func (t *totalsReader) hasStoredTotals(s Scope) bool {
	of := t.selected
	return t.ofEveryone(s) && !of.customers && !of.subscriptions && !(of.extremes && (of.data || of.duration || of.items)) && t.query.Filter.isStored() &&
		!slices.ContainsFunc(t.query.By, func(by UsageDimension) bool { return !slices.Contains(storedDimensions, by) })
}

// ofEveryone reports whether the query is about the records of all customers, for a scope.
func (t *totalsReader) ofEveryone(s Scope) bool { return s.everyone && t.of.Type == "" }

// isStored reports whether all conditions of a filter are on columns of the stored totals.
func (f *UsageRecordFilter) isStored() bool {
	if f == nil {
		return true
	}
	others := *f
	others.And, others.Or, others.Not = nil, nil, nil
	others.Source, others.UsageType, others.Direction, others.Status = nil, nil, nil, nil
	isNot := func(f *UsageRecordFilter) bool { return !f.isStored() }
	return reflect.ValueOf(others).IsZero() && f.Not.isStored() && !slices.ContainsFunc(f.And, isNot) && !slices.ContainsFunc(f.Or, isNot)
}

// hourRange is a row of a relation: the hours, or days, since 1970 from First to Last, exclusive.
type hourRange struct {
	First int64 `db:"first_at"`
	Last  int64 `db:"last_at"`
}

// cutHour is a row of a relation: a part of an hour, which belongs to a window.
type cutHour struct {
	Start  Time  `db:"start_at"`
	End    Time  `db:"end_at"`
	Window int64 `db:"w"`
}

// storedParts holds the parts of windows of time: days and hours in UTC, whose totals are stored, and parts of hours at the
// ends of windows.
type storedParts struct {
	days, hours []hourRange
	cuts        []cutHour
}

func storedPartsOf(windows []calendar.Window) *storedParts {
	p := &storedParts{}
	for i, w := range windows {
		first, last := hourFrom(w.Start), hourOf(w.End)
		if first > last {
			p.cut(i, w.Start, w.End)
			continue
		}
		p.cut(i, w.Start, hourStart(first).Time)
		firstDay, lastDay := -floorDiv(-first, hoursPerDay), floorDiv(last, hoursPerDay)
		if firstDay < lastDay {
			p.hours = appendRange(p.hours, first, firstDay*hoursPerDay)
			p.days = appendRange(p.days, firstDay, lastDay)
			first = lastDay * hoursPerDay
		}
		p.hours = appendRange(p.hours, first, last)
		p.cut(i, hourStart(last).Time, w.End)
	}
	return p
}

// cut adds the part of an hour that belongs to a window.
func (p *storedParts) cut(window int, start, end time.Time) {
	if start.Before(end) {
		p.cuts = append(p.cuts, cutHour{Time{start}, Time{end}, int64(window)})
	}
}

// cutHours returns the hours of which only parts are needed.
func (p *storedParts) cutHours() (hours []hourRange) {
	next := int64(noTotals)
	for _, c := range p.cuts {
		if hour := hourOf(c.Start.Time); hour >= next {
			hours = appendRange(hours, hour, hour+1)
			next = hour + 1
		}
	}
	return hours
}

// appendRange appends a range, or extends the last one if they are adjacent.
func appendRange(list []hourRange, first, last int64) []hourRange {
	switch n := len(list); {
	case first == last:
		return list
	case n > 0 && list[n-1].Last == first:
		list[n-1].Last = last
		return list
	}
	return append(list, hourRange{first, last})
}

// hourFrom returns the first hour that begins at an instant or later.
func hourFrom(t time.Time) int64 {
	hour := hourOf(t)
	if hourStart(hour).Before(t) {
		hour++
	}
	return hour
}

// query returns a query for the stored cells of a part of time that satisfy a filter, or an empty text if there are none.
// The columns are the first hour of the cell, those of some dimensions, and some values. In the filter and the values, u has
// the columns of usage records, and NULL where a record or rated usage has no value.
func (p *storedParts) query(c *compiler, days, hours cellTable, dimensions []dimension, f *UsageRecordFilter, values []string) string {
	var union []string
	for _, part := range []struct {
		cellTable
		ranges []hourRange
	}{{days, p.days}, {hours, p.hours}} {
		if len(part.ranges) == 0 {
			continue
		}
		columns := []string{fmt.Sprintf("u.at * %d", part.cellTable.hours)}
		for _, d := range dimensions {
			columns = append(columns, "u."+d.name)
		}
		condition := c.all(func() {
			c.add("u.at >= v.first_at AND u.at < v.last_at")
			f.conditions(c, "u.")
		})
		union = append(union, "SELECT "+strings.Join(append(columns, values...), ", ")+" FROM "+rowsOf(c, part.ranges)+" CROSS JOIN "+part.asRecords()+" u WHERE "+condition)
	}
	return strings.Join(union, " UNION ALL ")
}

// asRecords returns a relation with the columns of a table of cells, named as those of usage records: at is the first
// column of the key, and NULL replaces the empty text.
func (t *cellTable) asRecords() string {
	columns := []string{t.at + " AS at"}
	for _, column := range t.columns()[1:] {
		name := column.name
		if name == "direction" || name == "status" || name == "currency" {
			name = "NULLIF(" + name + ", '') AS " + name
		}
		columns = append(columns, name)
	}
	return "(SELECT " + strings.Join(columns, ", ") + " FROM " + t.name + ")"
}
