package db

import (
	"cmp"
	"slices"
	"time"
)

// Evidence is a record that proves that a subscription had a number or card: a usage record at its instant, a summary in
// its month.
type Evidence struct {
	Subscription Key
	// Start is the instant, or the beginning of the month.
	Start time.Time
	// End is the same instant, or the end of the month, which is no part of it.
	End time.Time
	// Assigned tells that it is no record but an assignment, which has a beginning and an end.
	Assigned bool
}

// Last returns the last instant of the evidence.
func (e Evidence) Last() time.Time { return lastInstant(e.Start, e.End) }

// lastInstant returns the last instant of a time whose end is no part of it, unless that is an instant itself.
func lastInstant(start, end time.Time) time.Time {
	if end.After(start) {
		return end.Add(-time.Microsecond)
	}
	return end
}

// Holding is a time in which one subscription had a number or card, or in which several disputed it.
type Holding struct {
	// Subscriptions is the holder; several dispute the name.
	Subscriptions []Key
	// Start is when the first evidence begins, End when the last ends (the end of a month is no part of it).
	Start, End time.Time
	// FirstEnd is the last instant of the record that ends first, LastStart the beginning of the one that begins last;
	// Forever and Always where assignments alone are the evidence.
	FirstEnd, LastStart time.Time
	// Assigned tells that it is the time of an assignment. Others are the subscriptions whose records dispute that.
	Assigned bool
	Others   []Key
}

// Disputed tells whether records of several subscriptions lie in this time, so that it proves nothing of any of them.
func (h Holding) Disputed() bool { return len(h.Subscriptions) > 1 }

// at returns the holding as it is at an instant from its beginning on. After the end of an assignment that others dispute it
// is their dispute.
func (h Holding) at(at time.Time) Holding {
	if h.Assigned && !at.Before(h.End) {
		h.Subscriptions, h.Others, h.Assigned = slices.Concat(h.Subscriptions, h.Others), nil, false
	}
	return h
}

// Last returns the last instant of the holding.
func (h Holding) Last() time.Time { return lastInstant(h.LastStart, h.End) }

// add takes evidence into the holding.
func (h *Holding) add(o Holding) {
	// An end that is an instant is one of the holding; that of a month is not.
	// Of an instant that is the last one of a month, and the end of the month, it is the later one.
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

// Holdings returns the times of one number or card, in order, from all evidence for it. Evidence of which the times meet
// is one group; a group of several subscriptions is disputed, for its whole time. Groups of one subscription that follow
// each other are one holding. The time of an assignment, which never overlaps with another one, is a holding of its own,
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

// holding returns the holding of the evidence alone.
func (e Evidence) holding() Holding {
	h := Holding{Subscriptions: []Key{e.Subscription}, Start: e.Start, End: e.End, FirstEnd: e.Last(), LastStart: e.Start}
	if e.Assigned {
		h.FirstEnd, h.LastStart = Forever.Time, Always.Time
	}
	return h
}

// cutHoldings has the time of an assignment cut out of the holding that it lies in.
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

// joinHoldings makes one holding of neighbours that one subscription has.
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

// holdingRows are the identifiers that a number or card has by its holdings, ordered as by compareHoldingRows.
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

// HoldingsOf returns the holdings of a number or card from its identifiers, whose order it may change. It is the reverse of
// holdingRows; lines of unattributed documents have no times.
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

// AddEvidence returns holdings, none of which is an assignment's, with further evidence; it may change the list that it is given. It returns false where only
// all evidence can tell: where another subscription's holding is cut in two, or becomes disputed in part.
func AddEvidence(holdings []Holding, e Evidence) ([]Holding, bool) {
	last := e.Last()
	one := e.holding()
	one.Subscriptions = nil
	// The first holding that ends no earlier than the evidence begins.
	n, _ := slices.BinarySearchFunc(holdings, e.Start, func(h Holding, at time.Time) int {
		if h.Last().Before(at) {
			return -1
		}
		return 1
	})
	meets := func(i int) bool { return i < len(holdings) && !holdings[i].Start.After(last) }
	switch {
	case meets(n) && (meets(n+1) || !holdings[n].Disputed() && !holdings[n].of(e.Subscription)):
		return nil, false
	case meets(n):
		holdings[n].add(one)
		if !slices.Contains(holdings[n].Subscriptions, e.Subscription) {
			holdings[n].Subscriptions = append(slices.Clone(holdings[n].Subscriptions), e.Subscription)
			slices.SortFunc(holdings[n].Subscriptions, compareKeys)
		}
	case n > 0 && holdings[n-1].of(e.Subscription):
		holdings[n-1].add(one)
	case n < len(holdings) && holdings[n].of(e.Subscription):
		holdings[n].add(one)
	default:
		one.Subscriptions = []Key{e.Subscription}
		holdings = slices.Insert(holdings, n, one)
	}
	return holdings, true
}

// of tells whether one subscription alone holds the name.
func (h Holding) of(s Key) bool { return len(h.Subscriptions) == 1 && h.Subscriptions[0] == s }
