package app

import (
	"context"
	"fmt"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

type totalsCommand struct {
	Verify  verifyTotalsCommand  `cmd:"" help:"Compare the stored totals with the usage records."`
	Rebuild rebuildTotalsCommand `cmd:"" help:"Build the stored totals again."`
}

// Help describes the stored totals.
func (totalsCommand) Help() string {
	return `The database stores the totals of all usage records by hour and by day, and keeps them up to date with each import. Clients that see every customer get totals from them. See docs/totals.md.`
}

type verifyTotalsCommand struct{}

// Run compares the stored totals with the usage records. It prints each cell that differs, and returns an error if there
// are any.
func (verifyTotalsCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	progress := &phaseProgress{out: std.err}
	defer progress.close()
	var records int64
	differ, err := store.VerifyTotals(ctx,
		func(line string) { fmt.Fprintln(std.out, line) },
		func(done, total int64) {
			records = done
			progress.show("comparing the stored totals with the usage records", done, total)
		})
	progress.close()
	switch {
	case err != nil:
		return err
	case differ > 0:
		return fmt.Errorf("%d stored totals differ (see above): usagegraph totals rebuild builds them again", differ)
	}
	fmt.Fprintf(std.out, "The stored totals are those of the %d usage records.\n", records)
	return nil
}

type rebuildTotalsCommand struct {
	Month string `placeholder:"MONTH" help:"Rebuild one month (UTC) only, such as 2025-06. The stored totals stay in use meanwhile."`
}

// Help describes the rebuild.
func (rebuildTotalsCommand) Help() string {
	return `The command deletes the stored totals and builds them again from the usage records, month by month. Servers and imports can run meanwhile; totals are read from the records until the last month is built. If it is interrupted, the next start of a server or an import continues.`
}

// Run builds the stored totals again.
func (c *rebuildTotalsCommand) Run(ctx context.Context, s *settings, std streams) error {
	var month db.YearMonth
	if c.Month != "" {
		var err error
		if month, err = db.ParseYearMonth(c.Month); err != nil {
			return fmt.Errorf("--month: %w", err)
		}
	}
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if month == "" {
		if err := store.DropTotals(ctx); err != nil {
			return err
		}
		return buildTotals(ctx, store, std)
	}
	records, err := store.RebuildMonth(ctx, month)
	if err == nil {
		fmt.Fprintf(std.err, "built the stored totals of %d usage records of %s\n", records, month)
	}
	return err
}

// buildTotals pauses for buildPause after each buildTurn: SQLite's writers do not queue, they try again within that pause.
const (
	buildTurn  = time.Second
	buildPause = 150 * time.Millisecond
)

// buildTotals builds the stored totals, unless they are ready, with progress on the error stream.
func buildTotals(ctx context.Context, store *db.Store, std streams) error {
	pending, total, err := store.PendingTotals(ctx)
	if err != nil || !pending {
		return err
	}
	fmt.Fprintf(std.err, "building the stored totals of %d usage records (docs/totals.md). If interrupted, the next command continues.\n", total)
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	start, done := time.Now(), int64(0)
	turn := start
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("built the stored totals of %d usage records; the next command continues: %w", done, err)
		}
		var records int64
		if records, more, err = store.BuildTotals(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		done += records
		progress.ShowCount(done)
		if time.Since(turn) > buildTurn {
			select {
			case <-time.After(buildPause):
			case <-ctx.Done():
			}
			turn = time.Now()
		}
	}
	fmt.Fprintf(std.err, "built the stored totals of %d usage records in %s\n", done, time.Since(start).Round(10*time.Millisecond))
	return nil
}
