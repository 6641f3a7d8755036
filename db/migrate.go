package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate migrates the schema to this program's version and returns the number of migrations applied. It runs in one
// transaction under a lock: several processes may call it at once. A schema of this version is only read, so that a
// standby or a role without rights to the schema can be used. It returns a Conflict error if the schema is newer, or if
// it is older and cannot be changed.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	return s.MigrateTo(ctx, LatestVersion())
}

// MigrateTo is Migrate to an older version of the schema. It is for tests.
func (s *Store) MigrateTo(ctx context.Context, last int) (int, error) {
	version, err := s.version(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	if upToDate, err := s.isUpToDate(ctx, version, last); upToDate || err != nil {
		return 0, err
	}
	var steps int
	err = s.Write(ctx, func(tx *Tx) (err error) {
		if steps, err = tx.migrate(ctx, last); err != nil {
			return err
		}
		return tx.makeIndexes(ctx)
	})
	switch {
	case conn.IsDenied(err):
		return 0, s.notMigrated(version, last, err)
	case err != nil:
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return steps, nil
}

// version returns the version of the schema, or 0 if there are no tables.
func (s *Store) version(ctx context.Context) (version int, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		var exists bool
		err := conn.GetContext(ctx, &exists, "SELECT EXISTS (SELECT 1 FROM ("+s.dialect.catalogue+") c WHERE table_name = 'schema_version')")
		if err != nil || !exists {
			return err
		}
		return conn.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version")
	})
	if err != nil {
		return 0, fmt.Errorf("read the version of the tables: %w", err)
	}
	return version, nil
}

// isUpToDate reports whether there is nothing to migrate. On a database of the last version, which a killed bulk load
// may have left without indexes, a process that can only read leaves those to the others.
func (s *Store) isUpToDate(ctx context.Context, version, last int) (bool, error) {
	if version > last {
		return false, newerTables(version, last)
	}
	readOnly, err := s.ReadOnly(ctx)
	switch {
	case err != nil:
		return false, err
	case version < last && readOnly:
		return false, s.notMigrated(version, last, nil)
	case version < last || readOnly:
		return version == last, nil
	}
	var missing bool
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &missing, "SELECT EXISTS (SELECT 1 FROM dropped_indexes)")
	})
	return !missing, err
}

// notMigrated returns the error for a schema that this process may not change.
func (s *Store) notMigrated(version, last int, cause error) error {
	found := fmt.Sprintf("the tables are of version %d, this program of version %d", version, last)
	switch version {
	case 0:
		found = "the database has no tables of usagegraph"
	case last:
		found = "the tables lack indexes"
	}
	return &Error{Code: Conflict, Message: found + ", and this role cannot change them here: run usagegraph migrate as their owner, on the primary", cause: cause}
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
	if mark := tx.store.dialect.mark; mark != "" {
		_, err = tx.tx.ExecContext(ctx, mark)
	}
	return last - version, err
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
// setting change is pending. Otherwise it returns a Conflict error or the error of the database, which is Unavailable for
// an SQLite file that was deleted, replaced, cut off or damaged.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.pools.CheckFile(); err != nil {
		return Errorf(Unavailable, "%v: restore a backup, then restart the server", err)
	}
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
		return conn.QueryRowxContext(ctx, `SELECT identity_state.state <> 'READY' OR id_state.state <> 'READY' OR country_state.state <> 'READY',
			(SELECT COUNT(*) FROM settings WHERE pending IS NOT NULL) FROM identity_state, id_state, country_state`).Scan(&pending, &changing)
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
