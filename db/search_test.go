package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestSearchNumbers searches phone numbers in the forms in which they are dialled and displayed.
func TestSearchNumbers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		first int32
		want  []string
	}{
		"as dialled within the country":   {"07700900001", 1, []string{"MSISDN 447700900001"}},
		"without the trunk prefix":        {"7700900001", 9, []string{"MSISDN 17700900001", "MSISDN 447700900001", "SUBSCRIPTION_ID 7700900001-LAN"}},
		"with a trunk prefix it keeps":    {"06 1234567", 1, []string{"MSISDN 39061234567"}},
		"with a (0)":                      {"+44 (0)7700 900001", 9, []string{"MSISDN 447700900001"}},
		"with the scheme":                 {"tel:+447700900001", 9, []string{"MSISDN 447700900001"}},
		"international":                   {"0044 7700 900001", 9, []string{"MSISDN 447700900001"}},
		"a holder before documents alone": {"447700900009", 9, []string{"MSISDN 447700900009 from 2025-01-01", "MSISDN 447700900009"}},
		"the end of a masked number":      {"7640", 9, []string{"MSISDN 06-****7640"}},
		"a masked number":                 {"06-****7640", 9, []string{"MSISDN 06-****7640"}},
		"a masked card":                   {"8931****", 9, []string{"SIM 8931****12"}},
	}
	at := must(db.ParseTime("2025-01-01T00:00:00Z"))
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		write(t, store, func(ctx context.Context, tx *db.Tx) error {
			customer := tx.NextID()
			if err := tx.AddCustomers(ctx, []*db.Customer{{CustomerID: customer, Source: db.STN, SourceID: "c"}}); err != nil {
				return err
			}
			var lines []*db.ServiceSubscription
			var names []*db.SubscriptionIdentifier
			line := func(customer int64, kind db.IdentifierKind, value string, from, to *db.Time) *db.ServiceSubscription {
				s := &db.ServiceSubscription{Key: db.Key{CustomerID: customer, ID: tx.NextID()}, Source: db.STN, SourceID: fmt.Sprint("x", len(lines))}
				id := &db.SubscriptionIdentifier{Kind: kind, Value: value, CustomerID: customer, SubscriptionID: s.ID, ValidFrom: from, ValidTo: to}
				if kind == db.SourceOwnID {
					id.SourceName = db.STN
				}
				lines, names = append(lines, s), append(names, id)
				return s
			}
			line(customer, db.SourceOwnID, "7700900001-LAN", nil, nil)
			line(customer, db.MSISDN, "17700900001", nil, nil)
			line(customer, db.MSISDN, "447700900001", nil, nil).PhoneNumber = new("07700 900001 447700900001")
			line(customer, db.MSISDN, "31061234567", nil, nil)
			line(customer, db.MSISDN, "39061234567", nil, nil)
			line(0, db.MSISDN, "447700900009", nil, nil)
			line(customer, db.MSISDN, "447700900009", &at, &at)
			masked := line(customer, db.SourceOwnID, "m", nil, nil)
			masked.PhoneNumber, masked.SimCardNumber = new("06-****7640"), new("8931****12")
			if err := tx.AddSubscriptions(ctx, lines); err != nil {
				return err
			}
			return tx.AddIdentifiers(ctx, names)
		})
		for name, tt := range tests {
			results, err := store.For(db.All()).Search(t.Context(), db.AllColumns, tt.text, tt.first)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got := convert(results, func(r *db.SearchResult) string {
				line := fmt.Sprintf("%s %s", r.Field, r.Value)
				if r.ValidFrom != nil {
					line += " from " + r.ValidFrom.Format("2006-01-02")
				}
				return line
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// searchWorld is a number that was handed on from one customer to another, and a number in dispute between them.
func searchWorld(t *testing.T, store *db.Store) (a, b int64) {
	at := func(day string) *db.Time { return new(must(db.ParseTime("2025-" + day + "T00:00:00Z"))) }
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		a, b = tx.NextID(), tx.NextID()
		if err := tx.AddCustomers(ctx, []*db.Customer{
			{CustomerID: a, Source: db.BRM, SourceID: "100", Name: new("Acme 50% B.V.")},
			{CustomerID: b, Source: db.Elevate, SourceID: "1001", Name: new("Beta")},
		}); err != nil {
			return err
		}
		var subscriptions []*db.ServiceSubscription
		var names []*db.SubscriptionIdentifier
		for i, customer := range []int64{a, b} {
			s := &db.ServiceSubscription{Key: db.Key{CustomerID: customer, ID: tx.NextID()}, Source: db.STN, SourceID: fmt.Sprint("line-", i+1), SourceCustomerID: new("x")}
			subscriptions = append(subscriptions, s)
			name := func(kind db.IdentifierKind, source db.Source, value string, position int32, from, to *db.Time, disputed bool) {
				names = append(names, &db.SubscriptionIdentifier{Kind: kind, SourceName: source, Value: value, CustomerID: customer, SubscriptionID: s.ID, Position: position, ValidFrom: from, ValidTo: to, Disputed: disputed})
			}
			name(db.SourceOwnID, db.STN, s.SourceID, 0, nil, nil, false)
			name(db.MSISDN, "", "31612345678", int32(i), at([]string{"01-01", "06-01"}[i]), at([]string{"03-01", "08-01"}[i]), false)
			name(db.MSISDN, "", "31699999999", 0, at("01-01"), at("02-01"), true)
		}
		if err := tx.AddSubscriptions(ctx, subscriptions); err != nil {
			return err
		}
		return tx.AddIdentifiers(ctx, names)
	})
	return a, b
}

func TestSearch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		// scope is the customers in the scope, of "ab".
		scope string
		want  []string
	}{
		"a number that was handed on":           {"+31 6 1234-5678", "ab", []string{"2 MSISDN 31612345678 from 2025-06-01", "1 MSISDN 31612345678 from 2025-01-01"}},
		"a number with a trunk prefix":          {"06 12345678", "ab", []string{"2 MSISDN 31612345678 from 2025-06-01", "1 MSISDN 31612345678 from 2025-01-01"}},
		"the former holder alone":               {"0031612345678", "a", []string{"1 MSISDN 31612345678 from 2025-01-01"}},
		"a number in dispute":                   {"99999999", "ab", []string{"1 MSISDN 31699999999 from 2025-01-01 disputed", "2 MSISDN 31699999999 from 2025-01-01 disputed"}},
		"a number in dispute, for one customer": {"99999999", "b", []string{"2 MSISDN 31699999999"}},
		"an exact id before a longer one":       {"100", "ab", []string{"100 CUSTOMER_ID 100", "1001 CUSTOMER_ID 1001"}},
		"a part of a name, in another case":     {"acme", "ab", []string{"100 NAME Acme 50% B.V."}},
		"a wildcard as text":                    {"0%", "ab", []string{"100 NAME Acme 50% B.V."}},
		"an id of a subscription":               {"LINE-2", "ab", []string{"2 SUBSCRIPTION_ID line-2"}},
		"another customer's name":               {"Beta", "a", nil},
		"nothing":                               {"no such text", "ab", nil},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a, b := searchWorld(t, store)
		for name, tt := range tests {
			scope := map[string]db.Scope{"ab": db.All(), "a": db.Only(a), "b": db.Only(b)}[tt.scope]
			results, err := store.For(scope).Search(t.Context(), db.AllColumns, tt.text, 10)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			var got []string
			for _, r := range results {
				line := ""
				switch n := r.Node.(type) {
				case *db.Customer:
					line = n.SourceID
				case *db.ServiceSubscription:
					line = strings.TrimPrefix(n.SourceID, "line-")
				}
				line += fmt.Sprintf(" %s %s", r.Field, r.Value)
				if r.ValidFrom != nil {
					line += " from " + r.ValidFrom.Format("2006-01-02")
				}
				if r.Disputed {
					line += " disputed"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		for _, bad := range []struct {
			text  string
			first int32
		}{{"a", 10}, {" \t", 10}, {"abc", 0}, {"abc", 101}, {strings.Repeat("a", 501), 10}, {"a\x00b", 10}} {
			var failed *db.Error
			if _, err := store.For(db.All()).Search(t.Context(), db.AllColumns, bad.text, bad.first); !errors.As(err, &failed) || failed.Code != db.BadInput {
				t.Errorf("%.10q, first %d: %v, want a BadInput error", bad.text, bad.first, err)
			}
		}
	})
}
