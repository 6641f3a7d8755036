package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// SettingKey names a setting of the data set.
type SettingKey struct {
	Name string `db:"name"`
	// Scope is a market of dxp; empty for the whole data set.
	Scope string `db:"scope"`
}

// String returns the name and the scope.
func (k SettingKey) String() string {
	if k.Scope == "" {
		return k.Name
	}
	return k.Name + " of market " + k.Scope
}

// Setting is a setting with which the documents of the data set are read.
type Setting struct {
	SettingKey
	Value string `db:"value"`
	Since Time   `db:"since"`
	// Pending is the value that the stored records are being recomputed for; nil where they are not.
	Pending *string `db:"pending"`
	// Position is the id of the last record that was recomputed.
	Position int64 `db:"position"`
}

// Effective returns the value that new documents are to be read with.
func (s Setting) Effective() string {
	if s.Pending != nil {
		return *s.Pending
	}
	return s.Value
}

var settings = newChildren[Setting]("settings", "name", "name")

const selectSettings = "SELECT name, scope, value, since, pending, position FROM settings ORDER BY name, scope"

// Settings returns the stored settings, in the order of their names and scopes.
func (s *Store) Settings(ctx context.Context) ([]Setting, error) {
	var list []Setting
	err := s.withConn(ctx, func(conn *sqlx.Conn) error { return conn.SelectContext(ctx, &list, selectSettings) })
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return list, nil
}

// Settings returns the stored settings, in the order of their names and scopes.
func (tx *Tx) Settings(ctx context.Context) ([]Setting, error) {
	var list []Setting
	if err := tx.tx.SelectContext(ctx, &list, selectSettings); err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return list, nil
}

// AgreeSettings calls missing with the stored settings and stores those that it returns. Of several programs that do so at
// once, one stores its settings, and the others are called with them. It returns all settings, and those that are new.
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

// UseSettings sets the settings with which documents are read, for CheckSettings to compare, and the attribution window: the
// length of the time after the last certain instant of a holding in which documents that name no customer still belong to
// the holder. A new store has DefaultAttributionWindow.
func (s *Store) UseSettings(list []Setting, window time.Duration) {
	s.window.Store(int64(window))
	s.settings.Store(&list)
}

// InvalidateAnswers gives the records a new revision: caches and ETags of before are no longer valid.
func (s *Store) InvalidateAnswers(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.Revise(ctx) })
}

func (s *Store) attributionWindow() time.Duration { return time.Duration(s.window.Load()) }

// SettingsChanged reports whether stored settings differ from those that the store uses.
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

// CheckSettings returns a Conflict error where stored settings differ from those that the store uses.
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
