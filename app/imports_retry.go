package app

import (
	"context"
	"fmt"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

type retryImportCommand struct {
	importID
}

// Help describes when a retry helps.
func (retryImportCommand) Help() string {
	return `Imports the stored texts of the rejected records again, as an import of its own: after a change of the settings of the data set, or with a newer version. Rejects of a client's import are imported within the scope that the client has now.`
}

// Run imports the rejected records of an import again and prints a report.
func (c *retryImportCommand) Run(ctx context.Context, s *settings, std streams) error {
	id, err := c.parse()
	if err != nil {
		return err
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	i, rejects, err := store.Import(ctx, id)
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	texts, missing := textsOf(i, rejects)
	if len(texts) == 0 {
		return fmt.Errorf("import %d has no rejected records whose texts are stored as a whole", id)
	}
	importer, err := store.importer(store.Store)
	if err != nil {
		return err
	}
	importer.ClientID = i.ClientID
	importer.Reject = func(r ingest.Reject) { fmt.Fprintf(std.out, "rejected again: record %d: %v\n", r.Number, r.Reason) }
	report, err := importer.Import(ctx, i.Source, "retry of "+i.Name(), strings.NewReader(strings.Join(texts, "\n")))
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, summary(report))
	switch {
	case report.Stopped:
		return fmt.Errorf("stopped: run the command again to continue")
	case report.Rejected > 0:
		return fmt.Errorf("%d of %d records were rejected again (see above)", report.Rejected, report.Read)
	}
	return missing
}

// textsOf returns the texts of rejects that are stored as a whole, each in one line. The error counts the others.
func textsOf(i *db.Import, rejects []*db.ImportReject) (texts []string, missing error) {
	n := i.RejectsOmitted()
	for _, r := range rejects {
		if r.Complete {
			texts = append(texts, strings.ReplaceAll(r.Text, "\n", " "))
		} else {
			n++
		}
	}
	if n > 0 {
		missing = fmt.Errorf("the texts of %d rejected records are not stored, or not as a whole: see the document", n)
	}
	return texts, missing
}
