package db_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// owned sets the own id of a record's subscription.
func owned(u *db.UsageRecord) *db.UsageRecord {
	u.SourceSubscriptionID = new("own")
	return u
}

func both(number, numberName, cardNumber, cardName string, own bool) func(*db.UsageSummary) {
	return func(s *db.UsageSummary) {
		withPhone(number, numberName)(s)
		withCard(cardNumber, cardName)(s)
		if own {
			s.OwnID = new("own")
		}
	}
}

// addEvidence stores records of several subscriptions and customers with the numbers numberA and numberB and the cards
// cardA and cardB.
func addEvidence(t *testing.T, store *db.Store) {
	t.Helper()
	addTestSubscriptions(t, store)
	a, b, other, unattributed := testSubscriptions[0], testSubscriptions[1], testSubscriptions[2], testSubscriptions[3]
	putAll(t, store, a, calls("a1", 1, numberA, "x"), owned(calls("a2", 2, numberA, "x")), calls("a3", 3, numberB, "x"), calls("a4", 4, "", "masked"), nameless(calls("a5", 5, numberA, "x")),
		calls("a6", 6, cardA, "x"), month("m1", 7, both("x", numberA, "y", cardA, true)), month("m2", 8, both("x", numberB, "y", cardA, false)), month("m3", 9, both("x", "", "y", cardB, false)),
		balance("r1", 10, numberA, "x", ""))
	putAll(t, store, b, owned(calls("b1", 11, numberA, "x")), month("m4", 12, withPhone("x", numberA)))
	putAll(t, store, other, calls("o1", 13, numberA, "x"), balance("r2", 14, numberA, "x", ""))
	putAll(t, store, unattributed, nameless(calls("z1", 15, numberA, "x")), nameless(calls("z2", 16, cardA, "x")), balance("r3", 17, numberA, "x", ""), balance("r4", 18, "", "own id", ""))
	contested := nameless(calls("z3", 19, numberA, "x"))
	contested.ContestedCustomers = new("1,2")
	putAll(t, store, unattributed, contested)
}

// span formats a period: an instant as the day of January, a month with its first day, any other with its bounds.
func span(start, end db.Time) string {
	switch {
	case start.Equal(end.Time):
		return start.Format("2")
	case end.Equal(start.AddDate(0, 1, 0)):
		return start.Format("2") + " for a month"
	}
	return fmt.Sprint(start, " to ", end)
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addEvidence(t, store)
		a, b, other, unattributed := testSubscriptions[0], testSubscriptions[1], testSubscriptions[2], testSubscriptions[3]
		for _, tt := range []struct {
			name          string
			subscriptions []db.NamedSubscription
			want          []string
		}{
			{"nothing", nil, nil},
			{"a number", []db.NamedSubscription{{Key: a, Name: numberA}}, []string{"1", "2 own", "7 for a month own"}},
			{"another number", []db.NamedSubscription{{Key: a, Name: numberB}}, []string{"3", "8 for a month"}},
			{"a card", []db.NamedSubscription{{Key: a, Name: cardA}}, []string{"6", "7 for a month own", "8 for a month"}},
			{"a card with a masked number", []db.NamedSubscription{{Key: a, Name: cardB}}, []string{"9 for a month"}},
			{"another subscription", []db.NamedSubscription{{Key: b, Name: numberA}}, []string{"11 own", "12 for a month"}},
			{"another subscription's number", []db.NamedSubscription{{Key: b, Name: numberB}}, nil},
			{"unattributed records", []db.NamedSubscription{{Key: unattributed, Name: numberA}}, nil},
			{"a subscription with another customer's id", []db.NamedSubscription{{Key: db.Key{CustomerID: 2, ID: a.ID}, Name: numberA}}, nil},
		} {
			if got := evidenceOf(t, store, tt.subscriptions); gocmp.Diff(tt.want, got) != "" {
				t.Errorf("%s: %s", tt.name, gocmp.Diff(tt.want, got))
			}
		}
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			found, err := tx.Evidence(ctx, []db.NamedSubscription{{Key: a, Name: numberA}, {Key: a, Name: numberB}, {Key: b, Name: numberA}, {Key: other, Name: numberA}})
			if len(found) != 8 {
				t.Errorf("%d records of all subscriptions, want 8", len(found))
			}
			for _, e := range found {
				if own := e.Evidence(); own.Subscription != (db.Key{CustomerID: e.CustomerID, ID: e.SubscriptionID}) || !own.Start.Equal(e.StartAt.Time) || !own.End.Equal(e.EndAt.Time) {
					t.Errorf("%v is %v", e, own)
				}
			}
			return err
		})
	})
}

func evidenceOf(t *testing.T, store *db.Store, subscriptions []db.NamedSubscription) (texts []string) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		found, err := tx.Evidence(ctx, subscriptions)
		slices.SortFunc(found, func(a, b db.NamedEvidence) int { return a.StartAt.Compare(b.StartAt.Time) })
		for _, e := range found {
			text := span(e.StartAt, e.EndAt)
			if e.Own {
				text += " own"
			}
			if texts = append(texts, text); e.Name != subscriptions[0].Name || e.Evidence().Subscription != subscriptions[0].Key {
				t.Errorf("%v is not evidence for %v", e, subscriptions[0])
			}
		}
		return err
	})
	return texts
}

