package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jmoiron/sqlx"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the tables up to this version and returns how many steps that took. All steps are one transaction
// under a lock, so any number of processes may call it at once. A database of a later version is refused.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	return s.MigrateTo(ctx, len(files))
}

// MigrateTo is Migrate up to an older version of the tables, which only tests want.
func (s *Store) MigrateTo(ctx context.Context, last int) (int, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	files = files[:last]
	steps := 0
	err = s.Write(ctx, func(tx *Tx) error {
		if err := s.dialect.lockMigrations(ctx, tx.tx); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		if _, err := tx.tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)"); err != nil {
			return err
		}
		var version int
		if err := tx.tx.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version"); err != nil {
			return err
		}
		if version > len(files) {
			return Errorf(Conflict, "the database is of version %d, this program of version %d: start a newer program", version, len(files))
		}
		for i, file := range files[version:] {
			text, err := fs.ReadFile(migrations, file)
			if err != nil {
				return err
			}
			if _, err := tx.tx.ExecContext(ctx, s.dialect.translate(string(text))); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if _, err := tx.tx.ExecContext(ctx, "INSERT INTO schema_version VALUES ($1)", version+i+1); err != nil {
				return err
			}
			steps++
		}
		return tx.makeIndexes(ctx)
	})
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return steps, nil
}

// Ready returns an error unless the database answers and its tables are of the version that this program was made for.
func (s *Store) Ready(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	err = s.lend(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version")
	})
	if err != nil {
		return fmt.Errorf("read the version of the tables: %w", err)
	}
	if version != len(files) {
		return Errorf(Conflict, "the database is of version %d, this program of version %d", version, len(files))
	}
	var pending bool
	err = s.lend(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &pending, "SELECT identity_state.state <> 'READY' OR id_state.state <> 'READY' FROM identity_state, id_state")
	})
	if err == nil && pending {
		return Errorf(Conflict, "the records of an older version are being attributed")
	}
	return err
}

// translate puts the dialect's own words for its types into a migration.
func (d *dialect) translate(sql string) string {
	for name, word := range d.types {
		sql = strings.ReplaceAll(sql, "{{"+name+"}}", word)
	}
	return sql
}
