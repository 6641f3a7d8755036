package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"usagegraph/calendar"
)

// rowReader runs a statement and calls a function with each row.
type rowReader func(ctx context.Context, c *compiler, sql string, row func([]driver.Value) error) error

// rows is the rowReader of the transaction.
func (tx *Tx) rows(ctx context.Context, c *compiler, sql string, row func([]driver.Value) error) error {
	rows, err := tx.tx.QueryContext(ctx, sql, c.args...)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	scanned, targets, values := make([]any, len(columns)), make([]any, len(columns)), make([]driver.Value, len(columns))
	for i := range targets {
		targets[i] = &scanned[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, v := range scanned {
			values[i] = v
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rows is the rowReader of the reader.
func (r *Reader) rows(ctx context.Context, c *compiler, sql string, row func([]driver.Value) error) error {
	if c.err != nil {
		return c.err
	}
	return r.statement(ctx, sql, c.args, func(rows driver.Rows) error { return eachRow(ctx, rows, row) })
}

// countHours adds the cells of the hours of a day in UTC, computed from the usage records, to the cells of other days.
func countHours(ctx context.Context, s *Store, read rowReader, day time.Time, to *hourCells) error {
	g := &usageGroups{of: NoParent, from: day, to: day.AddDate(0, 0, 1)}
	for hour := range hoursPerDay {
		start := day.Add(time.Duration(hour) * time.Hour)
		g.windows = append(g.windows, calendar.Window{Start: start, End: start.Add(time.Hour)})
	}
	for _, by := range []UsageDimension{"SOURCE", "USAGE_TYPE", "DIRECTION", "STATUS"} {
		g.dimensions = append(g.dimensions, usageDimensions[by])
	}
	everyone, texts := s.For(All()), map[string]string{}
	for _, t := range []struct {
		kind        cellKind
		alias, join string
		by          []string
		cells       cells
	}{
		{usageCells, "u.", "", nil, to.usage},
		{chargeCells, "x.", joinRated, []string{"x.currency", "CASE WHEN x.is_billed THEN 1 WHEN NOT x.is_billed THEN 0 ELSE -1 END"}, to.charges},
	} {
		aggregates := []string{"COUNT(*)"}
		for _, sum := range t.kind.sums {
			aggregates = append(aggregates, "COUNT("+t.alias+sum.amount+")", s.dialect.sum+"("+t.alias+sum.amount+")")
		}
		c := everyone.compiler()
		sql := g.statement(c, everyone, t.join, t.by, aggregates)
		if c.err != nil {
			return c.err
		}
		err := read(ctx, c, sql, func(row []driver.Value) error {
			key, c, err := readCell(&t.kind, row, texts)
			key.at += hourOf(day)
			if err == nil {
				t.cells.at(key).add(c)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("add up usage records: %w", err)
		}
	}
	return nil
}

// readCell reads the columns of a cell. NULL in the key is empty.
func readCell(kind *cellKind, row []driver.Value, texts map[string]string) (k cellKey, c *cell, err error) {
	c = &cell{}
	read := cellReader{row: row}
	read.number(&k.at)
	k.source, k.usageType = Source(read.text(texts)), UsageType(read.text(texts))
	k.direction, k.status = UsageDirection(read.text(texts)), UsageStatus(read.text(texts))
	if len(kind.keys) > len(usageCellKeys) {
		k.currency = read.text(texts)
		read.number(&k.billed)
	}
	read.number(&c.count)
	for i := range kind.sums {
		read.number(&c.sums[i].count)
		read.scan(c.sums[i].sum.Scan)
	}
	return k, c, read.err
}

// cellReader reads the values of a row one after another, until the first error.
type cellReader struct {
	row []driver.Value
	err error
}

func (r *cellReader) scan(set func(any) error) {
	if r.err == nil {
		r.err = set(r.row[0])
	}
	r.row = r.row[1:]
}

func (r *cellReader) number(n *int64) { r.scan(func(v any) error { return setInt64(n, v) }) }

// text reads a text, empty for NULL, that is kept once for all rows.
func (r *cellReader) text(texts map[string]string) (s string) {
	r.scan(func(v any) error {
		known := false
		switch v := v.(type) {
		case nil:
			return nil
		case []byte:
			s, known = texts[string(v)] // without a copy
		case string:
			s, known = texts[v]
		}
		if known {
			return nil
		}
		err := setString(&s, v)
		texts[s] = s
		return err
	})
	return s
}
