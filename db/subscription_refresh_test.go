package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// day returns noon of a day in January 2025.
func day(n int) db.Time { return instant(fmt.Sprintf("2025-01-%02dT12:00:00Z", n)) }

// calls returns a usage record that names a customer, and a subscription by number or card.
func calls(id string, at int, name, text string) *db.UsageRecord {
	u := &db.UsageRecord{Source: db.Elevate, SourceID: id, EventTime: day(at), UsageType: db.Voice, SourceCustomerID: new("c"), ServiceID: &text}
	if name != "" {
		u.SubscriptionName = &name
	}
	return u
}

// month returns a summary whose month begins on a day.
func month(id string, at int, change func(*db.UsageSummary)) *db.UsageSummary {
	start, end := day(at), db.TimeOf(day(at).AddDate(0, 1, 0))
	s := &db.UsageSummary{Source: db.STN, SourceID: id, SourceCustomerID: new("c"), YearMonth: "2025-01", MonthStart: &start, MonthEnd: &end}
	change(s)
	return s
}

func withPhone(number, name string) func(*db.UsageSummary) {
	return func(s *db.UsageSummary) {
		if s.PhoneNumber = &number; name != "" {
			s.NumberName = &name
		}
	}
}

func withCard(number, name string) func(*db.UsageSummary) {
	return func(s *db.UsageSummary) {
		if s.SimCardNumber = &number; name != "" {
			s.CardName = &name
		}
	}
}

func group(name string, isGroup *bool) func(*db.UsageSummary) {
	return func(s *db.UsageSummary) {
		if s.IsGroupSim = isGroup; name != "" {
			s.ProviderGroup = &name
		}
	}
}

// balance returns a report by number, without a customer.
func balance(id string, at int, name, text, market string) *db.ConsumptionReport {
	r := &db.ConsumptionReport{Source: db.DXP, SourceID: id, EffectiveAt: day(at), SubscriptionText: &text}
	if name != "" {
		r.SubscriptionName = &name
	}
	if market != "" {
		r.BusinessID = &market
	}
	return r
}

func nameless(u *db.UsageRecord) *db.UsageRecord {
	u.SourceCustomerID = nil
	return u
}

func writes(u *db.UsageRecord, text string) *db.UsageRecord {
	u.SubscriptionText = &text
	return u
}

func from(source db.Source, u *db.UsageRecord) *db.UsageRecord {
	u.Source = source
	return u
}

// copies returns copies of records, for a test that stores them in both databases.
func copies(records []any) []any {
	list := make([]any, len(records))
	for i, r := range records {
		switch r := r.(type) {
		case *db.UsageRecord:
			list[i] = new(*r)
		case *db.UsageSummary:
			list[i] = new(*r)
		case *db.ConsumptionReport:
			list[i] = new(*r)
		}
	}
	return list
}

// putAll stores records of any kind for a subscription.
func putAll(t *testing.T, store *db.Store, subscription db.Key, records ...any) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for _, r := range records {
			var p *db.PreparedRecords
			switch r := r.(type) {
			case *db.UsageRecord:
				r.CustomerID, r.SubscriptionID = subscription.CustomerID, &subscription.ID
				p = db.PrepareRecords([]*db.UsageRecord{r}, nil, nil)
			case *db.UsageSummary:
				r.CustomerID, r.SubscriptionID = subscription.CustomerID, &subscription.ID
				p = db.PrepareRecords(nil, []*db.UsageSummary{r}, nil)
			case *db.ConsumptionReport:
				r.CustomerID, r.SubscriptionID = subscription.CustomerID, &subscription.ID
				p = db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r})
			}
			if _, err := tx.Upsert(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	numberA, numberB = "+31612345678", "+31687654321"
	cardA, cardB     = "sim:8931000000000000001", "sim:8931000000000000002"
)

