package app

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

type linkCommand struct {
	Customers  []string `arg:"" optional:"" name:"customer" help:"Two customers to link, each as system:id (elevate:17 stn:4neHKRNRJcSs78FSX)."`
	File       string   `help:"CSV file with one pair of customers per row, without a header; - is standard input." placeholder:"CSV"`
	Suggest    bool     `help:"List pairs of customers that share phone numbers, in the format of --file, without linking them."`
	Create     bool     `help:"Create customers that are unknown; their records will belong to the linked customer. Without it an unknown customer is an error."`
	SameSystem bool     `help:"Allow a link between two customers of one system."`
	Yes        bool     `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Help describes a link.
func (linkCommand) Help() string {
	return `Linked customers are one customer: a client that sees one of them sees the records of all. Before it changes anything, the command prints which clients see more customers.

See also: unlink removes a link, links lists links.`
}

// Run links customers, or lists suggested pairs.
func (c *linkCommand) Run(ctx context.Context, s *settings, std streams) error {
	given := 0
	for _, is := range []bool{len(c.Customers) > 0, c.File != "", c.Suggest} {
		if is {
			given++
		}
	}
	if given != 1 || len(c.Customers) > 0 && len(c.Customers) != 2 {
		return errors.New("link: want two customers (elevate:17 stn:4neHKRNRJcSs78FSX), --file or --suggest")
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.Suggest {
		return suggest(ctx, store.Store, std)
	}
	pairs := [][]string{c.Customers}
	if c.File != "" {
		if pairs, err = readLinkFile(c.File, std.in); err != nil {
			return err
		}
	}
	links := make([]ingest.Link, len(pairs))
	for i, pair := range pairs {
		if links[i], err = ingest.ParseLink(pair[0], pair[1]); err != nil {
			return fmt.Errorf("link: pair %d: %w", i+1, err)
		}
	}
	return c.link(ctx, store.Store, links, std)
}

func (c *linkCommand) link(ctx context.Context, store *db.Store, links []ingest.Link, std streams) error {
	options := ingest.LinkOptions{Create: c.Create, SameSystem: c.SameSystem, By: userName()}
	transfers, err := ingest.PreviewLinks(ctx, store, links, options)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	gains, err := previewGains(ctx, store, links)
	if err != nil {
		return err
	}
	for _, g := range gains {
		names := make([]string, len(g.Identifiers))
		for i, id := range g.Identifiers {
			names[i] = printable(id.String())
		}
		fmt.Fprintf(std.err, "Client %s (%s) will also see %s.\n", g.Client.Name, g.Client.ID, strings.Join(names, ", "))
	}
	if len(gains) == 0 {
		fmt.Fprintln(std.err, "No client with a limited scope will see more customers.")
	}
	if err := previewTransfers(ctx, store, std.err, transfers); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	if !c.Yes {
		if err := confirm(std, fmt.Sprintf("Make %s?", plural(int64(len(links)), "link", "links"))); err != nil {
			return fmt.Errorf("link: %w", err)
		}
	}
	made, err := ingest.LinkCustomers(ctx, store, links, options)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	fmt.Fprintf(std.out, "%s: %d linked, %d were linked before\n", plural(int64(len(links)), "pair", "pairs"), made, len(links)-made)
	return nil
}

// userName returns the name of the operating system's user, which is stored with links and assignments.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
