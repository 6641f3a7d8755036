package db

import (
	"context"
	"fmt"

	"usagegraph/db/conn"
)

// The stored totals are cells: the totals of an hour or a day in UTC of the usage records of all customers with one
// source, usage type, direction and status. The transactions that write records keep them (0012_totals.sql).

// totalsState tells which cells are stored.
type totalsState struct {
	// State is READY, or BUILDING while there are cells only before the hour Position.
	State    string `db:"state"`
	Position int64  `db:"position"`
}

// The values of totalsState.State.
const (
	totalsReady    = "READY"
	totalsBuilding = "BUILDING"
)

// noTotals is the position without any cells: the year 1.
const noTotals = -17_259_888

// hasStoredTotals reports whether the reader's snapshot has all stored totals. If the snapshot cannot begin, it returns
// false: the next statement returns the error.
func (r *Reader) hasStoredTotals() bool {
	return r.snapshot != nil && r.snapshot.begin() == nil && r.snapshot.totalsReady
}

// covers reports whether the cells of an hour are stored.
func (s totalsState) covers(hour int64) bool { return s.State == totalsReady || hour < s.Position }

// isEmpty reports whether no cells are stored yet.
func (s totalsState) isEmpty() bool { return s.State == totalsBuilding && s.Position == noTotals }

// totalsState returns the state of the stored totals, which no other transaction changes before the end of this one:
// transactions that change records or totals take turns. So either BuildTotals sees the records of this transaction, or
// this transaction the position of BuildTotals.
func (tx *Tx) totalsState(ctx context.Context) (s totalsState, err error) {
	if tx.revision == 0 {
		if err := tx.Revise(ctx); err != nil {
			return s, err
		}
	}
	if err := tx.tx.GetContext(ctx, &s, "SELECT state, position FROM totals_state"); err != nil {
		return s, fmt.Errorf("read the state of the stored totals: %w", err)
	}
	return s, nil
}

func (tx *Tx) setTotalsState(ctx context.Context, s totalsState) error {
	return tx.execTotals(ctx, "UPDATE totals_state SET state = $1, position = $2", s.State, s.Position)
}

func (tx *Tx) execTotals(ctx context.Context, sql string, args ...any) error {
	for i, v := range args {
		args[i] = conn.Plain(v)
	}
	if _, err := tx.tx.ExecContext(ctx, sql, args...); err != nil {
		return fmt.Errorf("store totals: %w", err)
	}
	return nil
}
