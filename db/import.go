package db

import (
	"context"
	"fmt"
	"strconv"
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
	// ClientID identifies the API client; it is empty for the command line, and without authentication.
	ClientID string `db:"client_id"`
	// IdempotencyKey is the key of the request; nil if it had none.
	IdempotencyKey *string `db:"idempotency_key"`
	// Failure is the reason of an import that is FAILED.
	Failure *string `db:"failure"`
	// Revision is that of the records after the last batch; 0 if there was none, or if an older version imported.
	Revision int64 `db:"revision"`
	// RejectsStored is the number of rejects that are stored: the first.
	RejectsStored int64 `db:"rejects_stored"`
}

var imports = newChildren[Import]("imports", "id", "id")

// StartImport stores a new import in state RUNNING, and sets its id and start.
func (s *Store) StartImport(ctx context.Context, i *Import) error {
	i.ID, i.State, i.StartedAt = s.ids.Next(), ImportRunning, TimeOf(s.clock())
	return s.Write(ctx, func(tx *Tx) error { return insertAll(ctx, tx, &imports.relation, []*Import{i}) })
}

// SaveImport stores the counters and the revision of an import.
func (tx *Tx) SaveImport(ctx context.Context, i *Import) error {
	_, err := tx.tx.ExecContext(ctx, `UPDATE imports SET read = $1, new = $2, changed = $3, unchanged = $4, rejected = $5, older = $6, revision = $7, rejects_stored = $8 WHERE id = $9`,
		i.Read, i.New, i.Changed, i.Unchanged, i.Rejected, i.Older, i.Revision, i.RejectsStored, i.ID)
	if err != nil {
		return fmt.Errorf("store the state of the import: %w", err)
	}
	return nil
}

// EndImport stores the state of an import and its end time. If another import with the key of this one is DONE, it
// removes the key.
func (s *Store) EndImport(ctx context.Context, i *Import) error {
	now := TimeOf(s.clock())
	i.EndedAt = &now
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.tx.ExecContext(ctx, `UPDATE imports SET digest = $1, state = $2, ended_at = $3, failure = $4,
			idempotency_key = CASE WHEN EXISTS (SELECT 1 FROM imports o WHERE o.client_id = $5 AND o.idempotency_key = $6 AND o.state = 'DONE') THEN NULL ELSE idempotency_key END
			WHERE id = $7`, i.Digest, i.State, i.EndedAt, i.Failure, i.ClientID, i.IdempotencyKey, i.ID)
		if err != nil {
			return fmt.Errorf("store the end of the import: %w", err)
		}
		return nil
	})
}

// Name returns the id as it is shown.
func (i *Import) Name() string { return strconv.FormatInt(i.ID, 10) }

// RejectsOmitted returns the number of rejects that are not stored. Older versions stored none.
func (i *Import) RejectsOmitted() int64 {
	return i.Rejected - i.RejectsStored
}

// Import returns an import with its stored rejects. It returns a NotFound error if there is none with this id.
func (s *Store) Import(ctx context.Context, id int64) (*Import, []*ImportReject, error) {
	var found []*Import
	if err := s.pools.Read.SelectContext(ctx, &found, "SELECT "+importColumns+" FROM imports WHERE id = $1", id); err != nil {
		return nil, nil, s.failure(ctx, fmt.Errorf("read import: %w", err))
	}
	if len(found) == 0 {
		return nil, nil, Errorf(NotFound, "no import with this id")
	}
	rejects, err := s.rejects(ctx, id)
	return found[0], rejects, err
}

const importColumns = `id, source, file, digest, state, started_at, ended_at, read, new, changed, unchanged, rejected, older,
	client_id, idempotency_key, failure, revision, rejects_stored`

// ImportByKey returns the import that is DONE with the idempotency key of a client; nil if there is none.
func (s *Store) ImportByKey(ctx context.Context, clientID, key string) (*Import, error) {
	var found []*Import
	err := s.pools.Read.SelectContext(ctx, &found, "SELECT "+importColumns+" FROM imports WHERE client_id = $1 AND idempotency_key = $2 AND state = 'DONE'", clientID, key)
	if err != nil || len(found) == 0 {
		return nil, s.failure(ctx, err)
	}
	return found[0], nil
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
