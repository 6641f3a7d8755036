package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// closingFixture holds the records of one round, and the evidence that they give by name.
type closingFixture struct {
	random        *rand.Rand
	round         int
	subscriptions []db.Key
	usages        []*db.UsageRecord
	summaries     []*db.UsageSummary
	evidence      map[db.SubscriptionName][]db.Evidence
}

// names returns the names of a round: three numbers and two cards.
func (w *closingFixture) names() []db.SubscriptionName {
	return []db.SubscriptionName{
		db.SubscriptionName(fmt.Sprint("+3161000", w.round, 1)), db.SubscriptionName(fmt.Sprint("+3161000", w.round, 2)), db.LocalName(db.Elevate, fmt.Sprint("82", w.round)),
		db.SubscriptionName(fmt.Sprint("sim:893100000000000", w.round, 1)), db.SubscriptionName(fmt.Sprint("sim:893100000000000", w.round, 2)),
	}
}

// add adds a random record of one of the subscriptions, with one of the names or with a number and a card.
func (w *closingFixture) add() {
	subscription, names := w.subscriptions[w.random.IntN(len(w.subscriptions))], w.names()
	number, card := names[w.random.IntN(3)], names[3+w.random.IntN(2)]
	start := db.TimeOf(day(1).Add(time.Duration(w.random.IntN(90)) * time.Hour))
	prove := func(n db.SubscriptionName, end db.Time) {
		w.evidence[n] = append(w.evidence[n], db.Evidence{Subscription: subscription, Start: start.Time, End: end.Time})
	}
	id := fmt.Sprint(w.round, "-", len(w.usages)+len(w.summaries))
	switch w.random.IntN(4) {
	case 0: // attributed by its number: no evidence
		u := nameless(calls(id, 1, string(number), "x"))
		u.Key.CustomerID, u.SubscriptionID, u.EventTime = subscription.CustomerID, &subscription.ID, start
		w.usages = append(w.usages, u)
	case 1:
		end := db.TimeOf(start.Add(time.Duration(1+w.random.IntN(24)) * time.Hour))
		s := month(id, 1, both("x", string(number), "y", string(card), false))
		s.Key.CustomerID, s.SubscriptionID, s.MonthStart, s.MonthEnd = subscription.CustomerID, &subscription.ID, &start, &end
		w.summaries = append(w.summaries, s)
		prove(number, end)
		prove(card, end)
	default:
		if w.random.IntN(3) == 0 {
			number = card
		}
		u := calls(id, 1, string(number), "x")
		u.Key.CustomerID, u.SubscriptionID, u.EventTime = subscription.CustomerID, &subscription.ID, start
		w.usages = append(w.usages, u)
		prove(number, start)
	}
}

// last returns the last instant of a period with an exclusive end, or the instant itself if both are equal.
func last(start, end time.Time) time.Time {
	if end.After(start) {
		return end.Add(-time.Microsecond)
	}
	return end
}

// closed returns the result of ClosedAt, computed from all evidence: for each subscription the earliest start of
// evidence that ends no earlier than the holding, and for several subscriptions the latest of these, if all have one.
func (w *closingFixture) closed(name db.SubscriptionName, h db.Holding) (latest time.Time) {
	for _, subscription := range h.Subscriptions {
		var first time.Time
		for other, evidence := range w.evidence {
			for _, e := range evidence {
				if other != name && other.Kind() == name.Kind() && e.Subscription == subscription && !last(e.Start, e.End).Before(last(h.LastStart, h.End)) &&
					(first.IsZero() || e.Start.Before(first)) {
					first = e.Start
				}
			}
		}
		if first.IsZero() {
			return time.Time{}
		}
		if first.After(latest) {
			latest = first
		}
	}
	return latest
}

// TestClosedAt compares ClosedAt with the result computed from all evidence.
func TestClosedAt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		seen := map[string]int{}
		for round := range 80 {
			w := &closingFixture{random: rand.New(rand.NewPCG(uint64(round), 7)), round: 100 + round, evidence: map[db.SubscriptionName][]db.Evidence{}}
			for i := range 3 {
				w.subscriptions = append(w.subscriptions, db.Key{CustomerID: int64(1 + i/2), ID: int64(1000*round + i + 1)})
			}
			for range 3 + w.random.IntN(20) {
				w.add()
			}
			holdings := map[db.SubscriptionName][]db.Holding{}
			for n, evidence := range w.evidence {
				holdings[n] = db.Holdings(evidence)
			}
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				for _, p := range []*db.PreparedRecords{db.PrepareRecords(w.usages, nil, nil), db.PrepareRecords(nil, w.summaries, nil)} {
					if _, err := tx.Upsert(ctx, p); err != nil {
						return err
					}
				}
				if _, err := replaceHoldings(ctx, tx, holdings, nil); err != nil {
					return err
				}
				for n, list := range holdings {
					for _, h := range list {
						got, err := tx.ClosedAt(ctx, n, h)
						if err != nil {
							return err
						}
						want := w.closed(n, h)
						if !got.Equal(want) {
							t.Errorf("round %d: the window of %s after %v closes %v, want %v", round, n, h, got, want)
						}
						seen[fmt.Sprintf("disputed %v, closes %v", h.Disputed(), !want.IsZero())]++
					}
				}
				return nil
			})
		}
		if len(seen) != 4 || seen["disputed true, closes true"] < 10 {
			t.Errorf("too few kinds of cases: %v", seen)
		}
	})
}