func TestNumberOnlyRecords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addEvidence(t, store)
		a, b, unattributed := testSubscriptions[0], testSubscriptions[1], testSubscriptions[3]
		for _, tt := range []struct {
			name          string
			subscriptions []db.NamedSubscription
			want          []string
		}{
			{"nothing", nil, nil},
			{"a number", []db.NamedSubscription{{Key: a, Name: numberA}}, []string{"usage_records 1"}},
			{"another number", []db.NamedSubscription{{Key: a, Name: numberB}}, []string{"usage_records 3", "usage_summaries 8 for a month"}},
			{"a card without a number", []db.NamedSubscription{{Key: a, Name: cardA}}, []string{"usage_records 6"}},
			{"a card with a masked number", []db.NamedSubscription{{Key: a, Name: cardB}}, []string{"usage_summaries 9 for a month"}},
			{"two subscriptions", []db.NamedSubscription{{Key: a, Name: numberA}, {Key: b, Name: numberA}}, []string{"usage_records 1", "usage_summaries 12 for a month"}},
			{"unattributed records", []db.NamedSubscription{{Key: unattributed, Name: numberA}}, nil},
		} {
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				found, err := tx.NumberOnlyRecords(ctx, tt.subscriptions)
				slices.SortFunc(found, func(a, b db.NumberOnlyRecord) int { return a.StartAt.Compare(b.StartAt.Time) })
				got := convert(found, func(r db.NumberOnlyRecord) string { return fmt.Sprint(r.Kind, " ", span(r.StartAt, r.EndAt)) })
				if diff := gocmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: %s", tt.name, diff)
				}
				// MoveRecords accepts the keys.
				for _, r := range found {
					to := db.Owner{CustomerID: r.CustomerID, SubscriptionID: &r.SubscriptionID}
					if err := tx.MoveRecords(ctx, []db.Move{{Kind: r.Kind, From: db.Key{CustomerID: r.CustomerID, ID: r.ID}, Owner: to}}); err != nil {
						return err
					}
				}
				return err
			})
		}
	})
}

func TestUnownedDocuments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addEvidence(t, store)
		held := nameless(calls("h", 20, numberB, "x"))
		held.Attribution, held.Unattributed = new(db.Held), nil
		unheld := balance("r5", 21, numberB, "x", "")
		unheld.Unattributed = new(db.WindowOver)
		putAll(t, store, testSubscriptions[0], held, unheld)
		loose := nameless(calls("l", 22, numberB, "x"))
		putRecords(t, store, loose)
		for _, tt := range []struct {
			name  string
			names []db.SinceWhen
			want  []string
		}{
			{"nothing", nil, nil},
			{"a number", []db.SinceWhen{{Name: numberA, Since: day(1)}}, []string{"usage_records 1 11 5", "consumption_reports 1 11 10", "consumption_reports 2 21 14", "usage_records 0 1 15", "consumption_reports 0 1 17"}},
			{"since an inclusive time", []db.SinceWhen{{Name: numberA, Since: day(15)}}, []string{"usage_records 0 1 15", "consumption_reports 0 1 17"}},
			{"since the next microsecond", []db.SinceWhen{{Name: numberA, Since: db.TimeOf(day(15).Add(1000))}}, []string{"consumption_reports 0 1 17"}},
			{"a card", []db.SinceWhen{{Name: cardA, Since: day(1)}}, []string{"usage_records 0 1 16"}},
			{"another number, with attributions", []db.SinceWhen{{Name: numberB, Since: day(1)}}, []string{"usage_records 1 11 20 HELD", "consumption_reports 1 11 21 WINDOW_OVER", "usage_records 0 0 22"}},
			{"each since its own time", []db.SinceWhen{{Name: numberA, Since: day(17)}, {Name: cardA, Since: day(1)}, {Name: cardB, Since: day(1)}}, []string{"usage_records 0 1 16", "consumption_reports 0 1 17"}},
			{"since the first year", []db.SinceWhen{{Name: cardA, Since: instant("0001-01-01T00:00:00Z")}}, []string{"usage_records 0 1 16"}},
		} {
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				found, err := tx.UnownedDocuments(ctx, tt.names)
				slices.SortFunc(found, func(a, b db.UnownedDocument) int { return cmp.Or(a.At.Compare(b.At.Time)) })
				got := convert(found, func(d db.UnownedDocument) string {
					subscription := int64(0)
					if d.SubscriptionID != nil {
						subscription = *d.SubscriptionID
					}
					text := fmt.Sprint(d.Kind, " ", d.CustomerID, " ", subscription, " ", span(d.At, d.At))
					if d.Attribution != nil || d.Unattributed != nil {
						text += " " + word(d.Attribution) + word(d.Unattributed)
					}
					return text
				})
				if diff := gocmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: %s", tt.name, diff)
				}
				return err
			})
		}
	})
}
