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

// Migrate migrates the schema to this program's version and returns the number of migrations applied. It runs in one
// transaction under a lock: several processes may call it at once. It returns a Conflict error if the schema is newer.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	return s.MigrateTo(ctx, LatestVersion())
}

// MigrateTo is Migrate to an older version of the schema. It is for tests.
func (s *Store) MigrateTo(ctx context.Context, last int) (int, error) {
	var steps int
	err := s.Write(ctx, func(tx *Tx) (err error) {
		if steps, err = tx.migrate(ctx, last); err != nil {
			return err
		}
		return tx.makeIndexes(ctx)
	})
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return steps, nil
}

// migrate applies the migrations up to a version under the migration lock and returns their number. It returns a
// Conflict error if the schema is newer.
func (tx *Tx) migrate(ctx context.Context, last int) (int, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	if err := tx.store.dialect.lockMigrations(ctx, tx.tx); err != nil {
		return 0, fmt.Errorf("lock: %w", err)
	}
	if _, err := tx.tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)"); err != nil {
		return 0, err
	}
	var version int
	if err := tx.tx.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version"); err != nil {
		return 0, err
	}
	if version > last {
		return 0, newerTables(version, last)
	}
	for i, file := range files[version:last] {
		text, err := fs.ReadFile(migrations, file)
		if err != nil {
			return 0, err
		}
		if _, err := tx.tx.ExecContext(ctx, tx.store.dialect.translate(string(text))); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		if _, err := tx.tx.ExecContext(ctx, "INSERT INTO schema_version VALUES ($1)", version+i+1); err != nil {
			return 0, err
		}
	}
	return last - version, nil
}

func newerTables(version, last int) error {
	return Errorf(Conflict, "the database is of version %d, this program of version %d: use a newer program", version, last)
}

// LatestVersion returns the schema version of this program, which is the number of its migrations.
func LatestVersion() int {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return len(files)
}

// Ready returns nil if the database answers, its schema has this program's version, and no background migration or
// setting change is pending. Otherwise it returns a Conflict error or the error of the database.
func (s *Store) Ready(ctx context.Context) error {
	var version int
	err := s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version")
	})
	if err != nil {
		return fmt.Errorf("read the version of the tables: %w", err)
	}
	if last := LatestVersion(); version != last {
		return Errorf(Conflict, "the database is of version %d, this program of version %d", version, last)
	}
	var pending bool
	var changing int
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.QueryRowxContext(ctx, `SELECT identity_state.state <> 'READY' OR id_state.state <> 'READY',
			(SELECT COUNT(*) FROM settings WHERE pending IS NOT NULL) FROM identity_state, id_state`).Scan(&pending, &changing)
	})
	switch {
	case err != nil:
		return err
	case pending:
		return Errorf(Conflict, "the records of an older version are being attributed")
	case changing > 0:
		return Errorf(Conflict, "a setting of the data set is being changed")
	}
	return nil
}

// translate replaces the {{type}} placeholders of a migration by the column types of the dialect.
func (d *dialect) translate(sql string) string {
	for name, word := range d.types {
		sql = strings.ReplaceAll(sql, "{{"+name+"}}", word)
	}
	return sql
}
