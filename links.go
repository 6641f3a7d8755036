package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"
)

type linksCommand struct{}

// Run lists links.
func (linksCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	links, err := store.CustomerLinks(ctx)
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
