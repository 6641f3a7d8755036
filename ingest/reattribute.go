package ingest

import (
	"context"
	"maps"
	"slices"
	"time"

	"usagegraph/db"
)

// namesAtOnce is how many numbers and cards are attributed again at once: it bounds the memory.
const namesAtOnce = 500

// reattribute determines placements, holdings and owners again that depend on the records of customers.
func (ids *identities) reattribute(ctx context.Context, customers []int64) error {
	if len(customers) == 0 {
		return nil
	}
	ids.forget()
	ids.batchState = newBatchState(ids.tx)
	if err := ids.loadAssignments(ctx); err != nil {
		return err
	}
	keys, err := ids.tx.SubscriptionsOfCustomers(ctx, customers)
	if err != nil {
		return err
	}
	lines, err := ids.tx.Subscriptions(ctx, keys)
	if err != nil {
		return err
	}
	for _, l := range lines {
		ids.lines[l.Key] = l
		ids.refresh[l.Key], ids.lost[l.Key] = true, true
		if l.SubscriptionName != nil {
			ids.claim(db.SubscriptionName(*l.SubscriptionName), l.Key)
		}
	}
	named, err := ids.tx.SubscriptionNames(ctx, keys)
	if err != nil {
		return err
	}
	holders := map[db.SubscriptionName]map[int64]bool{}
	holds := func(n db.SubscriptionName, customer int64) {
		if holders[n] == nil {
			holders[n] = map[int64]bool{}
		}
		holders[n][customer] = true
	}
	for _, l := range named {
		holds(l.Name, l.CustomerID)
		ids.claim(l.Name, l.Key)
	}
	for n, list := range ids.assigned {
		for _, a := range list {
			if slices.Contains(customers, a.CustomerID) {
				holds(n, a.CustomerID)
			}
		}
	}
	names := slices.Sorted(maps.Keys(holders))
	for some := range slices.Chunk(names, namesAtOnce) {
		if err := ids.holdAgain(ctx, some, holders); err != nil {
			return err
		}
	}
	// The window of one holding depends on other holdings of its subscription: all are known by now.
	for some := range slices.Chunk(names, namesAtOnce) {
		since := map[db.SubscriptionName]time.Time{}
		for _, n := range some {
			since[n] = always
		}
		if err := ids.attribute(ctx, nil, since); err != nil {
			return err
		}
	}
	if err := ids.attributeOwnIDs(ctx, customers); err != nil {
		return err
	}
	for _, c := range customers {
		ids.left[c] = true
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

// holdAgain places the records of the holders of some numbers and cards again, and updates the holdings of these.
func (ids *identities) holdAgain(ctx context.Context, names []db.SubscriptionName, holders map[db.SubscriptionName]map[int64]bool) error {
	clear(ids.full)
	clear(ids.pairs)
	for _, n := range names {
		ids.full[n] = true
		for c := range holders[n] {
			ids.pairs[pair{c, n}] = true
		}
	}
	if err := ids.loadNames(ctx, names); err != nil {
		return err
	}
	if err := ids.placeAgain(ctx); err != nil {
		return err
	}
	_, err := ids.updateHoldings(ctx)
	return err
}
