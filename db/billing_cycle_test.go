package db_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestBillingCycles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		keys := convert(w.allSubscriptions(), func(s *db.ServiceSubscription) db.Key { return s.Key })
		r := store.For(db.All())
		for _, first := range []int32{1, 2, 1000} {
			got, err := r.BillingCycles(t.Context(), keys, first)
			if err != nil {
				t.Fatal(err)
			}
			for i, key := range keys {
				want := w.cyclesOf(key)
				if want = want[:min(len(want), int(first))]; !slices.Equal(convert(got[i], cycleText), convert(want, cycleText)) {
					t.Errorf("first %d of %v: %v, want %v", first, key, convert(got[i], cycleText), convert(want, cycleText))
				}
			}
		}
		for _, first := range []int32{-1, 0, 1001} {
			_, err := r.BillingCycles(t.Context(), keys, first)
			failsAs(t, err, db.BadInput)
		}
	})
}

func cycleText(p *db.TimePeriod) string { return fmt.Sprint(optional(p.Start), " ", optional(p.End)) }

// cyclesOf returns the distinct cycles in the reports of a subscription, latest first.
func (w *world) cyclesOf(key db.Key) (list []*db.TimePeriod) {
	for _, r := range w.reports {
		p := &db.TimePeriod{Start: r.CycleStart, End: r.CycleEnd}
		if r.SubscriptionID == nil || *r.SubscriptionID != key.ID || r.CustomerID != key.CustomerID || p.Start == nil && p.End == nil {
			continue
		}
		if !slices.ContainsFunc(list, func(o *db.TimePeriod) bool { return cycleText(o) == cycleText(p) }) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *db.TimePeriod) int {
		at, bt := cmp.Or(a.Start, a.End), cmp.Or(b.Start, b.End)
		switch {
		case !at.Equal(bt.Time):
			return bt.Compare(at.Time)
		case (a.Start == nil) != (b.Start == nil):
			return cmp.Compare(len(optional(b.Start)), len(optional(a.Start)))
		case (a.End == nil) != (b.End == nil):
			return cmp.Compare(len(optional(b.End)), len(optional(a.End)))
		case a.End == nil:
			return 0
		}
		return b.End.Compare(a.End.Time)
	})
	return list
}
