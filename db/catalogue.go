package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// StoredTable is a table as the database's own catalogue describes it.
type StoredTable struct {
	Name string
	// Columns are in the order of their declaration.
	Columns []string
	// key holds the columns of the primary key, in the order of the key.
	key []string
	// boolean marks the columns of boolean values, which SQLite stores as numbers.
	boolean []bool
}

// internalTables hold the state of the database itself and are not part of its contents. A copy of the keys of tokens would let
// its holder make tokens for the original.
var internalTables = []string{"schema_version", "dropped_indexes", "revision_mark", "token_keys"}

// portableTypes are the column types, as named in the two catalogues, whose values have one form for both databases.
var portableTypes = []string{"TEXT", "INTEGER", "BIGINT", "BOOLEAN", "text", "timestamptz", "numeric", "json", "int4", "int8", "bool"}

// catalogueColumn is a row of a dialect's catalogue query.
type catalogueColumn struct {
	Table  string `db:"table_name"`
	Column string `db:"column_name"`
	Type   string `db:"type"`
	// KeyPosition is the column's position in the primary key, from 1; 0 if the column is not part of the key.
	KeyPosition int `db:"key_position"`
}

// readCatalogue returns the tables of a database by name, without the internal ones, and the number of the last
// migration, 0 if there is none.
func readCatalogue(ctx context.Context, d *dialect, tx *sqlx.Tx) (tables []*StoredTable, version int, err error) {
	var columns []catalogueColumn
	if err := tx.SelectContext(ctx, &columns, d.catalogue); err != nil {
		return nil, 0, fmt.Errorf("read the catalogue: %w", err)
	}
	for _, c := range columns {
		if slices.Contains(internalTables, c.Table) {
			continue
		}
		if !slices.Contains(portableTypes, c.Type) {
			return nil, 0, fmt.Errorf("read the catalogue: %s.%s is of type %s, which this program does not use", c.Table, c.Column, c.Type)
		}
		if len(tables) == 0 || tables[len(tables)-1].Name != c.Table {
			tables = append(tables, &StoredTable{Name: c.Table})
		}
		tables[len(tables)-1].add(c)
	}
	if slices.ContainsFunc(columns, func(c catalogueColumn) bool { return c.Table == "schema_version" }) {
		err = tx.GetContext(ctx, &version, "SELECT COALESCE(MAX(version), 0) FROM schema_version")
	}
	return tables, version, err
}

func (t *StoredTable) add(c catalogueColumn) {
	t.Columns = append(t.Columns, c.Column)
	t.boolean = append(t.boolean, strings.EqualFold(c.Type, "boolean") || c.Type == "bool")
	if c.KeyPosition > 0 {
		t.key = append(t.key, make([]string, max(0, c.KeyPosition-len(t.key)))...)
		t.key[c.KeyPosition-1] = c.Column
	}
}

// order returns an ORDER BY list that gives the same order in both databases: the primary key or, without one, all
// columns with null last.
func (t *StoredTable) order() string {
	if len(t.key) > 0 {
		return quoted(t.key)
	}
	var list []string
	for _, column := range t.Columns {
		list = append(list, `"`+column+`" IS NULL, "`+column+`"`)
	}
	return strings.Join(list, ", ")
}

// quoted returns a list of quoted names, which may be reserved words.
func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// count returns the number of rows of a table.
func (t *StoredTable) count(ctx context.Context, tx *sqlx.Tx) (n int64, err error) {
	err = tx.GetContext(ctx, &n, "SELECT COUNT(*) FROM "+t.Name)
	return n, err
}
