package db

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/jmoiron/sqlx"
)

// Stored totals are built month by month, in the order of time, in transactions that store the position. Meanwhile
// transactions that write records keep the cells before the position, and BuildTotals sees their records after it.

// PendingTotals reports whether the stored totals have to be built, and returns the number of all usage records. The
// number is 0 if they have not.
func (s *Store) PendingTotals(ctx context.Context) (pending bool, records int64, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		err := conn.GetContext(ctx, &pending, "SELECT state = 'BUILDING' FROM totals_state")
		if err != nil || !pending {
			return err
		}
		return conn.GetContext(ctx, &records, "SELECT COUNT(*) FROM usage_records")
	})
	return pending, records, err
}

// BuildTotals builds the stored totals of the next month with usage records. It returns the number of these records, and
// whether more may follow. Several processes may call it at once.
func (s *Store) BuildTotals(ctx context.Context) (records int64, more bool, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		state, err := tx.totalsState(ctx)
		if err != nil || state.State == totalsReady {
			return err
		}
		next, found, err := tx.nextUsage(ctx, hourStart(state.Position))
		if err != nil {
			return err
		}
		if !found {
			return tx.setTotalsState(ctx, totalsState{totalsReady, noTotals})
		}
		from, to := monthOf(next)
		if records, err = tx.buildTotals(ctx, from, to); err != nil {
			return err
		}
		more = true
		return tx.setTotalsState(ctx, totalsState{totalsBuilding, hourOf(to)})
	})
	return records, more, err
}

// DropTotals deletes the stored totals, to be built again by BuildTotals.
func (s *Store) DropTotals(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		return tx.dropTotals(ctx)
	})
}

func (tx *Tx) dropTotals(ctx context.Context) error {
	for _, t := range cellTables {
		if err := tx.execTotals(ctx, "DELETE FROM "+t.name); err != nil {
			return err
		}
	}
	return tx.setTotalsState(ctx, totalsState{totalsBuilding, noTotals})
}

// RebuildMonth replaces the stored totals of a month and returns the number of its usage records. It returns a Conflict
// error while the stored totals are being built.
func (s *Store) RebuildMonth(ctx context.Context, month YearMonth) (records int64, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		state, err := tx.totalsState(ctx)
		if err != nil {
			return err
		}
		from, to := monthOf(month.Start().Time)
		if !state.covers(hourOf(to) - 1) {
			return errTotalsBuilding
		}
		records, err = tx.buildTotals(ctx, from, to)
		return err
	})
	return records, err
}

var errTotalsBuilding = Errorf(Conflict, "the stored totals are being built: wait, or run usagegraph totals rebuild")

// buildTotals replaces the cells of whole days and returns the number of usage records.
func (tx *Tx) buildTotals(ctx context.Context, from, to time.Time) (records int64, err error) {
	all := newHourCells()
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		if err := countHours(ctx, tx.store, tx.rows, day, all); err != nil {
			return 0, err
		}
	}
	for _, c := range all.usage {
		records += c.count
	}
	for _, t := range cellTables {
		if err := tx.execTotals(ctx, "DELETE FROM "+t.name+" WHERE "+t.at+" >= $1 AND "+t.at+" < $2", hourOf(from)/t.hours, hourOf(to)/t.hours); err != nil {
			return 0, err
		}
		if err := tx.insertCells(ctx, t, t.of(all)); err != nil {
			return 0, err
		}
	}
	return records, nil
}

// nextUsage returns the time of the first usage record at or after an instant; false if there is none.
func (tx *Tx) nextUsage(ctx context.Context, from Time) (next time.Time, found bool, err error) {
	c := tx.compiler()
	err = tx.rows(ctx, c, "SELECT event_time FROM usage_records WHERE event_time >= "+c.bind(from)+" ORDER BY event_time LIMIT 1", func(row []driver.Value) error {
		found = true
		var t Time
		err := t.Scan(row[0])
		next = t.Time
		return err
	})
	return next, found, err
}

// monthOf returns the beginning and the end of the month of an instant in UTC.
func monthOf(t time.Time) (from, to time.Time) {
	from = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return from, from.AddDate(0, 1, 0)
}
