package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"

	"usagegraph/backup"
	"usagegraph/db"
	"usagegraph/ingest"
)

type backupCommand struct {
	File string `arg:"" help:"File to write; it must not exist yet."`
}

// Help describes a backup.
func (backupCommand) Help() string {
	return `The backup is a consistent, compressed snapshot of all tables. Servers and imports can run meanwhile. The command reads the file back and checks it before it gives the file its name. A backup of either database can be restored into SQLite or PostgreSQL. It holds the same personal data as the database: encrypt it.`
}

// Run makes a backup.
func (c *backupCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.connect(ctx, nil)
	if err != nil {
		return err
	}
	defer store.Close()
	return makeBackup(ctx, store, c.File, std)
}

// makeBackup writes a backup and prints its size.
func makeBackup(ctx context.Context, store *db.Store, path string, std streams) error {
	tuneGC(importMemoryLimit)
	progress := &phaseProgress{out: std.err}
	defer progress.close()
	file, err := backup.Write(ctx, store, path, programVersion(), progress.show)
	if ctx.Err() != nil {
		return errors.New("stopped: no backup was made")
	}
	if err != nil {
		return err
	}
	progress.close()
	fmt.Fprintf(std.out, "backed up %s to %s\n", contents(file), path)
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"File that usagegraph backup wrote."`
}

// Help describes a restore.
func (restoreCommand) Help() string {
	return `The database must be empty: a new SQLite file, or a new PostgreSQL database. The command checks the file first, then restores it, reads it back and compares it in one transaction. A backup of an older version is migrated to this version.`
}

// Run restores a backup.
func (c *restoreCommand) Run(ctx context.Context, s *settings, std streams) error {
	tuneGC(importMemoryLimit)
	progress := &phaseProgress{out: std.err}
	defer progress.close()
	file, err := backup.Open(ctx, c.File, progress.show)
	if err != nil {
		return err
	}
	store, err := s.connect(ctx, nil)
	if err != nil {
		return err
	}
	defer store.Close()
	err = file.Restore(ctx, store, progress.show)
	if ctx.Err() != nil {
		return errors.New("stopped: nothing was restored")
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	progress.close()
	fmt.Fprintf(std.out, "restored %s from %s\n", contents(file), c.File)
	pending, records, err := store.PendingRecords(ctx)
	if pending {
		fmt.Fprintf(std.out, "The backup is of an older version: usagegraph migrate or the next start of the server attributes its %d records again (docs/identity.md).\n", records)
	}
	return err
}

// contents returns the number of tables and rows and the size of a backup.
func contents(f *backup.File) string {
	return fmt.Sprintf("%d tables, %s rows, %s", len(f.Sums), humanize.Comma(f.Rows), humanize.Bytes(uint64(f.Size)))
}

// phaseProgress shows a progress bar for each phase of the work.
type phaseProgress struct {
	out   io.Writer
	phase string
	bar   *ingest.Progress
}

// show updates the bar of a phase, or starts it. done and total are in rows.
func (p *phaseProgress) show(phase string, done, total int64) {
	if phase != p.phase {
		p.close()
		fmt.Fprintln(p.out, phase)
		p.phase, p.bar = phase, ingest.NewRecordProgress(p.out, total)
	}
	p.bar.ShowCount(done)
}

// close removes the bar.
func (p *phaseProgress) close() {
	if p.bar != nil {
		p.bar.Close()
		p.bar = nil
	}
}
