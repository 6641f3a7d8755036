package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// putRecords upserts usage records in one transaction.
func putRecords(t *testing.T, store *db.Store, records ...*db.UsageRecord) db.Outcome {
	t.Helper()
	var out db.Outcome
	write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = tx.Upsert(ctx, db.PrepareRecords(records, nil, nil))
		return err
	})
	return out
}

func putReports(t *testing.T, store *db.Store, reports ...*db.ConsumptionReport) db.Outcome {
	t.Helper()
	var out db.Outcome
	write(t, store, func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = tx.Upsert(ctx, db.PrepareRecords(nil, nil, reports))
		return err
	})
	return out
}

// of returns a usage record of a customer.
func of(customerID int64, sourceID, description string) *db.UsageRecord {
	return &db.UsageRecord{Key: db.Key{CustomerID: customerID}, Source: db.Elevate, SourceID: sourceID, UsageType: db.Data, Description: &description}
}

// inStore returns the customer, source id and description of each stored usage record.
func inStore(t *testing.T, store *db.Store) []string {
	t.Helper()
	all := only(store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.NoParent,
		db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}, OrderBy: []*db.UsageRecordOrder{{Field: "SOURCE_ID", Direction: db.Ascending}}}))
	return convert(all.Nodes, func(u *db.UsageRecord) string { return fmt.Sprint(u.CustomerID, " ", u.SourceID, " ", *u.Description) })
}

