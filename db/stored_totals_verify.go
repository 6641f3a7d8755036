package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// VerifyTotals compares, in one snapshot, the usage records with the stored totals by hour, and these with the ones by day.
// It calls show with a line for each cell that differs, in the order of time, and progress with the number of compared
// records and of those in the stored totals. It returns the number of cells that differ, and a Conflict error while the
// stored totals are being built.
func (s *Store) VerifyTotals(ctx context.Context, show func(line string), progress func(done, total int64)) (differ int, err error) {
	v := &totalsVerifier{show: show}
	err = s.For(All()).Snapshot(ctx, func(r *Reader) error {
		v.r = r
		if !r.hasStoredTotals() {
			return errTotalsBuilding
		}
		c := r.compiler()
		total, err := r.number(ctx, c, storedCount(c, nil, earliestTime, latestTime))
		if err != nil {
			return err
		}
		for day, found, err := v.nextDay(ctx, hourStart(noTotals).Time); found || err != nil; day, found, err = v.nextDay(ctx, day.AddDate(0, 0, 1)) {
			if err != nil {
				return err
			}
			if err := v.compareDay(ctx, day); err != nil {
				return err
			}
			progress(v.records, total)
		}
		return nil
	})
	return v.differ, err
}

// totalsVerifier is the state of VerifyTotals.
type totalsVerifier struct {
	r       *Reader
	show    func(line string)
	records int64
	differ  int
}

// nextDay returns the first day from an instant on with records or cells; false if there is none.
func (v *totalsVerifier) nextDay(ctx context.Context, from time.Time) (day time.Time, found bool, err error) {
	c := v.r.compiler()
	columns := []string{"(SELECT MIN(event_time) FROM usage_records WHERE event_time >= " + c.bind(Time{from}) + ")"}
	for _, t := range cellTables {
		columns = append(columns, fmt.Sprintf("(SELECT MIN(%[1]s) FROM %[2]s WHERE %[1]s >= %[3]s)", t.at, t.name, c.bind(hourOf(from)/t.hours)))
	}
	err = v.r.rows(ctx, c, "SELECT "+strings.Join(columns, ", "), func(row []driver.Value) error {
		add := func(t time.Time) {
			if t = t.Truncate(24 * time.Hour); !found || t.Before(day) {
				day, found = t, true
			}
		}
		if row[0] != nil {
			var first Time
			if err := first.Scan(row[0]); err != nil {
				return err
			}
			add(first.Time)
		}
		for i, t := range cellTables {
			if row[1+i] == nil {
				continue
			}
			var at int64
			if err := setInt64(&at, row[1+i]); err != nil {
				return err
			}
			add(hourStart(at * t.hours).Time)
		}
		return nil
	})
	return day, found, err
}

// compareDay compares the cells of a day and its hours.
func (v *totalsVerifier) compareDay(ctx context.Context, day time.Time) error {
	counted := newHourCells()
	if err := countHours(ctx, v.r.store, v.r.rows, day, counted); err != nil {
		return err
	}
	for _, c := range counted.usage {
		v.records += c.count
	}
	for _, pair := range []struct {
		hours, days cellTable
		counted     cells
	}{{usageHours, usageDays, counted.usage}, {chargeHours, chargeDays, counted.charges}} {
		hours, err := v.stored(ctx, pair.hours, day)
		if err != nil {
			return err
		}
		days, err := v.stored(ctx, pair.days, day)
		if err != nil {
			return err
		}
		v.compare(pair.hours, hours, pair.counted, "usage records")
		v.compare(pair.days, days, hours.days(), "hours")
	}
	return nil
}

// stored returns the stored cells of a table for a day.
func (v *totalsVerifier) stored(ctx context.Context, t cellTable, day time.Time) (cells, error) {
	c, list, texts := v.r.compiler(), cells{}, map[string]string{}
	first := hourOf(day) / t.hours
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s >= %s AND %[3]s < %[5]s", strings.Join(columnNames(t.columns()), ", "), t.name, t.at, c.bind(first), c.bind(first+hoursPerDay/t.hours))
	return list, v.r.rows(ctx, c, sql, func(row []driver.Value) error {
		key, c, err := readCell(&t.cellKind, row, texts)
		list[key] = c
		return err
	})
}

// compare shows the cells that differ from the computed ones. of names what these were computed from.
func (v *totalsVerifier) compare(t cellTable, stored, computed cells, of string) {
	keys := map[cellKey]bool{}
	for _, list := range []cells{stored, computed} {
		for key := range list {
			keys[key] = true
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(keys), compareCellKeys) {
		if differences := t.differences(stored.or(key), computed.or(key), of); len(differences) > 0 {
			v.differ++
			v.show(t.label(key) + ": " + strings.Join(differences, ", "))
		}
	}
}

// or returns the cell with a key, one without records if there is none.
func (c cells) or(key cellKey) *cell {
	if found := c[key]; found != nil {
		return found
	}
	return &cell{}
}

// differences describes the columns in which two cells differ by value.
func (t *cellTable) differences(stored, computed *cell, of string) (list []string) {
	add := func(column string, stored, computed any) {
		if stored != computed {
			list = append(list, fmt.Sprintf("%s is %v, in the %s %v", column, orNull(stored), of, orNull(computed)))
		}
	}
	add(t.count, stored.count, computed.count)
	for i, s := range t.sums {
		add(s.count, stored.sums[i].count, computed.sums[i].count)
		add(s.amount, stored.sums[i].amount(), computed.sums[i].amount())
	}
	return list
}

func orNull(v any) any {
	if v == nil {
		return "null"
	}
	return v
}

// label returns the table and key of a cell as text.
func (t *cellTable) label(k cellKey) string {
	at := hourStart(k.at * t.hours).Format("2006-01-02T15:04Z")
	if t.hours == hoursPerDay {
		at = at[:len(time.DateOnly)]
	}
	parts := []string{t.name, at, string(k.source), string(k.usageType), orDash(string(k.direction)), orDash(string(k.status))}
	if len(t.keys) > len(usageCellKeys) {
		billed := map[int64]string{1: "billed", 0: "unbilled", -1: "-"}[k.billed]
		parts = append(parts, orDash(k.currency), billed)
	}
	return strings.Join(parts, " ")
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
