package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"usagegraph/db"
)

type importsCommand struct {
	List  listImportsCommand `cmd:"" default:"withargs" help:"List imports, the latest first. The default command."`
	Show  showImportCommand  `cmd:"" help:"Show an import and its rejected records."`
	Retry retryImportCommand `cmd:"" help:"Import the rejected records of an import again."`
}

type listImportsCommand struct {
	Last int `default:"50" help:"Number of imports, 1 to 1000."`
}

// Run lists imports.
func (c *listImportsCommand) Run(ctx context.Context, s *settings, std streams) error {
	if c.Last < 1 || c.Last > db.MaxPage {
		return fmt.Errorf("--last: want 1 to %d", db.MaxPage)
	}
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.For(db.All().WithStaff(true)).Imports(ctx, db.Page{Limit: c.Last})
	if err != nil {
		return err
	}
	if len(list.Nodes) == 0 {
		fmt.Fprintln(std.err, "There are no imports.")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTARTED\tSTATE\tSYSTEM\tFROM\tREAD\tNEW\tCHANGED\tUNCHANGED\tOLDER\tREJECTED")
	for _, i := range list.Nodes {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", i.Name(), i.StartedAt.Format(time.RFC3339), strings.ToLower(string(i.State)), i.Source.Lower(),
			origin(i), i.Read, i.New, i.Changed, i.Unchanged, i.Older, i.Rejected)
	}
	return w.Flush()
}

// origin returns the file or the client of an import.
func origin(i *db.Import) string {
	return printable(cmp.Or(i.File, i.ClientID, "HTTP"))
}

// importID is an argument with the id of an import.
type importID struct {
	ID string `arg:"" help:"ID of the import (see imports)."`
}

func (i importID) parse() (int64, error) {
	id, err := strconv.ParseInt(i.ID, 10, 64)
	if err != nil {
		return 0, errors.New("want the ID of an import, a whole number (usagegraph imports lists them)")
	}
	return id, nil
}

type showImportCommand struct {
	importID
	Texts bool `help:"Print the texts of the rejected records alone, one a line: a document to mend and import."`
}

// Run shows an import.
func (c *showImportCommand) Run(ctx context.Context, s *settings, std streams) error {
	id, err := c.parse()
	if err != nil {
		return err
	}
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	i, rejects, err := store.Import(ctx, id)
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	if c.Texts {
		return printTexts(std, i, rejects)
	}
	printImport(std, i)
	for _, r := range rejects {
		field := ""
		if r.FieldName != "" {
			field = r.FieldName + ": "
		}
		fmt.Fprintf(std.out, "record %d (byte %d): %s%s\n", r.Record, r.Byte, printable(field), r.Reason)
	}
	if n := i.RejectsOmitted(); n > 0 {
		fmt.Fprintf(std.out, "and %d more, which are not stored\n", n)
	}
	return nil
}

// printImport prints all but the rejects of an import.
func printImport(std streams, i *db.Import) {
	ended, digest := "", ""
	if i.EndedAt != nil {
		ended = ", ended " + i.EndedAt.Format(time.RFC3339)
	}
	if i.Digest != nil {
		digest = ", SHA-256 " + *i.Digest
	}
	fmt.Fprintf(std.out, "import %s of %s from %s%s\n%s, started %s%s\n", i.Name(), i.Source.Lower(), origin(i), digest, strings.ToLower(string(i.State)), i.StartedAt.Format(time.RFC3339), ended)
	if i.Failure != nil {
		fmt.Fprintf(std.out, "ended because: %s\n", printable(*i.Failure))
	}
	fmt.Fprintf(std.out, "%d read: %d new, %d changed, %d unchanged, %d older, kept, %d rejected; revision %d\n", i.Read, i.New, i.Changed, i.Unchanged, i.Older, i.Rejected, i.Revision)
}

// printTexts prints the texts of rejects. It returns an error if some are not stored as a whole.
func printTexts(std streams, i *db.Import, rejects []*db.ImportReject) error {
	texts, missing := textsOf(i, rejects)
	for _, text := range texts {
		fmt.Fprintln(std.out, text)
	}
	return missing
}
