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
	}
	named, err := ids.tx.LineNames(ctx, keys)
	if err != nil {
		return err
	}
	holders := map[db.LineName]map[int64]bool{}
	for _, l := range named {
		if holders[l.Name] == nil {
			holders[l.Name] = map[int64]bool{}
		}
		holders[l.Name][l.CustomerID] = true
		ids.claim(l.Name, l.Key)
	}
	names := slices.Sorted(maps.Keys(holders))
	for some := range slices.Chunk(names, namesAtOnce) {
		if err := ids.holdAgain(ctx, some, holders); err != nil {
			return err
		}
	}
	// The window of one holding depends on other holdings of its subscription: all are known by now.
	for some := range slices.Chunk(names, namesAtOnce) {
		since := map[db.LineName]time.Time{}
		for _, n := range some {
			since[n] = always
		}
		if err := ids.attribute(ctx, nil, since); err != nil {
			return err
		}
	}
	for _, c := range customers {
		ids.left[c] = true
	}
	return ids.finish(ctx)
}

// holdAgain places the records of the holders of some numbers and cards again, and updates the holdings of these.
func (ids *identities) holdAgain(ctx context.Context, names []db.LineName, holders map[db.LineName]map[int64]bool) error {
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
