package ingest

import (
	"context"
	"slices"
	"time"

	"usagegraph/db"
)

// earliestTime is before all stored times.
var earliestTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// updateHoldings updates the holdings of the numbers and cards with changed evidence. It returns each whose holdings
// changed, with the time from which they differ.
func (ids *identities) updateHoldings(ctx context.Context) (map[db.SubscriptionName]time.Time, error) {
	since := map[db.SubscriptionName]time.Time{}
	var changed []db.NameHoldings
	update := func(n db.SubscriptionName, before, after []db.Holding) {
		if ofSeveralCustomers(after) {
			ids.shared[n] = true
		} else {
			delete(ids.shared, n)
		}
		if from, differs := changedSince(before, after); differs {
			since[n] = from
			changed = append(changed, db.NameHoldings{Name: n, Holdings: after, Rows: ids.identifiers[n]})
			ids.noteAssigned(before, after)
		}
	}
	for n, records := range ids.addedEvidence {
		if len(ids.assigned[n]) > 0 || ids.rereadNames[n] {
			ids.rereadNames[n] = true
			continue
		}
		before := db.HoldingsOf(ids.identifiers[n])
		if after, known := extended(before, records); known {
			update(n, before, after)
		} else {
			ids.rereadNames[n] = true
		}
	}
	evidence, err := ids.allEvidence(ctx)
	if err != nil {
		return nil, err
	}
	for n := range ids.rereadNames {
		list := ids.assignedEvidence(n, evidence[n])
		for _, e := range evidence[n] {
			list = append(list, e.Evidence())
		}
		update(n, db.HoldingsOf(ids.identifiers[n]), db.Holdings(list))
	}
	err = ids.tx.ReplaceHoldings(ctx, changed)
	for _, c := range changed {
		ids.identifiers[c.Name] = c.Rows
	}
	return since, err
}

// extended returns holdings with the evidence of more records added; false if they can only be computed from all
// evidence.
func extended(holdings []db.Holding, records []*claim) ([]db.Holding, bool) {
	holdings, known := slices.Clone(holdings), true
	for _, c := range records {
		if holdings, known = db.AddEvidence(holdings, c.Evidence(subscriptionKey(c.owner))); !known {
			return nil, false
		}
	}
	return holdings, true
}

// allEvidence reads all evidence for the names in rereadNames.
func (ids *identities) allEvidence(ctx context.Context) (map[db.SubscriptionName][]db.NamedEvidence, error) {
	var named []db.NamedSubscription
	for n := range ids.rereadNames {
		for _, k := range ids.claimantsOf(n) {
			named = append(named, db.NamedSubscription{Key: k, Name: n})
		}
	}
	all, err := ids.tx.Evidence(ctx, named)
	byName := map[db.SubscriptionName][]db.NamedEvidence{}
	for _, e := range all {
		byName[e.Name] = append(byName[e.Name], e)
	}
	return byName, err
}

// ofSeveralCustomers reports whether the subscriptions of holdings belong to more than one customer.
func ofSeveralCustomers(holdings []db.Holding) bool {
	another := func(k db.Key) bool { return k.CustomerID != holdings[0].Subscriptions[0].CustomerID }
	return slices.ContainsFunc(holdings, func(h db.Holding) bool {
		return slices.ContainsFunc(h.Subscriptions, another) || slices.ContainsFunc(h.Others, another)
	})
}

// changedSince returns the time from which the holdings give documents another owner; false if they do not.
func changedSince(before, after []db.Holding) (time.Time, bool) {
	if (len(before) == 0) != (len(after) == 0) {
		return earliestTime, true
	}
	for i := range max(len(before), len(after)) {
		switch {
		case i == len(before):
			return after[i].Start, true
		case i == len(after):
			return before[i].Start, true
		}
		b, a := before[i], after[i]
		switch {
		case b.Assigned != a.Assigned || !slices.Equal(b.Others, a.Others):
			return earlier(b.Start, a.Start), true
		case !slices.Equal(b.Subscriptions, a.Subscriptions) || !b.Start.Equal(a.Start) || !b.FirstEnd.Equal(a.FirstEnd):
			return earlier(b.Start, a.Start), true
		case !b.LastStart.Equal(a.LastStart) || !b.End.Equal(a.End):
			// An assignment can cut off a part whose last record begins after the end of the part.
			return earlier(earlier(b.LastStart, a.LastStart), earlier(b.End, a.End)), true
		}
	}
	return time.Time{}, false
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
