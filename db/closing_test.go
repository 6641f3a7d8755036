package db_test

import (
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestAnotherNumberClosesTheWindow(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		records func(*holdingFixture)
		// want maps a time to the result of a lookup by n1 at that time.
		want map[string]string
	}{
		{"from the month in which there is another one", func(h *holdingFixture) { h.summary("a/1", "2025-01", n1); h.summary("a/1", "2025-02", n2) },
			map[string]string{"2025-01-31": "a/1", "2025-02-01": "NOT_FOUND"}},
		{"after the last instant of the month, if both are in one month", func(h *holdingFixture) { h.summary("a/1", "2025-01", n1); h.summary("a/1", "2025-01", n2) },
			map[string]string{"2025-01-31T23:59:59.999999Z": "a/1", "2025-02-01": "NOT_FOUND"}},
		{"not by evidence that ends earlier", func(h *holdingFixture) { h.call("a/1", "2025-01-10", n1); h.call("a/1", "2025-01-09", n2) },
			map[string]string{"2025-01-31": "a/1"}},
		{"by the first record that ends no earlier, of a longer holding",
			func(h *holdingFixture) {
				h.summary("a/1", "2025-01", n1)
				h.call("a/1", "2025-01-05", n2)
				h.call("a/1", "2025-02-12", n2)
				h.summary("a/1", "2025-03", n2)
			}, map[string]string{"2025-02-10": "a/1", "2025-02-11T23:59:59.999999Z": "a/1", "2025-02-12": "NOT_FOUND"}},
		{"by the first month that ends no earlier, of a longer holding",
			func(h *holdingFixture) {
				h.summary("a/1", "2025-02", n1)
				h.summary("a/1", "2025-01", n2)
				h.summary("a/1", "2025-03", n2)
			}, map[string]string{"2025-02-28": "a/1", "2025-03-01": "NOT_FOUND"}},
		{"by the earliest of several", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.call("a/1", "2025-02-12", n3)
			h.call("a/1", "2025-01-05", n2)
			h.call("a/1", "2025-02-08", n2)
			h.call("a/1", "2025-02-10", "elevate:8201")
		}, map[string]string{"2025-02-07": "a/1", "2025-02-08": "NOT_FOUND"}},
		{"by its own record of a disputed number", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.call("a/1", "2025-02-10", n2)
			h.summary("b/2", "2025-02", n2)
		},
			map[string]string{"2025-02-09": "a/1", "2025-02-10": "NOT_FOUND"}},
		{"not by others' records of a disputed number", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.call("a/1", "2025-01-10", n2)
			h.summary("b/2", "2025-01", n2)
		},
			map[string]string{"2025-02-10": "a/1"}},
		{"not by a card", func(h *holdingFixture) { h.summary("a/1", "2025-01", n1); h.summary("a/1", "2025-02", card) }, map[string]string{"2025-02-10": "a/1"}},
		{"not by another subscription's number", func(h *holdingFixture) { h.summary("a/1", "2025-01", n1); h.summary("a/2", "2025-02", n2) }, map[string]string{"2025-02-10": "a/1"}},
		{"when the last of two disputing subscriptions has another number", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.summary("a/2", "2025-01", n1)
			h.call("a/1", "2025-02-05", n2)
			h.call("a/2", "2025-02-08", n3)
		}, map[string]string{"2025-02-07": "AMBIGUOUS", "2025-02-08": "NOT_FOUND"}},
		{"not if one of two disputing subscriptions has no other number", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.summary("a/2", "2025-01", n1)
			h.call("a/1", "2025-02-05", n2)
		}, map[string]string{"2025-02-14": "AMBIGUOUS", "2025-02-15": "NOT_FOUND"}},
	}
	eachCase(t, len(cases), func(t *testing.T, h *holdingFixture, i int) {
		tt := cases[i]
		tt.records(h)
		h.storeIdentifiers()
		for when, want := range tt.want {
			if got := h.lookup(db.All(), byPhoneAt(string(h.inArea(n1)), when)); got != want {
				t.Errorf("%s: at %s: got %s, want %s", tt.name, when, got, want)
			}
		}
	})
}

func TestAttributionWindowSetting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHoldingFixture(t, store)
		h.call("a/1", "2025-01-01", n1)
		h.storeIdentifiers()
		for window, want := range map[time.Duration]string{0: "NOT_FOUND", 24 * time.Hour: "NOT_FOUND", 49 * time.Hour: "a/1"} {
			h.store.UseSettings(nil, window)
			if got := h.lookup(db.All(), byPhoneAt("+17875550001", "2025-01-03")); got != want {
				t.Errorf("a window of %s: got %s, want %s", window, got, want)
			}
		}
	})
}
