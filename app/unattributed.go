package app

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"usagegraph/db"
)

type unattributedCommand struct{}

// Help describes the list.
func (unattributedCommand) Help() string {
	return `Lists usage records and consumption reports without a customer, if no customer had their number or card at that time. Only clients that see all customers see them.`
}

// Run lists documents without a customer.
func (unattributedCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	n, err := listUnattributed(ctx, store.For(db.All()), std.out)
	if err != nil {
		return fmt.Errorf("unattributed: %w", err)
	}
	switch n {
	case 0:
		fmt.Fprintln(std.err, "All documents have a customer.")
	case 1:
		fmt.Fprintln(std.err, "1 document has no customer.")
	default:
		fmt.Fprintf(std.err, "%d documents have no customer.\n", n)
	}
	return nil
}

// listUnattributed writes a table of the documents, page by page, and returns their number.
func listUnattributed(ctx context.Context, reader *db.Reader, out io.Writer) (n int, err error) {
	w := tabwriter.NewWriter(out, 24, 0, 2, ' ', 0)
	page := db.Page{Limit: db.MaxPage}
	for {
		list, err := reader.Unattributed(ctx, db.AllColumns, page)
		if err != nil {
			return n, err
		}
		if n == 0 && len(list.Nodes) > 0 {
			fmt.Fprintln(w, "DOCUMENT\tIDENTIFIER\tTIME\tREASON")
		}
		for _, d := range list.Nodes {
			identifier := "-"
			if d.Identifier != nil {
				identifier = *d.Identifier
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", printable(documentName(d.Document)), printable(identifier), d.At.Format(time.RFC3339), printable(d.Reason))
		}
		n += len(list.Nodes)
		if err := w.Flush(); err != nil {
			return n, err
		}
		end := list.PageInfo().EndCursor
		if !list.HasNextPage || end == nil {
			return n, nil
		}
		page.After = *end
	}
}

// documentName returns a document's system and ID, as system:id.
func documentName(d db.Document) string {
	var id db.SourceID
	switch d := d.(type) {
	case *db.UsageRecord:
		id = db.SourceID{Source: d.Source, Value: d.SourceID}
	case *db.ConsumptionReport:
		id = db.SourceID{Source: d.Source, Value: d.SourceID}
	}
	return id.String()
}

// printable returns a text, quoted if it has control characters, which a terminal could interpret.
func printable(text string) string {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return strconv.Quote(text)
	}
	return text
}
