package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

// previewAndConfirm prints the effects of a change on documents and clients, asks the question unless yes is set, and
// makes the change.
func previewAndConfirm(ctx context.Context, store *db.Store, std streams, yes bool, question string, change func(preview bool) ([]ingest.Transfer, error)) error {
	transfers, err := change(true)
	if err != nil {
		return err
	}
	if err := previewTransfers(ctx, store, std.err, transfers); err != nil {
		return err
	}
	if !yes {
		if err := confirm(std, question); err != nil {
			return err
		}
	}
	_, err = change(false)
	return err
}

// previewTransfers prints transfers and their effects on all clients.
func previewTransfers(ctx context.Context, store *db.Store, out io.Writer, transfers []ingest.Transfer) error {
	clients, err := store.Clients(ctx)
	if err == nil {
		printTransfers(out, transfers, clients)
	}
	return err
}

// scopedClients returns the clients with a limited scope that are not revoked, ordered by name.
func scopedClients(clients []*db.Client) []*db.Client {
	list := slices.DeleteFunc(slices.Clone(clients), func(c *db.Client) bool { return c.SeesEveryone || c.RevokedAt != nil })
	slices.SortFunc(list, func(a, b *db.Client) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// printTransfers prints how many documents change customer, and how many of them each client with a limited scope gains
// and loses.
func printTransfers(out io.Writer, transfers []ingest.Transfer, clients []*db.Client) {
	if len(transfers) == 0 {
		fmt.Fprintln(out, "No stored document without a customer ID changes customer.")
	}
	for _, t := range transfers {
		fmt.Fprintf(out, "%s from %s to %s.\n", plural(t.Documents, "stored document moves", "stored documents move"), customerName(t.From), customerName(t.To))
	}
	for _, c := range scopedClients(clients) {
		var more, less int64
		for _, t := range transfers {
			switch from, to := sees(c, t.From), sees(c, t.To); {
			case to && !from:
				more += t.Documents
			case from && !to:
				less += t.Documents
			}
		}
		if more > 0 {
			fmt.Fprintf(out, "Client %s (%s) will also see %d of them.\n", c.Name, c.ID, more)
		}
		if less > 0 {
			fmt.Fprintf(out, "Client %s (%s) will no longer see %d of them.\n", c.Name, c.ID, less)
		}
	}
}

// sees reports whether a customer with these identifiers is in the scope of a client.
func sees(c *db.Client, customer []db.SourceID) bool {
	return slices.ContainsFunc(customer, func(id db.SourceID) bool { return slices.Contains(c.Identifiers, id) })
}

func customerName(identifiers []db.SourceID) string {
	if len(identifiers) == 0 {
		return "no customer"
	}
	names := make([]string, len(identifiers))
	for i, id := range identifiers {
		names[i] = printable(id.String())
	}
	return strings.Join(names, " = ")
}

// plural returns a count and its noun, in the singular for 1.
func plural(n int64, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
