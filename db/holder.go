package db

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// identifiersByName returns the subscription identifiers of numbers and cards, of all customers, by name.
func (r *Reader) identifiersByName(ctx context.Context, names []SubscriptionName) (map[SubscriptionName][]*SubscriptionIdentifier, error) {
	if len(names) == 0 {
		return nil, nil
	}
	c := r.compiler()
	either := make([]string, len(names))
	for i, name := range names {
		either[i] = "(kind = " + c.bind(name.Kind()) + " AND source = " + c.bind(name.Source()) + " AND value = " + c.bind(name.Value()) + ")"
	}
	if c.err != nil {
		return nil, c.err
	}
	var rows []*SubscriptionIdentifier
	err := unscoped{r}.SelectContext(ctx, &rows, `SELECT kind, source, value, customer_id, subscription_id, position, valid_from, first_end, last_start, valid_to, disputed, assigned
		FROM subscription_identifiers WHERE `+joined(either, " OR "), c.args...)
	if err != nil {
		return nil, fmt.Errorf("find subscriptions by a number: %w", err)
	}
	byName := map[SubscriptionName][]*SubscriptionIdentifier{}
	for _, row := range rows {
		name := SubscriptionNameOf(row.Kind, row.SourceName, row.Value)
		byName[name] = append(byName[name], row)
	}
	return byName, nil
}

// holders returns the subscription that held a number or card at a time, or the latest holder if at is nil; several
// subscriptions if they dispute it. If among is not nil, only holdings of these subscriptions count for the latest
// holder.
func (r *Reader) holders(ctx context.Context, name SubscriptionName, holdings []Holding, at *Time, among []Key) ([]Key, error) {
	if at == nil {
		return latestHolders(holdings, among), nil
	}
	closed := func(h Holding) (time.Time, error) { return closedAt(ctx, unscoped{r}, name, h) }
	owner, err := Attribute(holdings, at.Time, r.store.attributionWindow(), closed)
	if err != nil || owner.Attribution == nil {
		return nil, err
	}
	if owner.SubscriptionID != nil {
		return []Key{{owner.CustomerID, *owner.SubscriptionID}}, nil
	}
	// Subscriptions of one customer dispute it: return those of the last holding that begins no later than at.
	for _, h := range slices.Backward(holdings) {
		if !h.Start.After(at.Time) {
			return h.at(at.Time).Subscriptions, nil
		}
	}
	return nil, nil
}

// latestHolders returns the holder of the last undisputed holding or, if all are disputed, the subscriptions of the
// last one. If among is not nil, only holdings of these subscriptions count.
func latestHolders(holdings []Holding, among []Key) []Key {
	if among != nil {
		holdings = slices.DeleteFunc(slices.Clone(holdings), func(h Holding) bool {
			return !slices.ContainsFunc(h.Subscriptions, func(k Key) bool { return slices.Contains(among, k) })
		})
	}
	for _, h := range slices.Backward(holdings) {
		if !h.Disputed() {
			return h.Subscriptions
		}
	}
	if len(holdings) == 0 {
		return nil
	}
	return holdings[len(holdings)-1].Subscriptions
}

// startOf returns the start of the whole holding to which a part belongs; assignments divide holdings into parts.
func startOf(holdings []Holding, part Holding) time.Time {
	start := part.Start
	for _, h := range slices.Backward(holdings) {
		if h.End.Equal(start) && slices.Equal(h.Subscriptions, part.Subscriptions) {
			start = h.Start
		}
	}
	return start
}

// latestOfOneCustomer returns the last holding whose subscriptions all belong to one customer; false if there is none.
func latestOfOneCustomer(holdings []Holding) (Holding, bool) {
	for _, h := range slices.Backward(holdings) {
		if !slices.ContainsFunc(h.Subscriptions, func(k Key) bool { return k.CustomerID != h.Subscriptions[0].CustomerID }) {
			return h, true
		}
	}
	return Holding{}, false
}
