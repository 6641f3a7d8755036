package db_test

import (
	"context"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// latest returns the day of the latest report, or the code of the error.
func (h *holdingFixture) latest(scope db.Scope, q db.ReportQuery) string {
	h.t.Helper()
	if q.Market == "" {
		q.Market = "PR"
	}
	r, err := h.store.For(scope).LatestReport(context.Background(), q)
	if known, ok := err.(*db.Error); ok {
		return string(known.Code)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimSuffix(r.EffectiveAt.Format("2006-01-02T15:04:05Z"), "T00:00:00Z")
}

func TestLatestReportByNumber(t *testing.T) {
	t.Parallel()
	inJamaica := func(r *db.ConsumptionReport) { r.BusinessID = new("JM") }
	cases := []struct {
		name  string
		store func(*holdingFixture)
		// all is the result in an unrestricted scope, of the results in the scopes of single customers.
		all string
		of  map[string]string
	}{
		{"none", func(h *holdingFixture) {}, "NOT_FOUND", nil},
		{"of an unattributed number", func(h *holdingFixture) { h.report("", "2025-03-01", n1, "n"); h.report("", "2025-02-01", n1, "n") }, "2025-03-01", map[string]string{"a": "NOT_FOUND"}},
		{"of the holder", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-01", n1, "n")
			h.report("a/1", "2025-03-05", n1, "n")
			h.report("a/1", "2025-03-02", n1, "n")
		}, "2025-03-05", map[string]string{"a": "2025-03-05", "b": "NOT_FOUND"}},
		{"of one instant, the last one stored", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-05", n1, "x")
			h.report("a/1", "2025-03-05", n1, "y")
		}, "2025-03-05", nil},
		{"of the next holder, not of the one before", func(h *holdingFixture) {
			h.summary("a/1", "2025-01", n1)
			h.report("a/1", "2025-01-10", n1, "n")
			h.call("b/2", "2025-05-05", n1)
		}, "NOT_FOUND", map[string]string{"a": "NOT_FOUND", "b": "NOT_FOUND"}},
		{"never of another number", func(h *holdingFixture) { h.summary("a/1", "2025-03", n1); h.report("a/1", "2025-03-10", n2, "n") }, "NOT_FOUND", nil},
		{"that is unattributed and earlier than the holder's last record", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-01", n1, "n")
			h.report("", "2025-03-31", n1, "n")
		}, "2025-03-01", map[string]string{"a": "2025-03-01"}},
		{"that is unattributed and later than the holder's last record", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-01", n1, "n")
			h.report("", "2025-06-01", n1, "n")
		}, "2025-06-01", map[string]string{"a": "2025-03-01", "b": "NOT_FOUND"}},
		{"that is unattributed and earlier than a report in the holder's window", func(h *holdingFixture) {
			h.call("a/1", "2025-03-01", n1)
			h.report("a/1", "2025-03-20", n1, "n")
			h.report("", "2025-03-10", n1, "n")
		}, "2025-03-20", nil},
		{"in a dispute, after the holder's records in it", func(h *holdingFixture) {
			h.call("a/1", "2025-01-01", n1)
			h.report("a/1", "2025-01-02", n1, "n")
			h.call("a/1", "2025-03-05", n1)
			h.summary("b/2", "2025-03", n1)
			h.report("", "2025-03-10", n1, "n")
		}, "2025-03-10", map[string]string{"a": "2025-01-02"}},
		{"in a dispute, before the holder's records in it", func(h *holdingFixture) {
			h.call("a/1", "2025-01-01", n1)
			h.report("a/1", "2025-01-02", n1, "n")
			h.call("a/1", "2025-03-15", n1)
			h.summary("b/2", "2025-03", n1)
			h.report("", "2025-03-10", n1, "n")
		}, "2025-01-02", nil},
		{"in a dispute without a holder", func(h *holdingFixture) {
			h.call("a/1", "2025-03-05", n1)
			h.summary("b/2", "2025-03", n1)
			h.report("", "2025-03-10", n1, "n")
		}, "2025-03-10", map[string]string{"a": "NOT_FOUND"}},
		{"of a customer whose subscriptions dispute it", func(h *holdingFixture) {
			h.call("a/1", "2025-03-05", n1)
			h.summary("a/2", "2025-03", n1)
			h.report("a/", "2025-03-10", n1, "n")
			h.report("a/2", "2025-03-12", n2, "n")
			h.report("a/1", "2025-03-12", "", "S-1")
		}, "2025-03-10", map[string]string{"a": "2025-03-10"}},
		{"by an own id, within the holding", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-02-28", "", "S-1")
			h.report("a/1", "2025-03-31", "", "S-1")
			h.report("a/1", "2025-04-01", "", "S-1")
			h.report("a/2", "2025-03-31T01:00:00Z", "", "S-2")
		}, "2025-03-31", map[string]string{"a": "2025-03-31", "b": "NOT_FOUND"}},
		{"by the number before one by an own id", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-10", n1, "n")
			h.report("a/1", "2025-03-31", "", "S-1")
		}, "2025-03-10", nil},
		{"by an own id where the unattributed one is earlier than the holder's records", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("", "2025-02-10", n1, "n")
			h.report("a/1", "2025-03-31", "", "S-1")
		}, "2025-03-31", nil},
		{"of the market", func(h *holdingFixture) {
			h.summary("a/1", "2025-03", n1)
			h.report("a/1", "2025-03-10", n1, "n")
			h.report("a/1", "2025-03-20", n1, "jm", inJamaica)
			h.report("a/1", "2025-03-20", "", "jm", inJamaica)
			h.report("", "2025-06-20", n1, "jm", inJamaica)
		}, "2025-03-10", nil},
	}
	eachCase(t, len(cases), func(t *testing.T, h *holdingFixture, i int) {
		tt := cases[i]
		h.subscription("a/other")
		h.subscription("b/other")
		tt.store(h)
		h.storeIdentifiers()
		q := db.ReportQuery{Name: h.inArea(n1)}
		if got := h.latest(db.All(), q); got != tt.all {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.all)
		}
		for customer, want := range tt.of {
			if got := h.latest(h.scope(customer), q); got != want {
				t.Errorf("%s: customer %s: got %s, want %s", tt.name, customer, got, want)
			}
		}
	})
}

func TestLatestReportByOwnID(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHoldingFixture(t, store)
		h.subscription("a/1")
		h.report("", "2025-03-01", "", "S-1")
		h.report("a/1", "2025-02-01", "", "S-1")
		h.report("", "2025-04-01", n1, "S-1")
		for _, tt := range []struct {
			scope db.Scope
			q     db.ReportQuery
			want  string
		}{
			{db.All(), db.ReportQuery{OwnID: "S-1"}, "2025-03-01"},
			{h.scope("a"), db.ReportQuery{OwnID: "S-1"}, "2025-02-01"},
			{db.All(), db.ReportQuery{OwnID: "s-1"}, "NOT_FOUND"},
			{db.All(), db.ReportQuery{OwnID: "S-1", Market: "JM"}, "NOT_FOUND"},
			{db.All(), db.ReportQuery{OwnID: "S-1\x00"}, "BAD_USER_INPUT"},
		} {
			if got := h.latest(tt.scope, tt.q); got != tt.want {
				t.Errorf("%+v: got %s, want %s", tt.q, got, tt.want)
			}
		}
	})
}
