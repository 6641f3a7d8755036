package db_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// randomEvidence returns evidence of some subscriptions within a few days: instants and periods, many of which overlap.
func randomEvidence(r *rand.Rand, subscriptions []db.Key, n int) []db.Evidence {
	var list []db.Evidence
	for range n {
		start := day(1).Add(time.Duration(r.IntN(40)) * time.Hour)
		end := start
		if r.IntN(2) == 0 {
			end = start.Add(time.Duration(1+r.IntN(8)) * time.Hour)
		}
		list = append(list, db.Evidence{Subscription: subscriptions[r.IntN(len(subscriptions))], Start: start, End: end})
	}
	return list
}

// storedRows returns the stored identifiers of numbers and cards by name, sorted.
func storedRows(ctx context.Context, tx *db.Tx, names []db.SubscriptionName) (map[db.SubscriptionName][]*db.SubscriptionIdentifier, error) {
	rows := map[db.SubscriptionName][]*db.SubscriptionIdentifier{}
	for _, n := range names {
		found, err := tx.IdentifiersByName(ctx, n.Kind(), n.Source(), []string{n.Value()})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			rows[n] = sortedRows(found)
		}
	}
	return rows, nil
}

// replaceHoldings replaces holdings by name and returns the rows that are stored afterwards.
func replaceHoldings(ctx context.Context, tx *db.Tx, holdings map[db.SubscriptionName][]db.Holding, rows map[db.SubscriptionName][]*db.SubscriptionIdentifier) (map[db.SubscriptionName][]*db.SubscriptionIdentifier, error) {
	var names []db.NameHoldings
	for n, list := range holdings {
		names = append(names, db.NameHoldings{Name: n, Holdings: list, Rows: rows[n]})
	}
	err := tx.ReplaceHoldings(ctx, names)
	after := map[db.SubscriptionName][]*db.SubscriptionIdentifier{}
	for _, n := range names {
		after[n.Name] = n.Rows
	}
	return after, err
}

func sortedRows(rows []*db.SubscriptionIdentifier) []*db.SubscriptionIdentifier {
	slices.SortFunc(rows, func(a, b *db.SubscriptionIdentifier) int {
		return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.SubscriptionID, b.SubscriptionID), cmp.Compare(a.Position, b.Position))
	})
	return rows
}

var sameTimes = gocmp.Comparer(func(a, b db.Time) bool { return a.Equal(b.Time) })

// TestReplaceHoldings replaces the holdings of several names by random ones, many times, and compares the stored rows.
func TestReplaceHoldings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addTestSubscriptions(t, store)
		names := []db.SubscriptionName{numberA, numberB, cardA, db.LocalName(db.Elevate, "8201")}
		ofNobody := func(n db.SubscriptionName) *db.SubscriptionIdentifier {
			return &db.SubscriptionIdentifier{Kind: n.Kind(), SourceName: n.Source(), Value: n.Value(), SubscriptionID: testSubscriptions[3].ID}
		}
		write(t, store, func(ctx context.Context, tx *db.Tx) error { // identifiers without times
			return tx.AddIdentifiers(ctx, []*db.SubscriptionIdentifier{ofNobody(numberA), ofNobody(cardA),
				{Kind: db.SourceOwnID, SourceName: db.Elevate, Value: "own", CustomerID: 1, SubscriptionID: 11}})
		})
		random := rand.New(rand.NewPCG(3, 4))
		want := map[db.SubscriptionName][]db.Holding{}
		for round := range 40 {
			changed := map[db.SubscriptionName][]db.Holding{}
			for _, n := range names {
				switch random.IntN(3) {
				case 0: // unchanged
					continue
				case 1:
					changed[n] = db.Holdings(randomEvidence(random, testSubscriptions[:3], random.IntN(7)))
				case 2: // the times change, the subscriptions and their order do not
					for _, h := range want[n] {
						h.LastStart = h.LastStart.Add(-time.Duration(random.IntN(2)) * time.Minute)
						changed[n] = append(changed[n], h)
					}
				}
				want[n] = changed[n]
			}
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				before, err := storedRows(ctx, tx, names)
				if err != nil {
					return err
				}
				after, err := replaceHoldings(ctx, tx, changed, before)
				if err != nil {
					return err
				}
				rows, err := storedRows(ctx, tx, names)
				for _, n := range names {
					if _, given := changed[n]; given {
						if diff := gocmp.Diff(rows[n], sortedRows(after[n]), sameTimes); diff != "" {
							t.Errorf("round %d, %s: the returned rows differ from the stored rows: %s", round, n, diff)
						}
					}
					held := slices.DeleteFunc(slices.Clone(rows[n]), func(r *db.SubscriptionIdentifier) bool { return r.ValidFrom == nil })
					if subscriptions := len(rows[n]) - len(held); (n == numberA || n == cardA) != (subscriptions == 1) {
						t.Errorf("round %d, %s: %d subscriptions of unattributed documents", round, n, subscriptions)
					}
					if diff := gocmp.Diff(want[n], db.HoldingsOf(held), gocmp.Transformer("UTC", func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) })); diff != "" {
						t.Errorf("round %d, %s: %s", round, n, diff)
					}
				}
				own, ownErr := tx.IdentifiersByName(ctx, db.SourceOwnID, db.Elevate, []string{"own"})
				if len(own) != 1 {
					t.Errorf("round %d: an own id has %d rows", round, len(own))
				}
				return errors.Join(err, ownErr)
			})
			if t.Failed() {
				return
			}
		}
	})
}

// TestReplaceHoldingsDoesNotWriteEqualRows replaces holdings by equal ones and expects no write.
func TestReplaceHoldingsDoesNotWriteEqualRows(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		addTestSubscriptions(t, store)
		holdings := map[db.SubscriptionName][]db.Holding{numberA: db.Holdings(randomEvidence(rand.New(rand.NewPCG(5, 6)), testSubscriptions[:3], 20))}
		var rows map[db.SubscriptionName][]*db.SubscriptionIdentifier
		write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
			rows, err = replaceHoldings(ctx, tx, holdings, nil)
			return err
		})
		var written []string
		err := store.Explained(t, url, func(sql string, _ []string) { written = append(written, sql) }).Write(t.Context(), func(tx *db.Tx) error {
			after, err := replaceHoldings(t.Context(), tx, holdings, rows)
			if diff := gocmp.Diff(sortedRows(rows[numberA]), sortedRows(after[numberA]), sameTimes); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil || len(written) > 0 {
			t.Errorf("%q, %v", written, err)
		}
	})
}
