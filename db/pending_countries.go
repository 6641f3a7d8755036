package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// Usage records that an older version stored lack the country of their destination (0013_destination_country.sql). The
// countries are set source by source in the order of record ids, in transactions that store the position.

// PendingCountries reports whether usage records of an older version lack the country of their destination, and returns
// the number of records with a destination.
func (s *Store) PendingCountries(ctx context.Context) (pending bool, total int64, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		err := conn.GetContext(ctx, &pending, "SELECT state = 'PENDING' FROM country_state")
		if err != nil || !pending {
			return err
		}
		return conn.GetContext(ctx, &total, "SELECT COUNT(destination) FROM usage_records")
	})
	return pending, total, err
}

// destinationCountry is the country of a usage record's destination, for an update.
type destinationCountry struct {
	DestinationCountry string `db:"destination_country"`
	Key
}

// SetCountries sets the destination countries of at most limit usage records of an older version, with the function
// that returns the country of a record of a source. It returns the number of records that it read and whether more may
// follow. Several processes may call it at once.
func (s *Store) SetCountries(ctx context.Context, sources []Source, country func(*UsageRecord) *string, limit int) (n int, more bool, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var p struct {
			State string `db:"state"`
			Position
		}
		if err := tx.tx.GetContext(ctx, &p, "SELECT state, source, position FROM country_state"); err != nil || p.State != "PENDING" {
			return err
		}
		at := max(slices.Index(sources, p.Source), 0)
		if p.Source != sources[at] {
			p.Source, p.ID = sources[at], 0
		}
		if n, p.ID, err = tx.setCountries(ctx, p.Position, country, limit); err != nil {
			return fmt.Errorf("set destination countries: %w", err)
		}
		if more = n == limit || at+1 < len(sources); !more {
			p.State = "READY"
		} else if n < limit {
			p.Source, p.ID = sources[at+1], 0
		}
		return tx.exec(ctx, "UPDATE country_state SET state = $1, source = $2, position = $3", p.State, p.Source, p.ID)
	})
	return n, more, err
}

// setCountries sets the destination countries of the next records of a source. It returns the number of records with a
// destination that it read, and the id of the last one.
func (tx *Tx) setCountries(ctx context.Context, after Position, country func(*UsageRecord) *string, limit int) (n int, last int64, err error) {
	list, err := recordsAfter(ctx, tx, usageRecords, after.Source, after.ID, limit, "t.destination IS NOT NULL")
	if err != nil || len(list) == 0 {
		return 0, after.ID, err
	}
	var rows []destinationCountry
	for _, u := range list {
		if c := country(u); c != nil {
			rows = append(rows, destinationCountry{*c, u.Key})
		}
	}
	if len(rows) > 0 {
		err = updateRows(ctx, tx, "usage_records", "TRUE", rows)
	}
	return len(list), list[len(list)-1].ID, err
}
