package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Records that an older version stored must be attributed by the rules of this version. They are processed source by
// source in the order of their ids, in transactions that store the position.

// PendingRecords reports whether stored records wait to be attributed, and returns the number of all records. The
// number is 0 if none wait.
func (s *Store) PendingRecords(ctx context.Context) (pending bool, total int64, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		err := conn.GetContext(ctx, &pending, "SELECT state = 'PENDING' FROM identity_state")
		if err != nil || !pending {
			return err
		}
		return conn.GetContext(ctx, &total, `SELECT (SELECT COUNT(*) FROM usage_records) + (SELECT COUNT(*) FROM usage_summaries) + (SELECT COUNT(*) FROM consumption_reports)`)
	})
	return pending, total, err
}

// CountUnattributed returns the number of unattributed documents.
func (s *Store) CountUnattributed(ctx context.Context) (n int64, err error) {
	err = s.pools.Read.GetContext(ctx, &n, "SELECT (SELECT COUNT(*) FROM usage_records WHERE customer_id = 0) + (SELECT COUNT(*) FROM consumption_reports WHERE customer_id = 0)")
	return n, err
}

// Position is the progress of the attribution of stored records.
type Position struct {
	Pending bool
	// Source is the current source, empty before the first. ID is the last attributed record of that source.
	Source Source `db:"source"`
	ID     int64  `db:"position"`
}

// PendingPosition returns the progress of the attribution of stored records.
func (tx *Tx) PendingPosition(ctx context.Context) (Position, error) {
	var row struct {
		State string `db:"state"`
		Position
	}
	if err := tx.tx.GetContext(ctx, &row, "SELECT state, source, position FROM identity_state"); err != nil {
		return Position{}, fmt.Errorf("read the state of attribution: %w", err)
	}
	row.Pending = row.State == "PENDING"
	return row.Position, nil
}

// SetPendingPosition stores the progress of the attribution. If nothing is pending, it also deletes customers without
// records and sets source and source id of the others to the least of their identifiers.
func (tx *Tx) SetPendingPosition(ctx context.Context, p Position) error {
	state := "PENDING"
	if !p.Pending {
		state = "READY"
		if err := tx.dropEmptyCustomers(ctx, tx.compiler(), ""); err != nil {
			return err
		}
		least := "(SELECT i.%s FROM customer_identifiers i WHERE i.customer_id = customers.customer_id ORDER BY i.source, i.value LIMIT 1)"
		if err := tx.exec(ctx, "UPDATE customers SET source = "+fmt.Sprintf(least, "source")+", source_id = "+fmt.Sprintf(least, "value")); err != nil {
			return err
		}
	}
	return tx.exec(ctx, "UPDATE identity_state SET state = $1, source = $2, position = $3", state, p.Source, p.ID)
}

// UsageRecordsAfter returns at most limit usage records of a source with ids after id, in the order of their ids.
func (tx *Tx) UsageRecordsAfter(ctx context.Context, source Source, id int64, limit int) ([]*UsageRecord, error) {
	return recordsAfter(ctx, tx, usageRecords, source, id, limit, "TRUE")
}

// UsageSummariesAfter returns at most limit usage summaries of a source with ids after id, in the order of their ids.
func (tx *Tx) UsageSummariesAfter(ctx context.Context, source Source, id int64, limit int) ([]*UsageSummary, error) {
	return recordsAfter(ctx, tx, usageSummaries, source, id, limit, "TRUE")
}

// ConsumptionReportsAfter returns at most limit consumption reports of a source with ids after id, in the order of
// their ids.
func (tx *Tx) ConsumptionReportsAfter(ctx context.Context, source Source, id int64, limit int) ([]*ConsumptionReport, error) {
	return recordsAfter(ctx, tx, consumptionReports, source, id, limit, "TRUE")
}

