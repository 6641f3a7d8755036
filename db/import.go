package db

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// ImportState is the state of an import.
type ImportState string

// The states of an import. An import that is RUNNING without a running process was killed. Running it again completes
// it.
const (
	ImportRunning ImportState = "RUNNING"
	ImportDone    ImportState = "DONE"
	ImportStopped ImportState = "STOPPED"
	ImportFailed  ImportState = "FAILED"
)

// Import holds one run of an import of one file.
type Import struct {
	ID     int64  `db:"id"`
	Source Source `db:"source"`
	// File is the name of the document without its folder.
	File string `db:"file"`
	// Digest is the SHA-256 of the whole document in hexadecimal; nil until the whole document is read.
	Digest    *string     `db:"digest"`
	State     ImportState `db:"state"`
	StartedAt Time        `db:"started_at"`
	EndedAt   *Time       `db:"ended_at"`
	Read      int64       `db:"read"`
	New       int64       `db:"new"`
	Changed   int64       `db:"changed"`
	Unchanged int64       `db:"unchanged"`
	Rejected  int64       `db:"rejected"`
	// Older counts records that were skipped because a later version is stored.
	Older int64 `db:"older"`
}

var imports = newChildren[Import]("imports", "id", "id")

// StartImport stores a new import in state RUNNING.
func (s *Store) StartImport(ctx context.Context, source Source, file string) (*Import, error) {
	i := &Import{ID: s.ids.Next(), Source: source, File: file, State: ImportRunning, StartedAt: TimeOf(s.clock())}
	return i, s.Write(ctx, func(tx *Tx) error { return insertAll(ctx, tx, &imports.relation, []*Import{i}) })
}

// EndImport stores the state and the counters of an import, and its end time.
func (s *Store) EndImport(ctx context.Context, i *Import) error {
	now := TimeOf(s.clock())
	i.EndedAt = &now
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.tx.ExecContext(ctx, `UPDATE imports SET digest = $1, state = $2, ended_at = $3, read = $4, new = $5, changed = $6,
			unchanged = $7, rejected = $8, older = $9 WHERE id = $10`, i.Digest, i.State, i.EndedAt, i.Read, i.New, i.Changed, i.Unchanged, i.Rejected, i.Older, i.ID)
		if err != nil {
			return fmt.Errorf("store the end of the import: %w", err)
		}
		return nil
	})
}

// ImportsDone returns the imported files whose names begin with a prefix. The value is true if an import of the file
// has completed.
func (s *Store) ImportsDone(ctx context.Context, prefix string) (map[string]bool, error) {
	var files []struct {
		File string `db:"file"`
		Done bool   `db:"done"`
	}
	err := s.pools.Read.SelectContext(ctx, &files, `SELECT file, MAX(CASE WHEN state = $1 THEN 1 ELSE 0 END) = 1 AS done FROM imports
		WHERE substr(file, 1, $2) = $3 GROUP BY file`, ImportDone, utf8.RuneCountInString(prefix), prefix)
	if err != nil {
		return nil, fmt.Errorf("find imports: %w", err)
	}
	done := make(map[string]bool, len(files))
	for _, f := range files {
		done[f.File] = f.Done
	}
	return done, nil
}
