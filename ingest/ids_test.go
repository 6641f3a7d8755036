package ingest_test

import (
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestTheIDOfADividedLineFindsItsLatestPart is about a customer's subscription by number alone, whose records go to two
// subscriptions with own ids: its id finds the one that has the number latest, and itself again when they are undone.
func TestTheIDOfADividedLineFindsItsLatestPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{callAt(1, 17, phone, "2025-01-10T00:00:00Z"), callAt(2, 17, phone, "2025-03-10T00:00:00Z")} {
			s(t, store)
		}
		reader := store.For(db.All())
		lines := func() map[string]*db.ServiceSubscription {
			found := map[string]*db.ServiceSubscription{}
			for _, s := range everything(reader.Subscriptions(t.Context(), db.NoParent, db.SubscriptionQuery{Page: whole})) {
				found[s.SourceID] = s
			}
			return found
		}
		id := lines()[phone].GlobalID()
		key := func() db.Key { return must(reader.NodeKeys(t.Context(), []db.ID{id}))[id] }
		for _, s := range []step{summaryIn("m", "c", "s1", digits, "2025_01"), summaryIn("n", "c", "s2", digits, "2025_03"), link("elevate:17", "stn:c")} {
			s(t, store)
		}
		parts := lines()
		if parts[phone] != nil || len(parts) != 2 || key() != parts["s2"].Key {
			t.Errorf("%v finds %v of %v", id, key(), parts)
		}
		unlink("elevate:17", "stn:c")(t, store)
		if key() != lines()[phone].Key {
			t.Errorf("%v finds %v after the link was undone", id, key())
		}
	})
}

// TestTheIDOfALineOutlivesThatItsCustomerWasUnknown is about a record that comes without a customer at first.
func TestTheIDOfALineOutlivesThatItsCustomerWasUnknown(t *testing.T) {
	t.Parallel()
	const line = `{"id":"CIRC-9","role":"subscriber"}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		reader := store.For(db.All())
		only := func() *db.ServiceSubscription {
			return everything(reader.Subscriptions(t.Context(), db.NoParent, db.SubscriptionQuery{Page: whole}))[0]
		}
		document(db.BRM, `[{"id":"u-1","date":"2025-03-01T10:00:00Z","status":"received","relatedParty":[%s]}]`, line)(t, store)
		id := only().GlobalID()
		document(db.BRM, `[{"id":"u-1","date":"2025-03-01T10:00:00Z","status":"guided","relatedParty":[{"id":"C-9","role":"customer"},%s]}]`, line)(t, store)
		if found := must(reader.NodeKeys(t.Context(), []db.ID{id}))[id]; found.CustomerID == 0 || found != only().Key {
			t.Errorf("%v finds %v, not %v", id, found, only().Key)
		}
	})
}
