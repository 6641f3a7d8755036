package db

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Rewrite describes a migration that rewrites stored rows. It may take long and cannot be undone.
type Rewrite struct {
	// Does is the description in the first line of the migration.
	Does string
	// Rows is the number of rows in the rewritten tables.
	Rows int64
}

// rewritePrefix is the prefix of the first line of a migration that rewrites rows: "-- Rewrites table, table:
// description".
const rewritePrefix = "-- Rewrites "

// PendingRewrites returns the pending migrations that rewrite rows of this database.
func (s *Store) PendingRewrites(ctx context.Context) ([]Rewrite, error) {
	version, err := s.version(ctx)
	if err != nil || version >= LatestVersion() {
		return nil, err
	}
	var pending []Rewrite
	err = s.Dump(ctx, func(d *Dump) error {
		files, err := fs.Glob(migrations, "migrations/*.sql")
		if err != nil {
			return err
		}
		for _, file := range files[min(d.Version, len(files)):] {
			text, err := fs.ReadFile(migrations, file)
			if err != nil {
				return err
			}
			tables, does := parseRewrite(string(text))
			rows, err := d.countOf(ctx, tables)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if rows > 0 {
				pending = append(pending, Rewrite{does, rows})
			}
		}
		return nil
	})
	return pending, err
}

// parseRewrite returns the tables that a migration rewrites and its description, or no tables if it rewrites none.
func parseRewrite(migration string) (tables []string, does string) {
	first, _, _ := strings.Cut(migration, "\n")
	text, ok := strings.CutPrefix(first, rewritePrefix)
	if !ok {
		return nil, ""
	}
	list, does, _ := strings.Cut(text, ": ")
	return strings.Split(list, ", "), does
}

// countOf returns the number of rows in those of the tables that exist.
func (d *Dump) countOf(ctx context.Context, names []string) (int64, error) {
	existing := Dump{tx: d.tx}
	for _, t := range d.Tables {
		if slices.Contains(names, t.Name) {
			existing.Tables = append(existing.Tables, t)
		}
	}
	return existing.Count(ctx)
}