func TestRefreshSubscriptions(t *testing.T) {
	t.Parallel()
	type having struct{ phone, card, group, isGroup, market, name string }
	mine, numberOnly, unattributed := db.Key{CustomerID: 1, ID: 11}, db.Key{CustomerID: 1, ID: 12}, db.Key{ID: 3}
	for _, tt := range []struct {
		name         string
		subscription db.Key
		records      []any
		want         having
	}{
		{"nothing", mine, nil, having{name: "ELEVATE own"}},
		{"the number of a usage record", mine, []any{calls("a", 1, numberA, "06-12345678")}, having{phone: "06-12345678", name: "ELEVATE own"}},
		{"the text of the party before the service's", mine, []any{writes(calls("a", 1, numberA, "service"), "31612345678")}, having{phone: "31612345678", name: "ELEVATE own"}},
		{"the later usage record", mine, []any{calls("a", 2, numberB, "later"), calls("b", 1, numberA, "earlier")}, having{phone: "later", name: "ELEVATE own"}},
		{"of one time the greater source", mine, []any{calls("z", 1, numberA, "elevate"), from(db.BRM, calls("zz", 1, numberB, "brm"))}, having{phone: "elevate", name: "ELEVATE own"}},
		{"of one time and source the greater id", mine, []any{calls("a", 1, numberA, "a"), calls("c", 1, numberB, "c"), calls("b", 1, numberB, "b")}, having{phone: "c", name: "ELEVATE own"}},
		{"of one time the summary, whose source is greater", mine, []any{calls("z", 1, numberA, "usage"), month("a", 1, withPhone("summary", numberB))}, having{phone: "summary", name: "ELEVATE own"}},
		{"a later usage record than the month's beginning", mine, []any{month("a", 1, withPhone("summary", numberB)), calls("a", 2, numberA, "usage")}, having{phone: "usage", name: "ELEVATE own"}},
		{"a masked number of a summary", mine, []any{calls("a", 1, numberA, "whole"), month("m", 2, withPhone("06-****5678", ""))}, having{phone: "06-****5678", name: "ELEVATE own"}},
		{"not a summary's empty number", mine, []any{calls("a", 1, numberA, "whole"), month("m", 2, withPhone("", ""))}, having{phone: "whole", name: "ELEVATE own"}},
		{"not a word that names nothing", mine, []any{calls("a", 1, numberA, "whole"), calls("b", 2, "", "anonymous")}, having{phone: "whole", name: "ELEVATE own"}},
		{"not a record that names no customer", mine, []any{calls("a", 1, numberA, "mine"), nameless(calls("b", 2, numberB, "b")), balance("r", 3, numberB, "r", "")}, having{phone: "mine", name: "ELEVATE own"}},
		{"a card of a usage record", mine, []any{calls("a", 1, cardA, "8931-1"), calls("b", 2, numberA, "number")}, having{phone: "number", card: "8931-1", name: "ELEVATE own"}},
		{"the later card", mine, []any{calls("a", 1, cardA, "usage"), month("m", 2, withCard("summary", cardB)), month("n", 3, withCard("", ""))}, having{card: "summary", name: "ELEVATE own"}},
		{"not a card of a record that names no customer", mine, []any{month("m", 1, withCard("summary", cardB)), nameless(calls("a", 2, cardA, "usage")), balance("r", 3, cardA, "r", "")},
			having{card: "summary", name: "ELEVATE own"}},
		{"provider group and group SIM", mine, []any{month("a", 1, group("KPN", new(true))), month("b", 2, group("", new(false))), month("c", 3, group("", nil))},
			having{group: "KPN", isGroup: "false", name: "ELEVATE own"}},
		{"a group SIM again", mine, []any{month("b", 1, group("A", new(false))), month("c", 2, group("B", new(true)))}, having{group: "B", isGroup: "true", name: "ELEVATE own"}},
		{"of one month the greater id", mine, []any{month("b", 1, group("B", new(true))), month("a", 1, group("A", new(false)))}, having{group: "B", isGroup: "true", name: "ELEVATE own"}},
		{"the market of the latest report that has one", mine, []any{balance("a", 1, numberA, "x", "PR"), balance("b", 2, numberA, "x", "NL"), balance("c", 3, numberA, "x", "")}, having{market: "NL", name: "ELEVATE own"}},

		{"the least name of a subscription by number", numberOnly, []any{calls("a", 2, numberA, "06-2"), calls("b", 1, numberA, "06-1"), calls("c", 3, numberA, "06-3")}, having{phone: "06-3", name: "ELEVATE 06-1"}},
		{"the least system of a subscription by number", numberOnly, []any{calls("a", 2, numberA, "06-1"), from(db.BRM, calls("b", 1, numberA, "06-9")), month("m", 3, withPhone("06-0", numberA))}, having{phone: "06-0", name: "BRM 06-9"}},
		{"a summary alone names a subscription by number", numberOnly, []any{month("m", 1, withPhone("06-0", numberA))}, having{phone: "06-0", name: "STN 06-0"}},
		{"a summary's number names it before the card", numberOnly, []any{month("m", 1, func(s *db.UsageSummary) { withPhone("06-0", numberA)(s); withCard("8931", cardA)(s) })}, having{phone: "06-0", card: "8931", name: "STN 06-0"}},
		{"a masked number with a card does not name it", numberOnly, []any{month("m", 1, func(s *db.UsageSummary) { withPhone("06-**", "")(s); withCard("8931", cardA)(s) })}, having{phone: "06-**", card: "8931", name: "STN 8931"}},
		{"no name by a record that names no customer", numberOnly, []any{calls("a", 2, numberA, "06-2"), nameless(calls("b", 1, numberA, "06-1")), balance("r", 1, numberA, "06-0", "")}, having{phone: "06-2", name: "ELEVATE 06-2"}},
		{"the name that it had, without records", numberOnly, nil, having{name: "ELEVATE own"}},

		{"an unattributed usage record", unattributed, []any{nameless(calls("a", 1, numberA, "06-1"))}, having{phone: "06-1", name: "ELEVATE 06-1"}},
		{"an unattributed report", unattributed, []any{nameless(calls("a", 1, numberA, "06-1")), balance("r", 2, numberA, "787", "PR")}, having{phone: "787", market: "PR", name: "DXP 787"}},
		{"an unattributed report of a card", unattributed, []any{balance("r", 2, cardA, "8931", "")}, having{card: "8931", name: "DXP 8931"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				subscriptions := []*db.ServiceSubscription{{Key: mine}, {Key: numberOnly, SubscriptionName: new(numberA)}, {Key: unattributed, SubscriptionName: new(numberA)}}
				write(t, store, func(ctx context.Context, tx *db.Tx) error {
					for _, s := range subscriptions {
						s.Source, s.SourceID, s.PhoneNumber, s.IsGroupSim = db.Elevate, "own", new("before"), new(true)
					}
					return tx.AddSubscriptions(ctx, subscriptions)
				})
				putAll(t, store, db.Key{CustomerID: 2, ID: tt.subscription.ID}, calls("other", 9, numberB, "another customer's"))
				putAll(t, store, tt.subscription, copies(tt.records)...)
				var after []*db.ServiceSubscription
				write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
					if err := tx.RefreshSubscriptions(ctx, []db.Key{tt.subscription}); err != nil {
						return err
					}
					after, err = tx.Subscriptions(ctx, convert(subscriptions, func(s *db.ServiceSubscription) db.Key { return s.Key }))
					return err
				})
				for _, s := range after {
					got := having{word(s.PhoneNumber), word(s.SimCardNumber), word(s.ProviderGroup), word(s.IsGroupSim), word(s.BusinessID), fmt.Sprint(s.Source, " ", s.SourceID)}
					want := tt.want
					if s.Key != tt.subscription { // one that was not refreshed
						want = having{phone: "before", isGroup: "true", name: "ELEVATE own"}
					}
					if diff := cmp.Diff(want, got, cmp.AllowUnexported(having{})); diff != "" {
						t.Errorf("subscription %v: %s", s.Key, diff)
					}
				}
			})
		})
	}
}

// word returns the text of a value that may be nil.
func word[T any](v *T) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(*v))
}
