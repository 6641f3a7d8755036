package app

import (
	"context"
	"fmt"

	"usagegraph/db"
	"usagegraph/ingest"
)

type assignCommand struct {
	Name     string `arg:"" help:"Subscription ID in a system (dxp:S-1001), or phone number or SIM card as the system writes it (dxp:MSISDN:7875550001, brm:SIM:8931087112345678901)."`
	Customer string `required:"" placeholder:"SYSTEM:ID" help:"Customer ID in a system (elevate:17)."`
	From     string `placeholder:"TIME" help:"Start of the assignment: 2025-03-01 (UTC) or 2025-03-01T00:00:00+01:00. Required for a number or card."`
	To       string `placeholder:"TIME" help:"End of the assignment, exclusive. Required for a number or card."`
	Yes      bool   `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Help describes an assignment.
func (assignCommand) Help() string {
	return `Stored and future documents that have this number, card or subscription and no customer belong to the customer if their time is within the assignment. An assignment overrides records of other customers with the same number. Before it changes anything, the command prints which documents change customer and which clients see more or fewer of them.

See also: unassign removes an assignment, links lists assignments, unattributed lists documents without a customer.`
}

// Run assigns a number, card or subscription to a customer.
func (c *assignCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.assignment(c.Name, c.From, c.To)
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	customer, err := db.ParseCustomerID(c.Customer)
	if err != nil {
		return fmt.Errorf("assign: --customer: %w", err)
	}
	a.CustomerSource, a.CustomerValue, a.AssignedBy = customer.Source, customer.Value, userName()
	err = previewAndConfirm(ctx, store.Store, std, c.Yes, fmt.Sprintf("Assign %s to %s, %s?", assignmentName(&a), customer, a.Times()), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Assign(ctx, store.Store, a, preview)
	})
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	fmt.Fprintf(std.out, "%s is assigned to %s, %s.\n", assignmentName(&a), customer, a.Times())
	return nil
}

type unassignCommand struct {
	Name string `arg:"" help:"Number, card or subscription, in the form of the assign command."`
	From string `placeholder:"TIME" help:"Start of the assignment; required if there are several."`
	Yes  bool   `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Run removes an assignment.
func (c *unassignCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	name, err := store.assignedName(c.Name)
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	begin, err := parseBound("--from", c.From)
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	err = previewAndConfirm(ctx, store.Store, std, c.Yes, fmt.Sprintf("Remove the assignment of %s?", assignmentName(&name)), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Unassign(ctx, store.Store, name, begin, preview)
	})
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	fmt.Fprintf(std.out, "The assignment of %s is removed.\n", assignmentName(&name))
	return nil
}
