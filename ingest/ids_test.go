package ingest_test

import (
	"slices"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// TestIDOfASplitSubscription divides the records of a subscription by number alone between two subscriptions with own
// ids. Its global ID then finds the one that had the number last, and the subscription itself after the link is undone.
func TestIDOfASplitSubscription(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, s := range []step{callAt(1, 17, phone, "2025-01-10T00:00:00Z"), callAt(2, 17, phone, "2025-03-10T00:00:00Z")} {
			s(t, store)
		}
		reader := store.For(db.All())
		subscriptions := func() map[string]*db.ServiceSubscription {
			found := map[string]*db.ServiceSubscription{}
			for _, s := range allNodes(reader.Subscriptions(t.Context(), db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole})) {
				found[s.SourceID] = s
			}
			return found
		}
		id := subscriptions()[phone].GlobalID()
		key := func() db.Key { return must(reader.NodeKeys(t.Context(), []db.ID{id}))[id] }
		for _, s := range []step{summaryIn("m", "c", "s1", digits, "2025_01"), summaryIn("n", "c", "s2", digits, "2025_03"), link("elevate:17", "stn:c")} {
			s(t, store)
		}
		parts := subscriptions()
		if parts[phone] != nil || len(parts) != 2 || key() != parts["s2"].Key {
			t.Errorf("%v finds %v of %v", id, key(), parts)
		}
		unlink("elevate:17", "stn:c")(t, store)
		if key() != subscriptions()[phone].Key {
			t.Errorf("%v finds %v after the link was undone", id, key())
		}
	})
}

// TestIDOfASubscriptionAfterItsCustomerIsKnown imports a record without a customer, and the same record with one.
func TestIDOfASubscriptionAfterItsCustomerIsKnown(t *testing.T) {
	t.Parallel()
	const subscriber = `{"id":"CIRC-9","role":"subscriber"}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		reader := store.For(db.All())
		only := func() *db.ServiceSubscription {
			return allNodes(reader.Subscriptions(t.Context(), db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole}))[0]
		}
		document(db.BRM, `[{"id":"u-1","date":"2025-03-01T10:00:00Z","status":"received","relatedParty":[%s]}]`, subscriber)(t, store)
		id := only().GlobalID()
		document(db.BRM, `[{"id":"u-1","date":"2025-03-01T10:00:00Z","status":"guided","relatedParty":[{"id":"C-9","role":"customer"},%s]}]`, subscriber)(t, store)
		if found := must(reader.NodeKeys(t.Context(), []db.ID{id}))[id]; found.CustomerID == 0 || found != only().Key {
			t.Errorf("%v finds %v, not %v", id, found, only().Key)
		}
	})
}

// TestIDOfAnAssignedSubscription assigns an own id to two linked customers for different times. The global ID contains
// the lesser of the two, in both orders, although only the other one has a document.
func TestIDOfAnAssignedSubscription(t *testing.T) {
	t.Parallel()
	records := []step{summary("m", "c", "s", digits), call(1, 17, "C-1"), reportOn("S-1"), link("elevate:17", "stn:c")}
	early, late := assign("S-1", "elevate:17", "", "2024-01-01"), assign("S-1", "stn:c", "2024-01-01", "")
	unassigned := func(t testing.TB, store *db.Store) {
		t.Helper()
		if _, err := ingest.Unassign(t.Context(), store, assignment("S-1", "elevate:17", "", ""), new(db.Always), false); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name     string
		steps    []step
		customer db.Source
	}{
		{"the one with the document last", []step{early, late}, db.Elevate},
		{"the one with the document first", []step{late, early}, db.Elevate},
		{"the lesser one taken back", []step{early, late, unassigned}, db.STN},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range slices.Concat(records, tt.steps) {
					s(t, store)
				}
				all := allNodes(store.For(db.All()).Subscriptions(t.Context(), db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole}))
				i := slices.IndexFunc(all, func(s *db.ServiceSubscription) bool { return s.SourceID == "S-1" })
				if i < 0 || all[i].GlobalID().Source != tt.customer {
					t.Errorf("got %v, want S-1 with the customer of %v", all, tt.customer)
				}
			})
		})
	}
}
