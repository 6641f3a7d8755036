package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"usagegraph/db"
)

type linksCommand struct{}

// Run lists links.
func (linksCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	links, err := allLinks(ctx, store)
	if err != nil {
		return err
	}
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
			can = "not possible: it is unknown which of the two customers clients were given"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.A(), l.B(), at, by, can)
	}
	return w.Flush()
}

// allLinks reads the links page by page.
func allLinks(ctx context.Context, store *db.Store) ([]*db.CustomerLink, error) {
	reader := store.For(db.All().WithStaff(true))
	var links []*db.CustomerLink
	for page := (db.Page{Limit: db.MaxPage}); ; {
		found, err := reader.CustomerLinks(ctx, page)
		if err != nil {
			return nil, err
		}
		if links = append(links, found.Nodes...); !found.HasNextPage {
			return links, nil
		}
		page.After = *found.PageInfo().EndCursor
	}
}
