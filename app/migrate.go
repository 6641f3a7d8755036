package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"usagegraph/db"
)

type migrateCommand struct {
	Backup string `placeholder:"FILE" help:"Write a backup to this file first. Without it, migrate asks for a file before a migration that rewrites rows, if there is a terminal."`
}

// Run migrates the tables, makes a backup first if requested, finishes pending work, and builds the stored
// totals.
func (c *migrateCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.connect(ctx, nil)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := c.prepare(ctx, store, std); err != nil {
		return err
	}
	if _, err := store.Migrate(ctx); err != nil {
		return err
	}
	d, err := s.newDataSet(ctx, store, std)
	if err != nil {
		return err
	}
	if err := d.finishPending(ctx, std); err != nil {
		return err
	}
	if err := buildTotals(ctx, store, std); err != nil {
		return err
	}
	fmt.Fprintln(std.out, "The tables are up to date.")
	return nil
}

// prepare announces migrations that rewrite rows, and makes a backup if the flag or the user names a file.
func (c *migrateCommand) prepare(ctx context.Context, store *db.Store, std streams) error {
	rewrites, err := store.PendingRewrites(ctx)
	if err != nil {
		return err
	}
	file := c.Backup
	switch {
	case len(rewrites) > 0 && file == "" && isTerminal(std):
		fmt.Fprintln(std.err, rewriteNotice(rewrites))
		if file, err = askForBackup(std); err != nil {
			return err
		}
	case len(rewrites) > 0 && file == "":
		fmt.Fprintln(std.err, rewriteNotice(rewrites), noBackup)
	case len(rewrites) > 0:
		fmt.Fprintln(std.err, rewriteNotice(rewrites))
	}
	if file == "" {
		return nil
	}
	return makeBackup(ctx, store, file, std)
}

const noBackup = "No backup is made; to make one, run usagegraph migrate --backup FILE instead."

// announceRewrites prints the pending migrations that rewrite rows.
func announceRewrites(ctx context.Context, store *db.Store, std streams) error {
	rewrites, err := store.PendingRewrites(ctx)
	if len(rewrites) > 0 {
		fmt.Fprintln(std.err, rewriteNotice(rewrites), noBackup)
	}
	return err
}

func rewriteNotice(rewrites []db.Rewrite) string {
	var list []string
	for _, r := range rewrites {
		list = append(list, fmt.Sprintf("%s (%d rows)", r.Does, r.Rows))
	}
	return "The migration rewrites rows, which cannot be undone and may take long: it " + strings.Join(list, "; it ") + "."
}

// askForBackup reads the file name of the backup from the terminal. It returns an empty string for no backup.
func askForBackup(std streams) (string, error) {
	fmt.Fprint(std.err, "Backup file (Enter: no backup, Ctrl-C: stop): ")
	answer, err := bufio.NewReader(std.in).ReadString('\n')
	if err != nil {
		return "", errors.New("no answer: nothing was changed")
	}
	return strings.TrimSpace(answer), nil
}