// recordsAfter returns at most limit records of a source with ids after id that satisfy a condition on t, in the order
// of their ids.
func recordsAfter[T any, K ~string](ctx context.Context, tx *Tx, t *table[T, K], source Source, id int64, limit int, condition string) ([]*T, error) {
	r := &Reader{store: tx.store, scope: All()}
	c := r.compiler()
	fields := t.read(AllColumns, nil, false)
	sql := fmt.Sprintf("SELECT %s FROM %s t WHERE t.source = %s AND t.id > %s AND %s ORDER BY t.id LIMIT %d", fields.list, t.name, c.bind(source), c.bind(id), condition, limit)
	var found []*T
	rows, err := tx.tx.QueryxContext(ctx, sql, c.args...)
	if err != nil {
		return nil, fmt.Errorf("read stored records: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		row := new(T)
		if err := rows.StructScan(row); err != nil {
			return nil, fmt.Errorf("read stored records: %w", err)
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// restated holds the columns of a stored record's claim as a row of a relation, for an update.
type restated struct {
	CustomerID       int64   `db:"customer_id"`
	ID               int64   `db:"id"`
	SourceID         string  `db:"source_id"`
	Customer         *string `db:"customer"`
	OwnID            *string `db:"own_id"`
	NumberName       *string `db:"number_name"`
	CardName         *string `db:"card_name"`
	SubscriptionText *string `db:"subscription_text"`
	CustomerName     *string `db:"customer_name"`
	Contested        *string `db:"contested"`
	BusinessID       *string `db:"business_id"`
	LastUpdate       *Time   `db:"last_update"`
	UsageType        string  `db:"usage_type"`
	StartAt          *Time   `db:"start_at"`
	EndAt            *Time   `db:"end_at"`
	TimeText         *string `db:"time_text"`
}

// RestateUsageRecords updates the columns of the claim of the usage records with the given keys, and their usage types,
// which change the stored totals.
func (tx *Tx) RestateUsageRecords(ctx context.Context, keys []Key, records []*UsageRecord) error {
	if len(records) == 0 {
		return nil
	}
	if err := tx.collectStored(ctx, keys, -1); err != nil {
		return err
	}
	rows := make([]restated, len(records))
	for i, u := range records {
		rows[i] = restated{CustomerID: keys[i].CustomerID, ID: keys[i].ID, Customer: u.SourceCustomerID, OwnID: u.SourceSubscriptionID, NumberName: u.SubscriptionName, SubscriptionText: u.SubscriptionText,
			CustomerName: u.CustomerName, Contested: u.ContestedCustomers, LastUpdate: u.LastUpdate, UsageType: string(u.UsageType)}
	}
	err := tx.restate(ctx, "usage_records", `source_customer_id = v.customer, source_subscription_id = v.own_id, subscription_name = v.number_name, subscription_text = v.subscription_text,
		customer_name = v.customer_name, contested_customers = v.contested, last_update = v.last_update, usage_type = v.usage_type`, rows)
	if err != nil {
		return err
	}
	return tx.collectStored(ctx, keys, 1)
}

// RestateUsageSummaries updates the columns of the claim and the bounds of the month of the usage summaries with the
// given keys.
func (tx *Tx) RestateUsageSummaries(ctx context.Context, keys []Key, records []*UsageSummary) error {
	rows := make([]restated, len(records))
	for i, s := range records {
		rows[i] = restated{CustomerID: keys[i].CustomerID, ID: keys[i].ID, OwnID: s.OwnID, NumberName: s.NumberName, CardName: s.CardName,
			StartAt: s.MonthStart, EndAt: s.MonthEnd}
	}
	return tx.restate(ctx, "usage_summaries", "own_id = v.own_id, number_name = v.number_name, card_name = v.card_name, month_start = v.start_at, month_end = v.end_at", rows)
}

// DropConsumptionReports deletes consumption reports with their buckets.
func (tx *Tx) DropConsumptionReports(ctx context.Context, keys []Key) error {
	return tx.deleteRecords(ctx, "consumption_reports", keys)
}

// RestateConsumptionReports updates the source ids and the columns of the claim of the consumption reports with the
// given keys. It deletes a report with a lower id that already has one of the new source ids. Call it in the order of
// ids.
func (tx *Tx) RestateConsumptionReports(ctx context.Context, keys []Key, records []*ConsumptionReport) error {
	rows := make([]restated, len(records))
	for i, r := range records {
		rows[i] = restated{CustomerID: keys[i].CustomerID, ID: keys[i].ID, SourceID: r.SourceID, OwnID: r.SourceSubscriptionID, NumberName: r.SubscriptionName,
			SubscriptionText: r.SubscriptionText, BusinessID: r.BusinessID}
	}
	if err := tx.vacateSourceIDs(ctx, rows); err != nil {
		return err
	}
	return tx.restate(ctx, "consumption_reports", "source_id = v.source_id, source_subscription_id = v.own_id, subscription_name = v.number_name, subscription_text = v.subscription_text, business_id = v.business_id", rows)
}

// RenameConsumptionReports updates the source ids and time texts of the consumption reports with the given keys. It
// deletes a report with a lower id that already has one of the new source ids. Call it in the order of ids.
func (tx *Tx) RenameConsumptionReports(ctx context.Context, keys []Key, records []*ConsumptionReport) error {
	rows := make([]restated, len(records))
	for i, r := range records {
		rows[i] = restated{CustomerID: keys[i].CustomerID, ID: keys[i].ID, SourceID: r.SourceID, TimeText: r.EffectiveText}
	}
	if err := tx.vacateSourceIDs(ctx, rows); err != nil {
		return err
	}
	return tx.restate(ctx, "consumption_reports", "source_id = v.source_id, effective_text = v.time_text", rows)
}

// vacateSourceIDs makes sure that no stored report has one of the source ids of rows. It deletes a report with a lower
// id than the row's, and gives a report with a higher id a temporary source id.
func (tx *Tx) vacateSourceIDs(ctx context.Context, rows []restated) error {
	if len(rows) == 0 {
		return nil
	}
	// The source id of one report may be the new one of another.
	if err := tx.restate(ctx, "consumption_reports", "source_id = '#' || consumption_reports.id", rows); err != nil {
		return err
	}
	c := tx.compiler()
	equals, err := selectAll[equalReport](ctx, tx, c, "SELECT t.customer_id, t.id, CASE WHEN t.id < v.id THEN 1 ELSE 0 END AS restated FROM "+rowsOf(c, rows)+
		" JOIN consumption_reports t ON t.source = 'DXP' AND t.source_id = v.source_id")
	if err != nil {
		return err
	}
	var duplicates []Key
	var later []restated
	for _, e := range equals {
		if e.Restated {
			duplicates = append(duplicates, e.Key)
		} else {
			later = append(later, restated{CustomerID: e.CustomerID, ID: e.ID})
		}
	}
	if len(duplicates) > 0 {
		if err := tx.DropConsumptionReports(ctx, duplicates); err != nil {
			return err
		}
	}
	return tx.restate(ctx, "consumption_reports", "source_id = '#' || consumption_reports.id", later)
}

// equalReport is a stored report that has the source id of a row of restated.
type equalReport struct {
	Key
	// Restated is true if the report has the lower id and so was restated before.
	Restated bool `db:"restated"`
}

func (tx *Tx) restate(ctx context.Context, table, set string, rows []restated) error {
	if len(rows) == 0 {
		return nil
	}
	c := tx.compiler()
	return tx.exec(ctx, fmt.Sprintf("UPDATE %[1]s SET %[2]s FROM %[3]s WHERE %[1]s.customer_id = v.customer_id AND %[1]s.id = v.id", table, set, rowsOf(c, rows)), c.args...)
}
