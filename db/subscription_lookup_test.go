package db_test

import (
	"context"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

const (
	n1   db.SubscriptionName = "+17875550001"
	n2   db.SubscriptionName = "+17875550002"
	n3   db.SubscriptionName = "+17875550003"
	card db.SubscriptionName = "sim:8931087112345678901"
)

func bySourceID(source db.Source, value string) db.SubscriptionBy {
	return db.SubscriptionBy{SourceID: &db.SourceID{Source: source, Value: value}}
}

func byPhone(text string) db.SubscriptionBy { return db.SubscriptionBy{PhoneNumber: &text} }

func byPhoneAt(text, when string) db.SubscriptionBy {
	return db.SubscriptionBy{PhoneNumber: &text, At: new(at(when))}
}

func byCard(text string) db.SubscriptionBy { return db.SubscriptionBy{SimCardNumber: &text} }

// addSharedNames stores subscriptions that share names.
func addSharedNames(t *testing.T, store *db.Store) *holdingFixture {
	t.Helper()
	h := newHoldingFixture(t, store)
	// a/1 has n1 until b/2 gets it, then n2. b/2 has a card that a/1 had before.
	h.subscription("a/1", func(s *db.ServiceSubscription) { s.PhoneNumber = new("787-5550002") })
	h.summary("a/1", "2025-01", n1)
	h.summary("a/1", "2025-01", card)
	h.summary("a/1", "2025-02", n2)
	h.subscription("b/2", func(s *db.ServiceSubscription) { s.PhoneNumber = new("787-5550001") })
	h.call("b/2", "2025-05-05", n1)
	h.call("b/2", "2025-05-05", card)
	// Subscriptions with the same own id, with a masked number and with a placeholder for a card.
	h.subscription("a/same", func(s *db.ServiceSubscription) { s.PhoneNumber = new("06-****7640"); s.SimCardNumber = new("N/A") })
	h.subscription("b/same", func(s *db.ServiceSubscription) { s.PhoneNumber = new("06-****7640") })
	// The latest holding of n3 is a dispute.
	h.summary("a/3", "2025-01", n3)
	h.call("b/3", "2025-01-15", n3)
	// 8201 names different subscriptions in two systems.
	h.subscription("c/8201", numberOnly(db.Elevate, "8201", "elevate:8201"))
	h.call("c/8201", "2025-01-15", "elevate:8201")
	h.unattributed("dxp:8201", "8201")
	h.unattributed("dxp:448201", "448201")
	h.subscription("d/1", func(s *db.ServiceSubscription) { s.PhoneNumber = new("5550001") })
	h.summary("d/1", "2025-01", "stn:5550001")
	h.subscription("e/5550001", numberOnly(db.BRM, "5550001", "brm:5550001"))
	h.call("e/5550001", "2025-01-15", "brm:5550001")
	// elevate names subscriptions by number only: two with the same number at different times, and one with a number of
	// d/1.
	h.subscription("f/number", numberOnly(db.Elevate, "+31612345678", "+31612345678"))
	h.call("f/number", "2025-01-15", "+31612345678")
	h.subscription("g/number", numberOnly(db.Elevate, "+31612345678", "+31612345678"))
	h.call("g/number", "2025-02-15", "+31612345678")
	h.call("d/1", "2025-03-15", "+31612345678")
	h.call("d/1", "2025-03-15", "+31612345679")
	return h.storeIdentifiers()
}

func TestSubscriptionLookup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := addSharedNames(t, store)
		for _, tt := range []struct {
			name  string
			scope []string
			by    db.SubscriptionBy
			want  string
		}{
			{"an own id", nil, bySourceID(db.STN, "1"), "AMBIGUOUS"},
			{"an own id that one customer of the scope has", []string{"a", "b"}, bySourceID(db.STN, "1"), "a/1"},
			{"an own id in another system", nil, bySourceID(db.DXP, "2"), "NOT_FOUND"},
			{"an own id in other letters", nil, bySourceID(db.STN, "SAME"), "NOT_FOUND"},
			{"an own id of several customers", nil, bySourceID(db.STN, "same"), "AMBIGUOUS"},
			{"an own id of several customers, of whom the scope has one", []string{"b"}, bySourceID(db.STN, "same"), "b/same"},
			{"the latest holder", nil, byPhone("+1 787 555 0001"), "b/2"},
			{"the latest holder without a plus", nil, byPhone("17875550001"), "b/2"},
			{"the latest holder, for the last one", []string{"a"}, byPhone("+17875550001"), "NOT_FOUND"},
			{"the latest holder, for a customer without subscriptions", []string{"x"}, byPhone("+17875550001"), "NOT_FOUND"},
			{"the text that a system has for a number", nil, byPhone("787-5550001"), "b/2"},
			{"the text that a system has for another number", nil, byPhone("787-5550002"), "a/1"},
			{"a number without a holder", nil, byPhone("+17875550009"), "NOT_FOUND"},
			{"a masked number of two subscriptions", nil, byPhone("06-****7640"), "AMBIGUOUS"},
			{"a masked number of two subscriptions, of which the scope has one", []string{"a"}, byPhone("06-****7640"), "a/same"},
			{"a disputed number", nil, byPhone("+17875550003"), "AMBIGUOUS"},
			{"a disputed number, for one of the customers", []string{"b"}, byPhone("+17875550003"), "b/3"},
			{"a disputed number, for another customer", []string{"c"}, byPhone("+17875550003"), "NOT_FOUND"},
			{"a local number with a holder and without", nil, byPhone("8201"), "c/8201"},
			{"a local number without a holder", nil, byPhone("448201"), "/dxp:448201"},
			{"a local number without a holder, for a customer", []string{"a", "b", "c"}, byPhone("448201"), "NOT_FOUND"},
			{"a local number of two systems", nil, byPhone("5550001"), "AMBIGUOUS"},
			{"a local number of two systems, for one of the customers", []string{"e"}, byPhone("5550001"), "e/5550001"},
			{"the latest holder of a card", nil, byCard("8931087112345678901"), "b/2"},
			{"the latest holder of a card, as a phone number", nil, byPhone("8931087112345678901"), "b/2"},
			{"the latest holder of a card, for the last one", []string{"a"}, byCard("8931087112345678901"), "NOT_FOUND"},
			{"a placeholder for a card", nil, byCard("N/A"), "a/same"},
			{"a card without a holder", nil, byCard("8931087112345678909"), "NOT_FOUND"},
			{"a number as its system's id", nil, bySourceID(db.Elevate, "+31612345678"), "g/number"},
			{"a number as its system's id, for the last holder", []string{"f"}, bySourceID(db.Elevate, "+31612345678"), "NOT_FOUND"},
			{"a number as another system's id", nil, bySourceID(db.BRM, "31612345679"), "d/1"},
			{"a local number as its system's id", nil, bySourceID(db.BRM, "5550001"), "e/5550001"},
			{"a local number as another system's id", nil, bySourceID(db.STN, "8201"), "NOT_FOUND"},
			{"nothing", nil, db.SubscriptionBy{}, "BAD_USER_INPUT"},
			{"no number", nil, byPhone(" "), "BAD_USER_INPUT"},
			{"no card", nil, byCard(""), "BAD_USER_INPUT"},
			{"an id with NUL", nil, bySourceID(db.STN, "s1\x00"), "BAD_USER_INPUT"},
			{"a number with NUL", nil, byPhone("\x00"), "BAD_USER_INPUT"},
			{"a card with NUL", nil, byCard("\x00"), "BAD_USER_INPUT"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				if got := h.lookup(h.scope(tt.scope...), tt.by); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		}
	})
}

func TestSubscriptionLookupAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHoldingFixture(t, store)
		// The example of the attribution rules: a/1 has n1 in January and February and n2 from March on; b/2 calls with
		// n1 on 5 May.
		h.summary("a/1", "2025-01", n1)
		h.summary("a/1", "2025-02", n1)
		h.summary("a/1", "2025-03", n2)
		h.call("b/2", "2025-05-05", n1)
		// Two subscriptions of one customer dispute n3.
		h.summary("a/1", "2025-01", n3)
		h.call("a/3", "2025-01-15", n3)
		h.unattributed(n1, "17875550001")
		h.storeIdentifiers()
		for _, tt := range []struct {
			name string
			by   db.SubscriptionBy
			want string
		}{
			{"before the first record", byPhoneAt("+17875550001", "2024-12-31"), "/" + string(n1)},
			{"in the holder's month", byPhoneAt("+17875550001", "2025-02-10"), "a/1"},
			{"when the holder has another number", byPhoneAt("+17875550001", "2025-03-10"), "/" + string(n1)},
			{"when the window is over", byPhoneAt("+17875550001", "2025-05-01"), "/" + string(n1)},
			{"in the next holder's window", byPhoneAt("+17875550001", "2025-05-20"), "b/2"},
			{"disputed by one customer's subscriptions", byPhoneAt("+17875550003", "2025-01-20"), "AMBIGUOUS"},
			{"before the first record of a disputed number", byPhoneAt("+17875550003", "2024-01-20"), "NOT_FOUND"},
		} {
			if got := h.lookup(db.All(), tt.by); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
			}
		}
		if got := h.lookup(h.scope("a"), byPhoneAt("+17875550001", "2025-03-10")); got != "NOT_FOUND" {
			t.Errorf("a subscription of unattributed documents, for a customer: %s", got)
		}
	})
}

func TestSubscriptionLookupStatementCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addSharedNames(t, store)
		for name, tt := range map[string]struct {
			by         db.SubscriptionBy
			statements int
		}{
			"own id": {bySourceID(db.STN, "2"), 1}, "number": {byPhone("+17875550001"), 2}, "text": {byPhone("787-5550001"), 3}, "card": {byCard("8931087112345678901"), 2},
			"number at a time": {byPhoneAt("+17875550001", "2025-05-20"), 3},
		} {
			ctx, count := db.CountStatements(context.Background())
			if _, err := store.For(db.All()).Subscription(ctx, db.AllColumns, tt.by); err != nil || count() != tt.statements {
				t.Errorf("%s: %d statements, want %d; %v", name, count(), tt.statements, err)
			}
		}
	})
}
