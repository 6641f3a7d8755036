package main

import (
	"context"
	"errors"
	"fmt"

	"usagegraph/ingest"
)

type unlinkCommand struct {
	Customers []string `arg:"" name:"customer" help:"The two customers of the link, each as system:id."`
}

// Run undoes a link.
func (c *unlinkCommand) Run(ctx context.Context, s *settings, std streams) error {
	if len(c.Customers) != 2 {
		return errors.New("unlink: give the two customers of a link (elevate:17 stn:4neHKRNRJcSs78FSX)")
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
	joined, err := ingest.UnlinkCustomers(ctx, store.Store, link)
	switch {
	case err != nil:
		return fmt.Errorf("unlink: %w", err)
	case joined:
		fmt.Fprintf(std.out, "%s and %s are not linked any more, and still one customer by other links.\n", link.A, link.B)
	default:
		fmt.Fprintf(std.out, "%s and %s are two customers again.\n", link.A, link.B)
	}
	return nil
}
