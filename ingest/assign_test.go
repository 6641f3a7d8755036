package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// assignment returns the assignment of an own id of dxp, or of a number in digits, to a customer between two days; an
// empty day is no bound.
func assignment(name, customer, from, to string) db.Assignment {
	a := db.Assignment{Kind: db.SourceOwnID, NameSource: db.DXP, Value: name, Start: db.Always, End: db.Forever}
	if strings.Trim(name, "0123456789") == "" {
		a.Kind, a.NameSource = db.MSISDN, ""
	}
	day := func(text string, to *db.Time) {
		if text != "" {
			*to = db.TimeOf(must(time.Parse(time.DateOnly, text)))
		}
	}
	day(from, &a.Start)
	day(to, &a.End)
	id := must(db.ParseCustomerID(customer))
	a.CustomerSource, a.CustomerValue, a.AssignedBy = id.Source, id.Value, "ops"
	return a
}

func assign(name, customer, from, to string) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		if _, err := ingest.Assign(context.Background(), store, assignment(name, customer, from, to), false); err != nil {
			t.Fatal(err)
		}
	}
}

func unassign(name string) step {
	return func(t testing.TB, store *db.Store) {
		t.Helper()
		if _, err := ingest.Unassign(context.Background(), store, assignment(name, "elevate:0", "", ""), nil, false); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	const other = "447700900999"
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"an own id", []step{call(1, 17, phone), reportOn("S-1"), assign("S-1", "elevate:17", "", "")}, []string{
			"elevate:17 | 447700900123 | 1", "elevate:17 | dxp:S-1 | SUBSCRIPTIONID:S-1" + at + " ASSIGNED"}},
		{"an own id at another time", []step{call(1, 17, phone), reportOn("S-1"), assign("S-1", "elevate:17", "2025-02-01", "")}, []string{
			"elevate:17 | 447700900123 | 1", "unattributed | dxp:S-1 | SUBSCRIPTIONID:S-1" + at}},
		{"a number without a holder", []step{call(1, 17, phone), reportAt(other, "2025-01-01T00:00:00"), assign(other, "elevate:17", "2025-01-01", "2025-02-01")}, []string{
			"elevate:17 | 447700900123 | 1", "elevate:17 | 447700900999 | MSISDN:447700900999" + at + " ASSIGNED bucket 1"}},
		{"a number of a subscription with an own id", []step{call(1, 17, "C-1"), summary("m", "c", "s", digits), reportAt(other, "2025-01-01T00:00:00"),
			assign(other, "stn:c", "2025-01-01", "2025-02-01"), summaryIn("n", "c", "s", other, "2025_06")}, []string{
			"elevate:17 | elevate:C-1 | 1", "stn:c | 447700900123 447700900999 447700900999 stn:s | MSISDN:447700900999" + at + " ASSIGNED bucket 1 m n"}},
		{"a number of another customer", []step{callAt(1, 17, phone, "2025-01-01T00:00:00Z"), callAt(2, 17, phone, "2025-03-01T00:00:00Z"), call(3, 18, "C-1"),
			reportAt(digits, "2025-02-05T00:00:00"), reportAt(digits, "2025-02-20T00:00:00"), assign(digits, "elevate:18", "2025-02-01", "2025-02-10")}, []string{
			"elevate:17 | 447700900123 447700900123 | 1 2",
			"elevate:18 | 447700900123 | MSISDN:447700900123@2025-02-05T04:00:00Z ASSIGNED bucket 1",
			"elevate:18 | elevate:C-1 | 3",
			"unattributed | 447700900123 | MSISDN:447700900123@2025-02-20T04:00:00Z bucket 1"}},
		{"a number in dispute", []step{summary("m", "c", "s", digits), call(1, 17, "C-1"), reportAt(digits, "2025-01-05T00:00:00"), reportAt(digits, "2025-01-20T00:00:00"),
			assign(digits, "elevate:17", "2025-01-10", "2025-02-01")}, []string{
			"elevate:17 | 447700900123 447700900123 | MSISDN:447700900123@2025-01-20T04:00:00Z ASSIGNED bucket 1",
			"elevate:17 | elevate:C-1 | 1",
			"stn:c | 447700900123 447700900123 stn:s | m",
			"unattributed | 447700900123 | MSISDN:447700900123@2025-01-05T04:00:00Z bucket 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range tt.steps {
					s(t, store)
				}
				if diff := cmp.Diff(tt.want, known(store)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestUnassignRestoresTheState compares the state without an assignment with the state after Assign and Unassign, and
// the states after an assignment at any point between the imports.
func TestUnassignRestoresTheState(t *testing.T) {
	t.Parallel()
	records := []step{call(1, 17, phone), callAt(2, 18, phone, "2025-03-01T00:00:00Z"), summaryIn("m", "c", "s", digits, "2025_05"), reportOn("S-1"),
		reportAt(digits, "2025-01-20T00:00:00"), reportAt(digits, "2025-02-20T00:00:00"), reportAt(digits, "2025-03-20T00:00:00"), reportAt(digits, "2025-06-20T00:00:00")}
	decisions := []step{assign("S-1", "elevate:17", "", ""), assign(digits, "elevate:17", "2025-02-10", "2025-03-10")}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		opened := func() *db.Store { return dbtest.Open(t, dbtest.Another(t, url)) }
		plain, assigned := opened(), opened()
		for _, s := range records {
			s(t, plain)
			s(t, assigned)
		}
		for _, s := range decisions {
			s(t, assigned)
		}
		if cmp.Equal(known(plain), known(assigned)) {
			t.Fatal("the assignments change nothing")
		}
		store := opened()
		for cut := 1; cut <= len(records); cut++ {
			for _, run := range []struct {
				steps [][]step
				want  *db.Store
			}{
				{[][]step{records[:cut], decisions, records[cut:]}, assigned},
				{[][]step{{link("elevate:17", "elevate:18"), unassign("S-1"), unlink("elevate:17", "elevate:18"), unassign(digits)}, records}, plain},
			} {
				for _, steps := range run.steps {
					for _, s := range steps {
						s(t, store)
					}
				}
				if diff := cmp.Diff(known(run.want), known(store)); diff != "" {
					t.Fatalf("after %d records: %s", cut, diff)
				}
			}
		}
	})
}

func TestAssignErrors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		call(1, 17, phone)(t, store)
		call(2, 18, "C-1")(t, store)
		assign(digits, "elevate:17", "2025-01-01", "2025-02-01")(t, store)
		assign(digits, "elevate:17", "2025-01-01", "2025-02-01")(t, store) // a repetition is no error
		assign(digits, "elevate:18", "2025-02-01", "2025-03-01")(t, store) // the end is exclusive
		for _, tt := range []struct {
			a    db.Assignment
			code db.Code
			text string
		}{
			{assignment(digits, "elevate:99", "2026-01-01", "2026-02-01"), db.NotFound, "no document names the customer elevate:99"},
			{assignment(digits, "elevate:18", "2025-01-31", "2025-02-02"), db.Conflict, "assigned to elevate:17 from 2025-01-01T00:00:00Z to 2025-02-01T00:00:00Z"},
			{assignment(digits, "elevate:17", "2024-12-01", "2025-01-02"), db.Conflict, "assigned to elevate:17"},
		} {
			_, err := ingest.Assign(t.Context(), store, tt.a, false)
			var e *db.Error
			if !errors.As(err, &e) || e.Code != tt.code || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%v: %v", tt.a, err)
			}
		}
		_, err := ingest.Unassign(t.Context(), store, assignment(digits, "elevate:0", "", ""), nil, false)
		var e *db.Error
		if !errors.As(err, &e) || e.Code != db.Ambiguous {
			t.Error(err)
		}
		if _, err = ingest.Unassign(t.Context(), store, assignment("S-2", "elevate:0", "", ""), nil, false); !errors.As(err, &e) || e.Code != db.NotFound {
			t.Error(err)
		}
	})
}

func TestAssignPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		call(1, 17, phone)(t, store)
		reportOn("S-1")(t, store)
		before := known(store)
		transfers, err := ingest.Assign(t.Context(), store, assignment("S-1", "elevate:17", "", ""), true)
		if err != nil {
			t.Fatal(err)
		}
		want := []ingest.Transfer{{To: []db.SourceID{{Source: db.Elevate, Value: "17"}}, Documents: 1}}
		if diff := cmp.Diff(want, transfers); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(before, known(store)); diff != "" {
			t.Error(diff)
		}
	})
}
