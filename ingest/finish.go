package ingest

import (
	"context"
	"slices"

	"usagegraph/db"
)

// finish stores the new customers and subscriptions of the batch, refreshes the attributes of others, and deletes those
// without records.
func (ids *identities) finish(ctx context.Context) error {
	var customers []*db.Customer
	for _, l := range ids.newCustomers {
		customers = append(customers, l.customer)
	}
	if err := ids.tx.AddCustomers(ctx, sortedBy(customers, func(c *db.Customer) int64 { return c.CustomerID })); err != nil {
		return err
	}
	var list []*db.ServiceSubscription
	for _, l := range ids.newSubscriptions {
		list = append(list, l)
	}
	if err := ids.tx.AddSubscriptions(ctx, sortedBy(list, func(l *db.ServiceSubscription) int64 { return l.ID })); err != nil {
		return err
	}
	if err := ids.tx.AddIdentifiers(ctx, ids.newIdentifiers); err != nil {
		return err
	}
	gone, err := ids.tx.DropEmptySubscriptions(ctx, keysOf(ids.losingSubscriptions))
	if err != nil {
		return err
	}
	for _, k := range gone {
		delete(ids.refresh, k)
		delete(ids.scopedNames, k)
	}
	if err := ids.tx.RefreshSubscriptions(ctx, keysOf(ids.refresh)); err != nil {
		return err
	}
	if err := ids.tx.RenameCustomers(ctx, idsOf(ids.renamed)); err != nil {
		return err
	}
	if err := ids.tx.DropEmptyCustomers(ctx, idsOf(ids.losingCustomers)); err != nil {
		return err
	}
	if err := ids.tx.UpdateScopedNames(ctx, keysOf(ids.scopedNames)); err != nil {
		return err
	}
	if len(ids.losingSubscriptions)+len(ids.refresh)+len(ids.renamed)+len(ids.losingCustomers)+len(ids.scopedNames) > 0 {
		// The cache no longer equals the database.
		ids.clearCache()
	}
	return nil
}

func sortedBy[T any](list []T, id func(T) int64) []T {
	slices.SortFunc(list, func(a, b T) int { return int(min(max(id(a)-id(b), -1), 1)) })
	return list
}

func idsOf(set map[int64]bool) []int64 {
	list := make([]int64, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}
