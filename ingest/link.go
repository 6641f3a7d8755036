package ingest

import (
	"context"
	"fmt"

	"usagegraph/db"
)

// Link says that two systems' customers are one.
type Link struct{ A, B db.SourceID }

// ParseLink reads a pair of customers, each as system:id (elevate:17).
func ParseLink(a, b string) (Link, error) {
	var l Link
	for _, side := range []struct {
		text string
		to   *db.SourceID
	}{{a, &l.A}, {b, &l.B}} {
		id, err := db.ParseCustomerID(side.text)
		if err != nil {
			return Link{}, fmt.Errorf("%q: %w", short(side.text), err)
		}
		*side.to = id
	}
	return l, nil
}

// LinkCustomers makes one customer of each pair and returns how many pairs were two before. One of whom nothing was
// imported yet is made, so that his records find him.
func LinkCustomers(ctx context.Context, store *db.Store, links []Link) (int, error) {
	made := 0
	err := store.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Revise(ctx); err != nil {
			return err
		}
		for _, l := range links {
			a, err := customerOf(ctx, tx, l.A)
			if err != nil {
				return err
			}
			b, err := customerOf(ctx, tx, l.B)
			if err != nil {
				return err
			}
			if a != b {
				made++
			}
			if err := tx.MergeCustomers(ctx, max(a, b), min(a, b)); err != nil {
				return err
			}
		}
		return nil
	})
	return made, err
}

func customerOf(ctx context.Context, tx *db.Tx, id db.SourceID) (int64, error) {
	known, err := tx.CustomersBySource(ctx, id.Source, []string{id.Value})
	if err != nil {
		return 0, err
	}
	if c := known[id.Value]; c != nil {
		return c.CustomerID, nil
	}
	c := &db.Customer{CustomerID: tx.NextID(), Source: id.Source, SourceID: id.Value}
	return c.CustomerID, tx.AddCustomers(ctx, []*db.Customer{c})
}
