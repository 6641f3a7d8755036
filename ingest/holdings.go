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
func (ids *identities) updateHoldings(ctx context.Context) (map[db.LineName]time.Time, error) {
	before, after := map[db.LineName][]db.Holding{}, map[db.LineName][]db.Holding{}
	for n, evidence := range ids.added {
		if len(ids.assigned[n]) > 0 {
			ids.full[n] = true
		}
		if ids.full[n] {
			continue
		}
		before[n] = db.HoldingsOf(ids.rows[n])
		holdings := slices.Clone(before[n])
		for _, e := range evidence {
			var known bool
			if holdings, known = db.AddEvidence(holdings, e); !known {
				ids.full[n] = true
				break
			}
		}
		after[n] = holdings
	}
	var lines []db.NamedLine
	for n := range ids.full {
		for _, k := range ids.claimantsOf(n) {
			lines = append(lines, db.NamedLine{Key: k, Name: n})
		}
		before[n] = db.HoldingsOf(ids.rows[n])
	}
	all, err := ids.tx.Evidence(ctx, lines)
	if err != nil {
		return nil, err
	}
	named := map[db.LineName][]db.NamedEvidence{}
	for _, e := range all {
		named[e.Name] = append(named[e.Name], e)
	}
	for n := range ids.full {
		evidence := ids.assignedEvidence(n, named[n])
		for _, e := range named[n] {
			evidence = append(evidence, e.Evidence())
		}
		after[n] = db.Holdings(evidence)
	}
	since := map[db.LineName]time.Time{}
	for n, holdings := range after {
		if delete(ids.shared, n); ofSeveralCustomers(holdings) {
			ids.shared[n] = true
		}
		if from, changed := changedSince(before[n], holdings); changed {
			since[n] = from
			ids.noteAssigned(before[n], holdings)
		} else {
			delete(after, n)
		}
	}
	rows, err := ids.tx.ReplaceHoldings(ctx, after, ids.rows)
	for n := range after {
		ids.rows[n] = rows[n]
	}
	return since, err
}

// ofSeveralCustomers tells whether the subscriptions of holdings belong to more than one customer.
func ofSeveralCustomers(holdings []db.Holding) bool {
	for _, h := range holdings {
		for _, s := range slices.Concat(h.Subscriptions, h.Others) {
			if s.CustomerID != holdings[0].Subscriptions[0].CustomerID {
				return true
			}
		}
	}
	return false
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
