package ingest

import (
	"context"
	"slices"
	"time"

	"usagegraph/db"
)

// always is before all times that are stored.
var always = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// updateHoldings updates the holdings of numbers and cards whose evidence has changed. It returns, for each that has other
// holdings now, the time from which they differ.
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
			changed = append(changed, db.NameHoldings{Name: n, Holdings: after, Rows: ids.rows[n]})
			ids.noteAssigned(before, after)
		}
	}
	for n, records := range ids.added {
		if len(ids.assigned[n]) > 0 || ids.full[n] {
			ids.full[n] = true
			continue
		}
		before := db.HoldingsOf(ids.rows[n])
		if after, known := extended(before, records); known {
			update(n, before, after)
		} else {
			ids.full[n] = true
		}
	}
	evidence, err := ids.allEvidence(ctx)
	if err != nil {
		return nil, err
	}
	for n := range ids.full {
		list := ids.assignedEvidence(n, evidence[n])
		for _, e := range evidence[n] {
			list = append(list, e.Evidence())
		}
		update(n, db.HoldingsOf(ids.rows[n]), db.Holdings(list))
	}
	err = ids.tx.ReplaceHoldings(ctx, changed)
	for _, c := range changed {
		ids.rows[c.Name] = c.Rows
	}
	return since, err
}

// extended returns holdings with the evidence of further records; false where only all evidence can tell.
func extended(holdings []db.Holding, records []*claim) ([]db.Holding, bool) {
	holdings, known := slices.Clone(holdings), true
	for _, c := range records {
		if holdings, known = db.AddEvidence(holdings, c.Evidence(key(c.owner))); !known {
			return nil, false
		}
	}
	return holdings, true
}

// allEvidence reads all evidence for the names of which not only some has been added.
func (ids *identities) allEvidence(ctx context.Context) (map[db.SubscriptionName][]db.NamedEvidence, error) {
	var lines []db.NamedSubscription
	for n := range ids.full {
		for _, k := range ids.claimantsOf(n) {
			lines = append(lines, db.NamedSubscription{Key: k, Name: n})
		}
	}
	all, err := ids.tx.Evidence(ctx, lines)
	named := map[db.SubscriptionName][]db.NamedEvidence{}
	for _, e := range all {
		named[e.Name] = append(named[e.Name], e)
	}
	return named, err
}

// ofSeveralCustomers tells whether the subscriptions of holdings belong to more than one customer.
func ofSeveralCustomers(holdings []db.Holding) bool {
	another := func(k db.Key) bool { return k.CustomerID != holdings[0].Subscriptions[0].CustomerID }
	return slices.ContainsFunc(holdings, func(h db.Holding) bool {
		return slices.ContainsFunc(h.Subscriptions, another) || slices.ContainsFunc(h.Others, another)
	})
}

// changedSince returns the time from which holdings differ, as far as documents are concerned; false where they do not.
func changedSince(before, after []db.Holding) (time.Time, bool) {
	if (len(before) == 0) != (len(after) == 0) {
		return always, true
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
			// An assignment cuts a part off, whose last record may begin after the end of the part.
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
