package app

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"usagegraph/db"
)

type linksCommand struct{}

// Help describes the two lists.
func (linksCommand) Help() string {
	return `Lists links between customers, then assignments of phone numbers, SIM cards and subscriptions, each with its time and user.`
}

// Run lists links and assignments.
func (linksCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	reader := store.For(db.All().WithStaff(true))
	links, err := allOf(ctx, reader.CustomerLinks)
	if err != nil {
		return err
	}
	assignments, err := allOf(ctx, reader.Assignments)
	if err != nil {
		return err
	}
	if err := printLinks(std, links); err != nil {
		return err
	}
	return printAssignments(std, assignments)
}

func printLinks(std streams, links []*db.CustomerLink) error {
	if len(links) == 0 {
		fmt.Fprintln(std.err, "There are no links.")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CUSTOMER\tCUSTOMER\tLINKED\tBY\tUNLINK")
	for _, l := range links {
		at, by, can := "by an older version", "", "possible"
		if l.LinkedAt != nil {
			at = l.LinkedAt.Format(time.RFC3339)
		}
		if l.LinkedBy != nil {
			by = *l.LinkedBy
		}
		if !l.Separable {
			can = "not possible: the clients' customers before the link are unknown"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", printable(l.A().String()), printable(l.B().String()), at, by, can)
	}
	return w.Flush()
}

func printAssignments(std streams, list []*db.Assignment) error {
	if len(list) == 0 {
		fmt.Fprintln(std.err, "There are no assignments.")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ASSIGNED\tCUSTOMER\tTIME\tMADE\tBY")
	for _, a := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", assignmentName(a), printable(db.SourceID{Source: a.CustomerSource, Value: a.CustomerValue}.String()), a.Times(), a.AssignedAt.Format(time.RFC3339), a.AssignedBy)
	}
	return w.Flush()
}

// allOf returns all nodes of a connection, read page by page.
func allOf[T any](ctx context.Context, read func(context.Context, db.Page) (*db.Connection[T], error)) ([]*T, error) {
	var all []*T
	for page := (db.Page{Limit: db.MaxPage}); ; {
		found, err := read(ctx, page)
		if err != nil {
			return nil, err
		}
		if all = append(all, found.Nodes...); !found.HasNextPage {
			return all, nil
		}
		page.After = *found.PageInfo().EndCursor
	}
}
