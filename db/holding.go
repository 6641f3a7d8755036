package db

import (
	"cmp"
	"slices"
	"time"
)

// Evidence is a record that proves that a subscription had a number or card: a usage record at its instant, a usage
// summary in its month.
type Evidence struct {
	Subscription Key
	// Start is the instant, or the start of the month.
	Start time.Time
	// End is the same instant, or the exclusive end of the month.
	End time.Time
	// Assigned is true if the evidence is an assignment and not a record. Its End is exclusive.
	Assigned bool
}

// Last returns the last instant of the evidence.
func (e Evidence) Last() time.Time { return lastInstant(e.Start, e.End) }

// lastInstant returns the last instant of a period with an exclusive end, or the instant itself if start and end are
// equal.
func lastInstant(start, end time.Time) time.Time {
	if end.After(start) {
		return end.Add(-time.Microsecond)
	}
	return end
}

// Holding is a time in which one subscription had a number or card, or several disputed it.
type Holding struct {
	// Subscriptions contains the holder, or all subscriptions that dispute the name.
	Subscriptions []Key
	// Start is the start of the first evidence, End the end of the last (exclusive for a month).
	Start, End time.Time
	// FirstEnd is the last instant of the record that ends first, LastStart the start of the record that begins last;
	// Forever and Always if all evidence is assignments.
	FirstEnd, LastStart time.Time
	// Assigned is true for the time of an assignment. Others are then the other subscriptions with records in this
	// time.
	Assigned bool
	Others   []Key
}

// Disputed reports whether several subscriptions have records in this time, so that these prove nothing for any of
// them.
func (h Holding) Disputed() bool { return len(h.Subscriptions) > 1 }

// at returns the holding as of an instant no earlier than its start. After the end of an assignment it is a dispute of
// the assigned subscription and the others.
func (h Holding) at(at time.Time) Holding {
	if h.Assigned && !at.Before(h.End) {
		h.Subscriptions, h.Others, h.Assigned = slices.Concat(h.Subscriptions, h.Others), nil, false
	}
	return h
}

// Last returns the last instant of the holding.
func (h Holding) Last() time.Time { return lastInstant(h.LastStart, h.End) }

// add merges another holding of the same name into h.
func (h *Holding) add(o Holding) {
	// An end that is an instant is inclusive, the end of a month exclusive. If both have the same last instant, the
	// exclusive end is the later one.
	if c := o.Last().Compare(h.Last()); c > 0 || c == 0 && o.End.After(h.End) {
		h.End = o.End
	}
	if o.FirstEnd.Before(h.FirstEnd) {
		h.FirstEnd = o.FirstEnd
	}
	if o.LastStart.After(h.LastStart) {
		h.LastStart = o.LastStart
	}
	if o.Start.Before(h.Start) {
		h.Start = o.Start
	}
	for _, s := range o.Subscriptions {
		if !slices.Contains(h.Subscriptions, s) {
			h.Subscriptions = append(h.Subscriptions, s)
		}
	}
}

// Holdings returns the holdings of one number or card, in order, from all evidence for it, which it sorts. Overlapping
// evidence forms a group; a group of several subscriptions is disputed for its whole time. Consecutive groups of one
// subscription form one holding. The time of an assignment, which never overlaps another one, is a holding of its own,
// cut out of the others.
func Holdings(evidence []Evidence) []Holding {
	slices.SortFunc(evidence, func(a, b Evidence) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), compareKeys(a.Subscription, b.Subscription))
	})
	var groups []Holding
	for _, e := range evidence {
		one := e.holding()
		if n := len(groups); n > 0 && !e.Start.After(groups[n-1].Last()) {
			groups[n-1].add(one)
			continue
		}
		groups = append(groups, one)
	}
	holdings := joinHoldings(groups)
	for _, e := range evidence {
		if e.Assigned {
			holdings = cutHoldings(holdings, e)
		}
	}
	return holdings
}

// holding returns the holding that the evidence alone proves.
func (e Evidence) holding() Holding {
	h := Holding{Subscriptions: []Key{e.Subscription}, Start: e.Start, End: e.End, FirstEnd: e.Last(), LastStart: e.Start}
	if e.Assigned {
		h.FirstEnd, h.LastStart = Forever.Time, Always.Time
	}
	return h
}

// cutHoldings cuts the time of an assignment out of the holding that contains it.
func cutHoldings(holdings []Holding, e Evidence) []Holding {
	i := 0
	for i+1 < len(holdings) && !holdings[i+1].Start.After(e.Start) {
		i++
	}
	whole := holdings[i]
	before, assigned, after := whole, e.holding(), whole
	before.End, after.Start = e.Start, e.End
	assigned.Assigned, assigned.FirstEnd, assigned.LastStart = true, whole.FirstEnd, whole.LastStart
	assigned.Others = slices.DeleteFunc(slices.Clone(whole.Subscriptions), func(k Key) bool { return k == e.Subscription })
	parts := []Holding{assigned}
	if before.Start.Before(before.End) {
		parts = slices.Insert(parts, 0, before)
	}
	if !after.Start.After(whole.Last()) {
		parts = append(parts, after)
	}
	return slices.Replace(holdings, i, i+1, parts...)
}

