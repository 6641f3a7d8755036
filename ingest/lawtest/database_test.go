package lawtest_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// database is a store that is emptied between imports, which is faster than creating one for each.
type database struct {
	store *db.Store
	pool  *sql.DB
	// importTables are the tables that imports write: those that are empty after the migration.
	importTables []string
}

func postgres(url string) bool { return strings.HasPrefix(url, "postgres") }

func openDatabase(t testing.TB, url string) *database {
	t.Helper()
	d := &database{store: dbtest.Open(t, url)}
	driver, tables := "sqlite", "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if postgres(url) {
		driver, tables = "postgres", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	pool, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	d.pool = pool
	for _, table := range d.column(t, tables) {
		if n := d.column(t, "SELECT count(*) FROM "+table); n[0] == "0" {
			d.importTables = append(d.importTables, table)
		}
	}
	return d
}

// column returns the first column of a query.
func (d *database) column(t testing.TB, query string) []string {
	t.Helper()
	rows, err := d.pool.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		list = append(list, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// empty deletes the rows that imports have written.
func (d *database) empty() error {
	tx, err := d.pool.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, table := range d.importTables {
		if _, err := tx.Exec("DELETE FROM " + table); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return tx.Commit()
}
