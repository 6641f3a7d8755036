package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// SettingKey identifies a setting of the data set.
type SettingKey struct {
	Name string `db:"name"`
	// Scope is a market of dxp, or empty for a setting of the whole data set.
	Scope string `db:"scope"`
}

// String returns the name and, if there is one, the market.
func (k SettingKey) String() string {
	if k.Scope == "" {
		return k.Name
	}
	return k.Name + " of market " + k.Scope
}

// Setting is a stored setting that documents of the data set are read with.
type Setting struct {
	SettingKey
	Value string `db:"value"`
	Since Time   `db:"since"`
	// Pending is the new value while stored records are being recomputed for it; otherwise nil.
	Pending *string `db:"pending"`
	// Position is the id of the last recomputed record.
	Position int64 `db:"position"`
}

// Effective returns the value for new documents: the pending one if there is one.
func (s Setting) Effective() string {
	if s.Pending != nil {
		return *s.Pending
	}
	return s.Value
}

var settings = newChildren[Setting]("settings", "name", "name")

const selectSettings = "SELECT name, scope, value, since, pending, position FROM settings ORDER BY name, scope"

// Settings returns the stored settings, ordered by name and scope.
func (s *Store) Settings(ctx context.Context) ([]Setting, error) {
	var list []Setting
	err := s.withConn(ctx, func(conn *sqlx.Conn) error { return conn.SelectContext(ctx, &list, selectSettings) })
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return list, nil
}

// Settings returns the stored settings, ordered by name and scope.
func (tx *Tx) Settings(ctx context.Context) ([]Setting, error) {
	var list []Setting
	if err := tx.tx.SelectContext(ctx, &list, selectSettings); err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return list, nil
}

// AgreeSettings calls missing with the stored settings and stores the settings that it returns. If several processes
// call it at the same time, one of them stores its settings, and missing of the others gets those. It returns all
// settings and the added ones.
func (s *Store) AgreeSettings(ctx context.Context, missing func(stored []Setting) ([]Setting, error)) (all, added []Setting, err error) {
	stored, err := s.Settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	if added, err = missing(stored); err != nil || len(added) == 0 {
		return stored, nil, err
	}
	err = s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		if stored, err = tx.Settings(ctx); err != nil {
			return err
		}
		if added, err = missing(stored); err != nil {
			return err
		}
		var rows []*Setting
		for i := range added {
			added[i].Since = TimeOf(s.clock())
			rows = append(rows, &added[i])
		}
		return insertAll(ctx, tx, &settings.relation, rows)
	})
	return append(stored, added...), added, err
}

// UseSettings sets the settings that this process reads documents with, for CheckSettings, and the attribution window.
// The window is the time after the last certain instant of a holding in which documents without a customer still belong
// to the holder. A new store has DefaultAttributionWindow.
func (s *Store) UseSettings(list []Setting, window time.Duration) {
	s.window.Store(int64(window))
	s.settings.Store(&list)
}

// InvalidateAnswers increments the revision, which invalidates caches and ETags.
func (s *Store) InvalidateAnswers(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.Revise(ctx) })
}

func (s *Store) attributionWindow() time.Duration { return time.Duration(s.window.Load()) }

// SettingsChanged reports whether stored settings differ from those of UseSettings.
func (s *Store) SettingsChanged(stored []Setting) bool {
	used := s.settings.Load()
	if used == nil {
		return false
	}
	return slices.ContainsFunc(*used, func(u Setting) bool {
		return !slices.ContainsFunc(stored, func(now Setting) bool {
			return now.SettingKey == u.SettingKey && now.Pending == nil && now.Value == u.Effective()
		})
	})
}

// CheckSettings returns a Conflict error if stored settings differ from those of UseSettings.
func (tx *Tx) CheckSettings(ctx context.Context) error {
	if tx.store.settings.Load() == nil {
		return nil
	}
	stored, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	if tx.store.SettingsChanged(stored) {
		return Errorf(Conflict, "a setting of the data set was changed while this ran: run the same command again")
	}
	return nil
}
