package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ImportTotals sums up the imports of a system.
type ImportTotals struct {
	Source Source `db:"source"`
	// LastSuccess is the end of the latest import that is DONE; nil if there is none.
	LastSuccess *Time `db:"last_success"`
	// Rejected is the number of rejected records, Failed that of imports that are FAILED.
	Rejected int64 `db:"rejected"`
	Failed   int64 `db:"failed"`
}

// ImportTotals returns the totals of each system with imports.
func (s *Store) ImportTotals(ctx context.Context) ([]ImportTotals, error) {
	var totals []ImportTotals
	err := s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.SelectContext(ctx, &totals, `SELECT source, MAX(CASE WHEN state = 'DONE' THEN ended_at END) AS last_success,
			CAST(SUM(rejected) AS BIGINT) AS rejected, COUNT(CASE WHEN state = 'FAILED' THEN 1 END) AS failed FROM imports GROUP BY source ORDER BY source`)
	})
	if err != nil {
		return nil, fmt.Errorf("sum up imports: %w", err)
	}
	return totals, nil
}

// Now returns the time of the store's clock.
func (s *Store) Now() Time { return TimeOf(s.clock()) }