// joinHoldings joins consecutive holdings of one subscription.
func joinHoldings(groups []Holding) []Holding {
	var joined []Holding
	for _, g := range groups {
		slices.SortFunc(g.Subscriptions, compareKeys)
		if n := len(joined); n > 0 && !g.Disputed() && slices.Equal(joined[n-1].Subscriptions, g.Subscriptions) {
			joined[n-1].add(g)
			continue
		}
		joined = append(joined, g)
	}
	return joined
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.ID, b.ID))
}

// holdingRows returns the subscription identifiers for the holdings of a number or card, in the order of
// compareHoldingRows.
func holdingRows(name SubscriptionName, holdings []Holding) []*SubscriptionIdentifier {
	var rows []*SubscriptionIdentifier
	for i, h := range holdings {
		start, firstEnd, lastStart, end := TimeOf(h.Start), TimeOf(h.FirstEnd), TimeOf(h.LastStart), TimeOf(h.End)
		row := func(s Key, disputed, assigned bool) {
			rows = append(rows, &SubscriptionIdentifier{Kind: name.Kind(), SourceName: name.Source(), Value: name.Value(), CustomerID: s.CustomerID,
				SubscriptionID: s.ID, Position: int32(i), ValidFrom: &start, FirstEnd: &firstEnd, LastStart: &lastStart, ValidTo: &end, Disputed: disputed, Assigned: assigned})
		}
		for _, s := range h.Subscriptions {
			row(s, h.Disputed(), h.Assigned)
		}
		for _, s := range h.Others {
			row(s, true, false)
		}
	}
	slices.SortFunc(rows, compareHoldingRows)
	return rows
}

// HoldingsOf returns the holdings of a number or card from its subscription identifiers, which it sorts. It is the
// inverse of holdingRows. Identifiers without times, of unattributed documents, are skipped.
func HoldingsOf(rows []*SubscriptionIdentifier) []Holding {
	slices.SortFunc(rows, compareHoldingRows)
	var holdings []Holding
	last := int32(-1)
	for _, r := range rows {
		if r.ValidFrom == nil {
			continue
		}
		if r.Position == last {
			h := &holdings[len(holdings)-1]
			switch {
			case r.Assigned:
				h.Subscriptions, h.Others, h.Assigned = []Key{r.Owner()}, h.Subscriptions, true
			case h.Assigned:
				h.Others = append(h.Others, r.Owner())
			default:
				h.Subscriptions = append(h.Subscriptions, r.Owner())
			}
			continue
		}
		last = r.Position
		holdings = append(holdings, Holding{Subscriptions: []Key{r.Owner()}, Start: r.ValidFrom.Time, FirstEnd: r.FirstEnd.Time, LastStart: r.LastStart.Time, End: r.ValidTo.Time, Assigned: r.Assigned})
	}
	return holdings
}

// AddEvidence adds evidence to holdings without assignments and returns them; it may change the given list. It returns
// false if only all evidence determines the result: if another subscription's holding is split, or disputed in part.
func AddEvidence(holdings []Holding, e Evidence) ([]Holding, bool) {
	last := e.Last()
	one := e.holding()
	one.Subscriptions = nil
	// n is the first holding that ends no earlier than the evidence begins.
	n, _ := slices.BinarySearchFunc(holdings, e.Start, func(h Holding, at time.Time) int {
		if h.Last().Before(at) {
			return -1
		}
		return 1
	})
	meets := func(i int) bool { return i < len(holdings) && !holdings[i].Start.After(last) }
	switch {
	case meets(n) && (meets(n+1) || !holdings[n].Disputed() && !holdings[n].heldBy(e.Subscription)):
		return nil, false
	case meets(n):
		holdings[n].add(one)
		if !slices.Contains(holdings[n].Subscriptions, e.Subscription) {
			holdings[n].Subscriptions = append(slices.Clone(holdings[n].Subscriptions), e.Subscription)
			slices.SortFunc(holdings[n].Subscriptions, compareKeys)
		}
	case n > 0 && holdings[n-1].heldBy(e.Subscription):
		holdings[n-1].add(one)
	case n < len(holdings) && holdings[n].heldBy(e.Subscription):
		holdings[n].add(one)
	default:
		one.Subscriptions = []Key{e.Subscription}
		holdings = slices.Insert(holdings, n, one)
	}
	return holdings, true
}

// heldBy reports whether one subscription alone holds the name.
func (h Holding) heldBy(s Key) bool { return len(h.Subscriptions) == 1 && h.Subscriptions[0] == s }