func TestUpsertCountsOutcomes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, step := range []struct {
			name    string
			records []*db.UsageRecord
			out     db.Outcome
			stored  []string
		}{
			{"nothing", nil, db.Outcome{}, nil},
			{"two new ones", []*db.UsageRecord{of(1, "a", "x"), of(1, "b", "x")}, db.Outcome{New: 2}, []string{"1 a x", "1 b x"}},
			{"the same again", []*db.UsageRecord{of(1, "a", "x"), of(1, "b", "x")}, db.Outcome{Unchanged: 2}, []string{"1 a x", "1 b x"}},
			{"one of each", []*db.UsageRecord{of(1, "a", "y"), of(1, "b", "x"), of(1, "c", "x")}, db.Outcome{New: 1, Changed: 1, Unchanged: 1}, []string{"1 a y", "1 b x", "1 c x"}},
			{"a new one twice", []*db.UsageRecord{of(1, "d", "x"), of(1, "d", "x")}, db.Outcome{New: 1, Unchanged: 1}, []string{"1 a y", "1 b x", "1 c x", "1 d x"}},
			{"a new one that changes at once", []*db.UsageRecord{of(1, "e", "x"), of(1, "e", "y")}, db.Outcome{New: 1, Changed: 1}, []string{"1 a y", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that changes twice", []*db.UsageRecord{of(1, "a", "z"), of(1, "a", "w")}, db.Outcome{Changed: 2}, []string{"1 a w", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that changes and changes back", []*db.UsageRecord{of(1, "a", "v"), of(1, "a", "w")}, db.Outcome{Changed: 2}, []string{"1 a w", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that has changed back", []*db.UsageRecord{of(1, "a", "w")}, db.Outcome{Unchanged: 1}, []string{"1 a w", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that moves to another customer", []*db.UsageRecord{of(2, "a", "w")}, db.Outcome{Changed: 1}, []string{"2 a w", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that moves there and back", []*db.UsageRecord{of(1, "a", "w"), of(2, "a", "w")}, db.Outcome{Changed: 2}, []string{"2 a w", "1 b x", "1 c x", "1 d x", "1 e y"}},
			{"one that moves to no customer", []*db.UsageRecord{of(0, "b", "x")}, db.Outcome{Changed: 1}, []string{"2 a w", "0 b x", "1 c x", "1 d x", "1 e y"}},
		} {
			out := putRecords(t, store, step.records...)
			if out != step.out {
				t.Errorf("%s: %+v, want %+v", step.name, out, step.out)
			}
			if diff := cmp.Diff(step.stored, inStore(t, store)); diff != "" {
				t.Errorf("%s: %s", step.name, diff)
			}
		}
	})
}

func TestAChangedRecordKeepsItsID(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		first := of(1, "a", "x")
		first.Rated = []*db.RatedUsage{{Tag: new("1")}, {Tag: new("2")}, {Tag: new("3")}}
		putRecords(t, store, first, of(1, "b", "x"))
		changed := of(2, "a", "y")
		changed.Rated = []*db.RatedUsage{{Tag: new("3")}, {Tag: new("4")}}
		putRecords(t, store, changed)
		if changed.Key != (db.Key{CustomerID: 2, ID: first.ID}) {
			t.Errorf("got key %v, want id of %v", changed.Key, first.Key)
		}
		prices := must(store.For(db.All()).RatedUsages(context.Background(), db.AllColumns, []db.Key{changed.Key, first.Key}))
		if diff := cmp.Diff([]string{"3", "4"}, convert(prices, func(p *db.RatedUsage) string { return *p.Tag })); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAChangedPartChangesItsRecord(t *testing.T) {
	t.Parallel()
	report := func(change func(*db.ConsumptionReport)) *db.ConsumptionReport {
		r := &db.ConsumptionReport{Key: db.Key{CustomerID: 1}, Source: db.DXP, SourceID: "r"}
		for i := range 3 {
			b := &db.Bucket{Source: db.DXP, SourceID: fmt.Sprint(i), UsageType: db.Data, TotalAmount: number("1.50")}
			b.Balances = []*db.BucketBalance{{Amount: number("1")}, {Amount: number("2")}}
			b.Counters = []*db.BucketCounter{{Name: new("1")}, {Name: new("2")}}
			r.Buckets = append(r.Buckets, b)
		}
		change(r)
		return r
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, change := range map[string]func(*db.ConsumptionReport){
			"nothing":                        func(*db.ConsumptionReport) {},
			"a bucket's amount":              func(r *db.ConsumptionReport) { r.Buckets[1].TotalAmount = number("1.51") },
			"a bucket's trailing zero":       func(r *db.ConsumptionReport) { r.Buckets[1].TotalAmount = number("1.5") },
			"a bucket's amount that goes":    func(r *db.ConsumptionReport) { r.Buckets[1].TotalAmount = nil },
			"a bucket that goes":             func(r *db.ConsumptionReport) { r.Buckets = r.Buckets[:2] },
			"the order of buckets":           func(r *db.ConsumptionReport) { slices.Reverse(r.Buckets) },
			"a balance":                      func(r *db.ConsumptionReport) { r.Buckets[2].Balances[1].Unlimited = true },
			"a balance that goes":            func(r *db.ConsumptionReport) { r.Buckets[2].Balances = r.Buckets[2].Balances[:1] },
			"the order of balances":          func(r *db.ConsumptionReport) { slices.Reverse(r.Buckets[0].Balances) },
			"a counter":                      func(r *db.ConsumptionReport) { r.Buckets[2].Counters[1].Name = new("3") },
			"a counter's name that is empty": func(r *db.ConsumptionReport) { r.Buckets[2].Counters[1].Name = new("") },
			"a counter that has no name":     func(r *db.ConsumptionReport) { r.Buckets[2].Counters[1].Name = nil },
		} {
			putReports(t, store, report(func(r *db.ConsumptionReport) { r.Description = &name }))
			putReports(t, store, report(func(*db.ConsumptionReport) {}))
			out := putReports(t, store, report(change))
			want := db.Outcome{Changed: 1}
			if name == "nothing" {
				want = db.Outcome{Unchanged: 1}
			}
			if out != want {
				t.Errorf("%s: %+v, want %+v", name, out, want)
			}
		}
	})
}

// TestAPartThatMovesChangesItsRecord stores a counter in each of three otherwise equal buckets in turn.
func TestAPartThatMovesChangesItsRecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for i := range 3 {
			r := &db.ConsumptionReport{Key: db.Key{CustomerID: 1}, Source: db.DXP, SourceID: "r",
				Buckets: []*db.Bucket{{SourceID: "1", UsageType: db.Data}, {SourceID: "2", UsageType: db.Data}, {SourceID: "3", UsageType: db.Data}}}
			r.Buckets[i].Counters = []*db.BucketCounter{{Name: new("the one")}}
			want := db.Outcome{Changed: 1}
			if i == 0 {
				want = db.Outcome{New: 1}
			}
			if out := putReports(t, store, r); out != want {
				t.Errorf("at bucket %d: %+v, want %+v", i+1, out, want)
			}
			counters := must(store.For(db.All()).BucketCounters(context.Background(), db.AllColumns, convert(r.Buckets, func(b *db.Bucket) db.Key { return b.Key })))
			if len(counters) != 1 || counters[0].SourceID() != fmt.Sprint(i+1) {
				t.Errorf("at bucket %d: %d counters", i+1, len(counters))
			}
		}
	})
}

func TestBucketsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	bucket := func(sourceID, name string) *db.Bucket {
		return &db.Bucket{SourceID: sourceID, Name: &name, UsageType: db.Data, Balances: []*db.BucketBalance{{Text: &name}}}
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put := func(customerID int64, buckets ...*db.Bucket) []string {
			r := &db.ConsumptionReport{Key: db.Key{CustomerID: customerID}, Source: db.DXP, SourceID: "r", Buckets: buckets}
			putReports(t, store, r)
			return convert(buckets, func(b *db.Bucket) string { return b.GlobalID().String() })
		}
		stored := func() []string {
			all := only(store.For(db.All()).Buckets(context.Background(), db.AllColumns, db.NoParent,
				db.BucketQuery{Page: db.Page{Limit: db.MaxPage}, OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}}))
			return convert(all.Nodes, func(b *db.Bucket) string { return *b.Name })
		}
		first := put(1, bucket("1", "a"), bucket("2", "b"), bucket("same", "c"), bucket("same", "d"))
		again := put(1, bucket("2", "bb"), bucket("same", "cc"), bucket("same", "dd"), bucket("same", "ee"), bucket("new", "x"))
		if diff := cmp.Diff(first[1:], again[:3]); diff != "" {
			t.Error(diff)
		}
		if slices.Contains(first, again[3]) || slices.Contains(first, again[4]) {
			t.Errorf("new buckets have ids of old ones: %v, %v", first, again)
		}
		if diff := cmp.Diff([]string{"bb", "cc", "dd", "ee", "x"}, stored()); diff != "" {
			t.Error(diff)
		}
		turned := put(1, bucket("same", "cc"), bucket("2", "bb"))
		if turned[0] != again[1] || turned[1] != again[0] {
			t.Errorf("buckets that changed places have become %v, they were %v", turned, again)
		}
		if diff := cmp.Diff([]string{"cc", "bb"}, stored()); diff != "" {
			t.Error(diff)
		}
		elsewhere := put(2, bucket("2", "bb"))
		if elsewhere[0] != turned[1] {
			t.Errorf("a bucket that moved to another customer has become %s, it was %s", elsewhere[0], turned[1])
		}
		if diff := cmp.Diff([]string{"bb"}, stored()); diff != "" {
			t.Error(diff)
		}
		left := only(store.For(db.All()).Buckets(context.Background(), db.AllColumns, db.NoParent, db.BucketQuery{Page: db.Page{Limit: 1}})).Nodes[0]
		balances := must(store.For(db.All()).BucketBalances(context.Background(), db.AllColumns, []db.Key{left.Key, {CustomerID: 1, ID: left.ID}}))
		if len(balances) != 1 {
			t.Errorf("%d balances are left, want one", len(balances))
		}
	})
}

func TestSummariesReplaceTheirParts(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		for i := range 3 {
			s := &db.UsageSummary{Key: db.Key{CustomerID: int64(i % 2)}, Source: db.STN, SourceID: "s", YearMonth: "2025-01", TotalAmount: number(fmt.Sprint(i)),
				Lines: []*db.UsageSummaryLine{{Code: new("a")}, {Code: new("b")}}, Buckets: []*db.Bucket{{SourceID: "HomeVoice", UsageType: db.Voice}}}
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{s}, nil))
				return err
			})
			if diff := cmp.Diff(map[string]int{"usage_summaries": 1, "usage_summary_lines": 2, "buckets": 1}, rowCounts(t, url)); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestFailedTransactionIsRolledBack(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		before := rowCounts(t, url)
		failure := fmt.Errorf("no")
		err := store.Write(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Upsert(context.Background(), db.PrepareRecords([]*db.UsageRecord{of(1, "a", "x")}, nil, nil)); err != nil {
				return err
			}
			return failure
		})
		if err != failure {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(before, rowCounts(t, url)); diff != "" {
			t.Error(diff)
		}
	})
}
