package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// merge makes one customer of two and returns their lines.
func merge(t *testing.T, store *db.Store, from, to int64) (lines []db.Key) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := tx.MergeCustomers(ctx, from, to); err != nil {
			return err
		}
		lines, err = tx.SubscriptionsOfCustomers(ctx, []int64{to})
		return err
	})
	return lines
}

func TestMergingLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		w := fill(t, store)
		want := rowCounts(t, url)
		checkNothingHangs(t, url)
		lines := map[int64]map[db.SourceID]bool{} // the own ids of each customer's lines
		for _, s := range w.lines {
			if lines[s.CustomerID] == nil {
				lines[s.CustomerID] = map[db.SourceID]bool{}
			}
			lines[s.CustomerID][db.SourceID{Source: s.Source, Value: s.SourceID}] = true
		}
		for _, pair := range [][2]int{{0, 0}, {1, 0}, {6, 0}, {0, 2}, {2, 3}} {
			from, to := w.customers[pair[0]].CustomerID, w.customers[pair[1]].CustomerID
			if from != to {
				want["customers"]--
				for id := range lines[from] {
					if lines[to][id] { // the two lines become one, with one name
						want["subscriptions"]--
						want["subscription_identifiers"]--
					}
				}
				if lines[to] == nil {
					lines[to] = map[db.SourceID]bool{}
				}
				for id := range lines[from] {
					lines[to][id] = true
				}
				delete(lines, from)
			}
			left := merge(t, store, from, to)
			checkNothingHangs(t, url)
			if diff := cmp.Diff(want, rowCounts(t, url)); diff != "" {
				t.Errorf("%v: %s", pair, diff)
			}
			if len(left) != len(lines[to]) {
				t.Errorf("%v: %d lines are left, want %d", pair, len(left), len(lines[to]))
			}
		}
	})
}

// folk are customers whose lines have names of one letter: "a" has an own id, "A" a number alone, "aBC" an own id and two
// numbers; "stn a" is a line of sTN, others are of elevate. The own id that a line by number alone shows is the letter of
// its number, written small.
func folk(t *testing.T, store *db.Store, lines ...[]string) (customers []int64, keys map[string]db.Key) {
	t.Helper()
	keys = map[string]db.Key{}
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		for i, of := range lines {
			c := &db.Customer{CustomerID: tx.NextID(), Source: []db.Source{db.Elevate, db.BRM, db.STN}[i%3], SourceID: fmt.Sprint(i)}
			customers = append(customers, c.CustomerID)
			if err := tx.AddCustomers(ctx, []*db.Customer{c}); err != nil {
				return err
			}
			for _, names := range of {
				line := &db.ServiceSubscription{Key: db.Key{CustomerID: c.CustomerID, ID: tx.NextID()}}
				keys[fmt.Sprint(i, names)] = line.Key
				if err := addNamed(ctx, tx, line, names); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return customers, keys
}

// addNamed stores a line with its names and one record.
func addNamed(ctx context.Context, tx *db.Tx, line *db.ServiceSubscription, names string) error {
	var identifiers []*db.SubscriptionIdentifier
	letters, stn := strings.CutPrefix(names, "stn ")
	line.Source, line.SourceID = db.Elevate, strings.ToLower(letters[:1])
	if stn {
		line.Source = db.STN
	}
	if strings.ToUpper(letters) == letters {
		line.SubscriptionName = &letters
	} else {
		identifiers, letters = append(identifiers, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: line.Source, Value: letters[:1]}), letters[1:]
	}
	at := db.TimeOf(dbtest.Clock())
	for _, n := range letters {
		identifiers = append(identifiers, &db.SubscriptionIdentifier{Kind: db.MSISDN, Value: string(n), ValidFrom: &at, FirstEnd: &at, LastStart: &at, ValidTo: &at})
	}
	for _, n := range identifiers {
		n.CustomerID, n.SubscriptionID = line.CustomerID, line.ID
	}
	u := of(line.CustomerID, fmt.Sprint(line.ID), names)
	u.SubscriptionID = &line.ID
	if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{line}); err != nil {
		return err
	}
	if err := tx.AddIdentifiers(ctx, identifiers); err != nil {
		return err
	}
	_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil))
	return err
}

// described says what lines there are: the name of each, and what its records were of.
func described(t *testing.T, store *db.Store) []string {
	t.Helper()
	ctx := context.Background()
	r := store.For(db.All())
	var lines []string
	for _, s := range only(r.Subscriptions(ctx, db.NoParent, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
		records := only(r.UsageRecords(ctx, db.Parents{Type: db.TypeSubscription, Keys: []db.Key{s.Key}}, db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}}))
		of := convert(records.Nodes, func(u *db.UsageRecord) string { return *u.Description })
		slices.Sort(of)
		name := s.SourceID
		switch {
		case s.SubscriptionName != nil:
			name = *s.SubscriptionName
		case s.Source == db.STN:
			name = "stn " + name
		}
		lines = append(lines, name+": "+strings.Join(of, ", "))
	}
	slices.Sort(lines)
	return lines
}

func TestMergingCustomersJoinsTheLinesOfOneName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		from, to []string
		want     []string
	}{
		{"nothing in common", []string{"A", "b"}, []string{"C", "d"}, []string{"A: A", "C: C", "b: b", "d: d"}},
		{"an own id in common", []string{"aB"}, []string{"aC"}, []string{"a: aB, aC"}},
		{"an own id of two systems", []string{"a"}, []string{"stn a"}, []string{"a: a", "stn a: stn a"}},
		{"a number alone in common", []string{"A"}, []string{"A"}, []string{"A: A, A"}},
		{"a number alone of two systems", []string{"A"}, []string{"stn A"}, []string{"A: A, stn A"}},
		{"two own ids with one number", []string{"aC"}, []string{"bC"}, []string{"a: aC", "b: bC"}},
		{"a number alone here, with an own id there", []string{"A"}, []string{"bA"}, []string{"A: A", "b: bA"}},
		{"an own id that the other's line by number shows", []string{"A"}, []string{"a"}, []string{"A: A", "a: a"}},
		{"the same lines", []string{"aB", "C", "stn d"}, []string{"aB", "C", "stn d"}, []string{"C: C, C", "a: aB, aB", "stn d: stn d, stn d"}},
		{"one of each", []string{"A", "bA", "stn b"}, []string{"stn b", "A", "c"}, []string{"A: A, A", "b: bA", "c: c", "stn b: stn b, stn b"}},
		{"lines here, none there", []string{"A", "b"}, nil, []string{"A: A", "b: b"}},
		{"none here, lines there", nil, []string{"A", "b"}, []string{"A: A", "b: b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachURL(t, func(t *testing.T, url string) {
				store := dbtest.Open(t, url)
				customers, _ := folk(t, store, tt.from, tt.to)
				left := merge(t, store, customers[0], customers[1])
				checkNothingHangs(t, url)
				if diff := cmp.Diff(tt.want, described(t, store)); diff != "" {
					t.Error(diff)
				}
				var lines []db.Key
				for _, s := range only(store.For(db.All()).Subscriptions(context.Background(), db.NoParent, db.SubscriptionQuery{Page: db.Page{Limit: db.MaxPage}})).Nodes {
					lines = append(lines, s.Key)
					if s.CustomerID != customers[1] {
						t.Errorf("line %v is not the customer's", s.Key)
					}
				}
				if diff := cmp.Diff(sortedKeys(lines), sortedKeys(left)); diff != "" {
					t.Errorf("not the lines that are left: %s", diff)
				}
			})
		})
	}
}
