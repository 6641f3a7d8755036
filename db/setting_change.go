package db

import (
	"context"
	"fmt"
)

// A change of a setting is stored as pending until all records that depend on it are recomputed, in transactions that note
// how far they came.

// BeginSettingChange notes that a setting is being changed. It returns a Conflict error where a change is pending, and a
// NotFound error where the setting is not stored.
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
				return Errorf(Conflict, "%s is being changed to %q: wait until that has ended", r.SettingKey, *r.Pending)
			}
			known = known || r.SettingKey == key
		}
		if !known {
			return Errorf(NotFound, "%s is not stored", key)
		}
		return tx.execSetting(ctx, "UPDATE settings SET pending = $1, position = 0 WHERE name = $2 AND scope = $3", value, key.Name, key.Scope)
	})
}

// PendingSetting returns the setting that is being changed; false where none is.
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

// SetSettingPosition notes up to which record the stored ones are recomputed.
func (tx *Tx) SetSettingPosition(ctx context.Context, key SettingKey, id int64) error {
	return tx.execSetting(ctx, "UPDATE settings SET position = $1 WHERE name = $2 AND scope = $3", id, key.Name, key.Scope)
}

// EndSettingChange notes that all records are recomputed: the pending value is the value from now on.
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

// CountRecords returns how many records of a source are stored.
func (s *Store) CountRecords(ctx context.Context, source Source) (n int64, err error) {
	return n, s.pools.Read.GetContext(ctx, &n, `SELECT (SELECT COUNT(*) FROM usage_records WHERE source = $1) + (SELECT COUNT(*) FROM usage_summaries WHERE source = $1)
		+ (SELECT COUNT(*) FROM consumption_reports WHERE source = $1)`, source)
}

// CountUnowned returns how many documents that name no customer are stored.
func (s *Store) CountUnowned(ctx context.Context) (n int64, err error) {
	return n, s.pools.Read.GetContext(ctx, &n, "SELECT COUNT(*) FROM ("+unownedIDs+") u")
}

// Markets returns the business ids of the stored reports.
func (s *Store) Markets(ctx context.Context) (list []string, err error) {
	return list, s.pools.Read.SelectContext(ctx, &list, "SELECT DISTINCT business_id FROM consumption_reports WHERE business_id IS NOT NULL ORDER BY business_id")
}

// unownedIDs selects the ids and the line names of the documents that name no customer and a number or card.
const unownedIDs = `SELECT id, subscription_name FROM usage_records WHERE source_customer_id IS NULL AND subscription_name IS NOT NULL
	UNION ALL SELECT id, subscription_name FROM consumption_reports WHERE subscription_name IS NOT NULL`

// UnownedName is a document that names no customer, and the number or card that it names.
type UnownedName struct {
	ID   int64            `db:"id"`
	Name SubscriptionName `db:"subscription_name"`
}

// UnownedAfter returns the next documents that name no customer, by their ids.
func (tx *Tx) UnownedAfter(ctx context.Context, id int64, limit int) ([]UnownedName, error) {
	c := tx.compiler()
	return selectAll[UnownedName](ctx, tx, c, fmt.Sprintf("SELECT id, subscription_name FROM (%s) u WHERE id > %s ORDER BY id LIMIT %d", unownedIDs, c.bind(id), limit))
}
