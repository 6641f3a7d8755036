package ingest

import (
	"context"

	"usagegraph/db"
)

// UnlinkResult holds the effects of undoing a link.
type UnlinkResult struct {
	// Sides are the identifiers of the two customers, each ordered by system and value. They are empty if other links
	// still join the two.
	Sides [2][]db.SourceID
	// Transfers are the documents without a customer of their own that moved to another customer.
	Transfers []Transfer
}

// UnlinkCustomers undoes a link. Unless other links join them, the two customers have the records, subscriptions and
// clients that they would have without it. With preview it changes nothing. It returns a NotFound error if the two are
// not linked, and a Conflict error for a link of an older version that cannot be undone.
func UnlinkCustomers(ctx context.Context, store *db.Store, l Link, preview bool) (p UnlinkResult, err error) {
	p.Transfers, err = decide(ctx, store, preview, func(ids *identities) error {
		p.Sides, err = ids.unlink(ctx, l)
		return err
	})
	return p, err
}

// unlink is UnlinkCustomers within a transaction. It returns the identifiers of the two customers.
func (ids *identities) unlink(ctx context.Context, l Link) (sides [2][]db.SourceID, err error) {
	tx := ids.tx
	link, err := tx.CustomerLink(ctx, l.A, l.B)
	if err != nil {
		return sides, err
	}
	if !link.Separable {
		return sides, db.Errorf(db.Conflict, "the link of %s and %s cannot be undone: it was made by an older version, which did not record which clients had access to which of the two", l.A, l.B)
	}
	if err := tx.DropCustomerLink(ctx, link); err != nil {
		return sides, err
	}
	known, err := tx.CustomersBySource(ctx, l.A.Source, []string{l.A.Value})
	if err != nil || known[l.A.Value] == nil {
		return sides, err
	}
	customer := known[l.A.Value].CustomerID
	separate, err := separated(ctx, tx, customer)
	if err != nil || len(separate) == 0 {
		return sides, err
	}
	other, err := tx.SplitCustomer(ctx, customer, separate)
	if err != nil {
		return sides, err
	}
	stay, err := tx.IdentifiersOfCustomers(ctx, []int64{customer})
	if err != nil {
		return sides, err
	}
	for _, i := range stay {
		sides[0] = append(sides[0], db.SourceID{Source: i.Source, Value: i.Value})
	}
	sides[1] = separate
	return sides, ids.reattribute(ctx, []int64{customer, other})
}

// separated returns the identifiers of a customer that no chain of links joins to the least of them.
func separated(ctx context.Context, tx *db.Tx, customer int64) ([]db.SourceID, error) {
	identifiers, err := tx.IdentifiersOfCustomers(ctx, []int64{customer})
	if err != nil || len(identifiers) == 0 {
		return nil, err
	}
	links, err := tx.LinksOf(ctx, customer)
	if err != nil {
		return nil, err
	}
	neighbours := map[db.SourceID][]db.SourceID{}
	for _, l := range links {
		neighbours[l.A()] = append(neighbours[l.A()], l.B())
		neighbours[l.B()] = append(neighbours[l.B()], l.A())
	}
	least := db.SourceID{Source: identifiers[0].Source, Value: identifiers[0].Value}
	reached := map[db.SourceID]bool{least: true}
	for next := []db.SourceID{least}; len(next) > 0; next = next[1:] {
		for _, n := range neighbours[next[0]] {
			if !reached[n] {
				reached[n] = true
				next = append(next, n)
			}
		}
	}
	var separate []db.SourceID
	for _, i := range identifiers {
		if id := (db.SourceID{Source: i.Source, Value: i.Value}); !reached[id] {
			separate = append(separate, id)
		}
	}
	return separate, nil
}
