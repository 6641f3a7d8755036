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
	File string `arg:"" help:"The file to write; it must not exist yet."`
}

// Help explains what a backup is.
func (backupCommand) Help() string {
	return `The backup holds all tables as they are at one moment; servers and imports may run meanwhile. It is compressed, and read back and checked before the file gets its name. usagegraph restore loads it into SQLite or PostgreSQL, whichever it was made of. It holds the same personal data as the database: encrypt it.`
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

// makeBackup writes a backup and prints how large it is.
func makeBackup(ctx context.Context, store *db.Store, path string, std streams) error {
	collectLess()
	progress := &phases{out: std.err}
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
	File string `arg:"" help:"A file that usagegraph backup wrote."`
}

// Help explains what a restore needs.
func (restoreCommand) Help() string {
	return `The database must be empty: a new SQLite file, or a new PostgreSQL database. The file is checked first. All of it is restored, read back and compared in one transaction, or nothing is. A backup of an older version is brought up to this one.`
}

// Run restores a backup.
func (c *restoreCommand) Run(ctx context.Context, s *settings, std streams) error {
	collectLess()
	progress := &phases{out: std.err}
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
		fmt.Fprintf(std.out, "The backup is of an older version: usagegraph migrate, or the next start of the server, attributes its %d records again (docs/identity.md).\n", records)
	}
	return err
}

// contents returns how much a backup holds.
func contents(f *backup.File) string {
	return fmt.Sprintf("%d tables, %s rows, %s", len(f.Sums), humanize.Comma(f.Rows), humanize.Bytes(uint64(f.Size)))
}

// phases shows the progress of work that has several phases, each with a bar of its own.
type phases struct {
	out   io.Writer
	phase string
	bar   *ingest.Progress
}

// show shows how many rows of a phase are done.
func (p *phases) show(phase string, done, total int64) {
	if phase != p.phase {
		p.close()
		fmt.Fprintln(p.out, phase)
		p.phase, p.bar = phase, ingest.NewRecordProgress(p.out, total)
	}
	p.bar.ShowCount(done)
}

// close removes the bar.
func (p *phases) close() {
	if p.bar != nil {
		p.bar.Close()
		p.bar = nil
	}
}
