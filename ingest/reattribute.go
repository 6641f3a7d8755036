package ingest

import (
	"context"
	"maps"
	"slices"
	"time"

	"usagegraph/db"
)

// namesPerPass is the maximum number of numbers and cards that are recomputed at once, to bound memory.
const namesPerPass = 500

// reattribute recomputes the placements, holdings and owners that depend on the records of customers.
func (ids *identities) reattribute(ctx context.Context, customers []int64) error {
	if len(customers) == 0 {
		return nil
	}
	ids.clearCache()
	ids.batchState = newBatchState(ids.tx)
	if err := ids.loadAssignments(ctx); err != nil {
		return err
	}
	keys, err := ids.tx.SubscriptionsOfCustomers(ctx, customers)
	if err != nil {
		return err
	}
	list, err := ids.tx.Subscriptions(ctx, keys)
	if err != nil {
		return err
	}
	for _, l := range list {
		ids.subscriptions[l.Key] = l
		ids.refresh[l.Key], ids.losingSubscriptions[l.Key], ids.scopedNames[l.Key] = true, true, true
		if l.SubscriptionName != nil {
			ids.claim(db.SubscriptionName(*l.SubscriptionName), l.Key)
		}
	}
	named, err := ids.tx.SubscriptionNames(ctx, keys)
	if err != nil {
		return err
	}
	holders := map[db.SubscriptionName]map[int64]bool{}
	addHolder := func(n db.SubscriptionName, customer int64) {
		if holders[n] == nil {
			holders[n] = map[int64]bool{}
		}
		holders[n][customer] = true
	}
	for _, l := range named {
		addHolder(l.Name, l.CustomerID)
		ids.claim(l.Name, l.Key)
	}
	for n, list := range ids.assigned {
		for _, a := range list {
			if slices.Contains(customers, a.CustomerID) {
				addHolder(n, a.CustomerID)
			}
		}
	}
	names := slices.Sorted(maps.Keys(holders))
	for some := range slices.Chunk(names, namesPerPass) {
		if err := ids.recomputeHoldings(ctx, some, holders); err != nil {
			return err
		}
	}
	// The attribution window of a holding depends on the other holdings of its subscription, so all holdings are
	// computed first.
	for some := range slices.Chunk(names, namesPerPass) {
		since := map[db.SubscriptionName]time.Time{}
		for _, n := range some {
			since[n] = earliestTime
		}
		if err := ids.attribute(ctx, nil, since); err != nil {
			return err
		}
	}
	if err := ids.attributeOwnIDs(ctx, customers); err != nil {
		return err
	}
	for _, c := range customers {
		ids.losingCustomers[c] = true
	}
	return ids.finish(ctx)
}

// attributeOwnIDs attributes the documents again whose own ids are assigned to customers.
func (ids *identities) attributeOwnIDs(ctx context.Context, customers []int64) error {
	for id, list := range ids.assignedIDs {
		if !slices.ContainsFunc(list, func(a *db.AssignedName) bool { return slices.Contains(customers, a.CustomerID) }) {
			continue
		}
		if err := ids.attributeOwnID(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// recomputeHoldings places the records of the holders of some numbers and cards again, and updates the holdings of
// these.
func (ids *identities) recomputeHoldings(ctx context.Context, names []db.SubscriptionName, holders map[db.SubscriptionName]map[int64]bool) error {
	clear(ids.rereadNames)
	clear(ids.pairsToPlace)
	for _, n := range names {
		ids.rereadNames[n] = true
		for c := range holders[n] {
			ids.pairsToPlace[pair{c, n}] = true
		}
	}
	if err := ids.loadNames(ctx, names); err != nil {
		return err
	}
	if err := ids.placeStored(ctx); err != nil {
		return err
	}
	_, err := ids.updateHoldings(ctx)
	return err
}
