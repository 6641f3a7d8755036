package db

import (
	"context"
	"fmt"
)

// A changed setting is pending until all records that depend on it are recomputed, in transactions that store the
// position.

// BeginSettingChange stores a pending value of a setting. It returns a Conflict error if another change is pending, and
// a NotFound error if the setting is not stored.
func (s *Store) BeginSettingChange(ctx context.Context, key SettingKey, value string) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		stored, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		known := false
		for _, r := range stored {
			if r.Pending != nil {
				return Errorf(Conflict, "%s is being changed to %q: wait until that change ends", r.SettingKey, *r.Pending)
			}
			known = known || r.SettingKey == key
		}
		if !known {
			return Errorf(NotFound, "%s is not stored", key)
		}
		return tx.execSetting(ctx, "UPDATE settings SET pending = $1, position = 0 WHERE name = $2 AND scope = $3", value, key.Name, key.Scope)
	})
}

// PendingSetting returns the setting if it has a pending value. Otherwise it returns false.
func (tx *Tx) PendingSetting(ctx context.Context, key SettingKey) (Setting, bool, error) {
	stored, err := tx.Settings(ctx)
	if err != nil {
		return Setting{}, false, err
	}
	for _, r := range stored {
		if r.SettingKey == key && r.Pending != nil {
			return r, true, nil
		}
	}
	return Setting{}, false, nil
}

// SetSettingPosition stores the id of the last recomputed record.
func (tx *Tx) SetSettingPosition(ctx context.Context, key SettingKey, id int64) error {
	return tx.execSetting(ctx, "UPDATE settings SET position = $1 WHERE name = $2 AND scope = $3", id, key.Name, key.Scope)
}

// EndSettingChange makes the pending value of a setting its value.
func (tx *Tx) EndSettingChange(ctx context.Context, key SettingKey) error {
	return tx.execSetting(ctx, "UPDATE settings SET value = pending, pending = NULL, position = 0, since = $1 WHERE name = $2 AND scope = $3",
		TimeOf(tx.store.clock()), key.Name, key.Scope)
}

// DropSettings deletes the settings of a scope.
func (tx *Tx) DropSettings(ctx context.Context, scope string) error {
	return tx.execSetting(ctx, "DELETE FROM settings WHERE scope = $1", scope)
}

func (tx *Tx) execSetting(ctx context.Context, sql string, args ...any) error {
	if _, err := tx.tx.ExecContext(ctx, sql, args...); err != nil {
		return fmt.Errorf("store a setting: %w", err)
	}
	return nil
}

// CountRecords returns the number of stored records of a source.
func (s *Store) CountRecords(ctx context.Context, source Source) (n int64, err error) {
	return n, s.pools.Read.GetContext(ctx, &n, `SELECT (SELECT COUNT(*) FROM usage_records WHERE source = $1) + (SELECT COUNT(*) FROM usage_summaries WHERE source = $1)
		+ (SELECT COUNT(*) FROM consumption_reports WHERE source = $1)`, source)
}

// CountUnowned returns the number of stored documents that name a number or card but no customer.
func (s *Store) CountUnowned(ctx context.Context) (n int64, err error) {
	return n, s.pools.Read.GetContext(ctx, &n, "SELECT COUNT(*) FROM ("+unownedIDs+") u")
}

// Markets returns the business ids of the stored consumption reports, ordered.
func (s *Store) Markets(ctx context.Context) (list []string, err error) {
	return list, s.pools.Read.SelectContext(ctx, &list, "SELECT DISTINCT business_id FROM consumption_reports WHERE business_id IS NOT NULL ORDER BY business_id")
}

// unownedIDs selects the ids and subscription names of the documents that name a number or card but no customer.
const unownedIDs = `SELECT id, subscription_name FROM usage_records WHERE source_customer_id IS NULL AND subscription_name IS NOT NULL
	UNION ALL SELECT id, subscription_name FROM consumption_reports WHERE subscription_name IS NOT NULL`

// UnownedName is a document that names no customer, with its number or card.
type UnownedName struct {
	ID   int64            `db:"id"`
	Name SubscriptionName `db:"subscription_name"`
}

// UnownedAfter returns at most limit documents that name a number or card but no customer, with ids after id, in the
// order of their ids.
func (tx *Tx) UnownedAfter(ctx context.Context, id int64, limit int) ([]UnownedName, error) {
	c := tx.compiler()
	return selectAll[UnownedName](ctx, tx, c, fmt.Sprintf("SELECT id, subscription_name FROM (%s) u WHERE id > %s ORDER BY id LIMIT %d", unownedIDs, c.bind(id), limit))
}
