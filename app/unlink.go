package app

import (
	"context"
	"errors"
	"fmt"

	"usagegraph/db"
	"usagegraph/ingest"
)

type unlinkCommand struct {
	Customers []string `arg:"" name:"customer" help:"Two linked customers, each as system:id (elevate:17 stn:4neHKRNRJcSs78FSX)."`
	Yes       bool     `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Run removes a link.
func (c *unlinkCommand) Run(ctx context.Context, s *settings, std streams) error {
	if len(c.Customers) != 2 {
		return errors.New("unlink: want two linked customers (elevate:17 stn:4neHKRNRJcSs78FSX)")
	}
	link, err := ingest.ParseLink(c.Customers[0], c.Customers[1])
	if err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := c.unlink(ctx, store.Store, link, std); err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	return nil
}

// unlink prints the effects of the removal on clients and documents, asks for confirmation, and removes the link.
func (c *unlinkCommand) unlink(ctx context.Context, store *db.Store, link ingest.Link, std streams) error {
	parting, err := ingest.UnlinkCustomers(ctx, store, link, true)
	if err != nil {
		return err
	}
	clients, err := store.Clients(ctx)
	if err != nil {
		return err
	}
	for _, client := range scopedClients(clients) {
		for i, side := range parting.Sides {
			if other := parting.Sides[1-i]; sees(client, side) && !sees(client, other) {
				fmt.Fprintf(std.err, "Client %s (%s) will no longer see %s.\n", client.Name, client.ID, customerName(other))
			}
		}
	}
	printTransfers(std.err, parting.Transfers, clients)
	if !c.Yes {
		if err := confirm(std, fmt.Sprintf("Remove the link of %s and %s?", link.A, link.B)); err != nil {
			return err
		}
	}
	if parting, err = ingest.UnlinkCustomers(ctx, store, link, false); err != nil {
		return err
	}
	if parting.Sides[0] == nil {
		fmt.Fprintf(std.out, "%s and %s are no longer linked directly, but are still one customer through other links.\n", link.A, link.B)
		return nil
	}
	fmt.Fprintf(std.out, "%s and %s are two customers again.\n", link.A, link.B)
	return nil
}
