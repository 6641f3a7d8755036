package db_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// filler sets each field of a row to a different value, so that a column stored in the wrong field is detected.
type filler struct{ n int64 }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Interface().(type) {
	case db.Time:
		v.Set(reflect.ValueOf(db.TimeOf(time.Date(2025, time.January, 1, 0, 0, 0, int(f.n)*1000, time.UTC))))
		return
	case decimal.Decimal:
		v.Set(reflect.ValueOf(*number(fmt.Sprintf("%d.50", f.n))))
		return
	case db.JSON:
		v.Set(reflect.ValueOf(db.JSON(fmt.Sprintf(`[{"name": "n%d"}]`, f.n))))
		return
	}
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.Tag.Get("db") != "-" {
				f.fill(v.Field(i))
			}
		}
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("text ", f.n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Slice: // newAllFields sets the parts
	default:
		v.SetInt(f.n)
	}
}

// maker makes rows with all fields set or, if bare, none.
type maker struct {
	filler
	bare bool
}

func newRow[T any](m *maker) *T {
	row := new(T)
	if !m.bare {
		m.fill(reflect.ValueOf(row).Elem())
	}
	return row
}

// allFields is a record of each kind with its parts.
type allFields struct {
	Customer     *db.Customer
	Subscription *db.ServiceSubscription
	Record       *db.UsageRecord
	Summary      *db.UsageSummary
	Report       *db.ConsumptionReport
}

func newAllFields(m *maker) *allFields {
	all := &allFields{newRow[db.Customer](m), newRow[db.ServiceSubscription](m), newRow[db.UsageRecord](m), newRow[db.UsageSummary](m), newRow[db.ConsumptionReport](m)}
	all.Record.Rated = []*db.RatedUsage{newRow[db.RatedUsage](m), newRow[db.RatedUsage](m)}
	all.Summary.Lines = []*db.UsageSummaryLine{newRow[db.UsageSummaryLine](m), newRow[db.UsageSummaryLine](m)}
	all.Summary.Buckets = []*db.Bucket{newRow[db.Bucket](m), newRow[db.Bucket](m)}
	all.Report.Buckets = []*db.Bucket{newRow[db.Bucket](m), newRow[db.Bucket](m)}
	for i, b := range append(all.Report.Buckets, all.Summary.Buckets...) {
		b.SourceID, b.EffectiveAt, b.ReportID, b.SummaryID = fmt.Sprint(i), db.Time{}, nil, nil
	}
	for _, b := range all.Report.Buckets {
		b.Balances = []*db.BucketBalance{newRow[db.BucketBalance](m), newRow[db.BucketBalance](m)}
		b.Counters = []*db.BucketCounter{newRow[db.BucketCounter](m), newRow[db.BucketCounter](m)}
	}
	return all
}

func (all *allFields) put(t *testing.T, store *db.Store) {
	t.Helper()
	all.Subscription.CustomerID, all.Record.CustomerID, all.Summary.CustomerID, all.Report.CustomerID = all.Customer.CustomerID, all.Customer.CustomerID, all.Customer.CustomerID, all.Customer.CustomerID
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.AddCustomers(ctx, []*db.Customer{all.Customer}); err != nil {
			return err
		}
		if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{all.Subscription}); err != nil {
			return err
		}
		if _, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{all.Record}, nil, nil)); err != nil {
			return err
		}
		if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{all.Summary}, nil)); err != nil {
			return err
		}
		_, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{all.Report}))
		return err
	})
}

// stored reads the records with their parts.
func (all *allFields) stored(store *db.Store) *allFields {
	ctx := context.Background()
	r := store.For(db.Only(all.Customer.CustomerID).WithCost(true))
	whole := db.Page{Limit: db.MaxPage}
	got := &allFields{
		only(r.CustomersByKey(ctx, db.AllColumns, []db.Key{all.Customer.NodeKey()})),
		only(r.SubscriptionsByKey(ctx, db.AllColumns, []db.Key{all.Subscription.Key})),
		only(r.UsageRecordsByKey(ctx, db.AllColumns, []db.Key{all.Record.Key})),
		only(r.UsageSummariesByKey(ctx, db.AllColumns, []db.Key{all.Summary.Key})),
		only(r.ConsumptionReportsByKey(ctx, db.AllColumns, []db.Key{all.Report.Key})),
	}
	byAge := db.BucketQuery{Page: whole, OrderBy: []*db.BucketOrder{{Field: "CREATED", Direction: db.Ascending}}}
	got.Record.Rated = must(r.RatedUsages(ctx, db.AllColumns, []db.Key{all.Record.Key}))
	got.Summary.Lines = must(r.UsageSummaryLines(ctx, db.AllColumns, []db.Key{all.Summary.Key}))
	got.Summary.Buckets = only(r.Buckets(ctx, db.AllColumns, db.Parents{Type: db.TypeUsageSummary, Keys: []db.Key{all.Summary.Key}}, byAge)).Nodes
	got.Report.Buckets = only(r.Buckets(ctx, db.AllColumns, db.Parents{Type: db.TypeConsumptionReport, Keys: []db.Key{all.Report.Key}}, byAge)).Nodes
	for _, b := range got.Report.Buckets {
		b.Balances = must(r.BucketBalances(ctx, db.AllColumns, []db.Key{b.Key}))
		b.Counters = must(r.BucketCounters(ctx, db.AllColumns, []db.Key{b.Key}))
	}
	return got
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func only[T any](list []*T, err error) *T {
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("%d rows, want one", len(list))
	}
	return must(list, err)[0]
}

// exactly compares decimals by their text and times by their instant and location.
var exactly = []cmp.Option{
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.String() == b.String() }),
	cmp.Comparer(func(a, b db.Time) bool {
		return a.Time.Equal(b.Time) && a.Location() == time.UTC && b.Location() == time.UTC
	}),
	cmp.Transformer("text", func(j db.JSON) string { return fmt.Sprintf("%q %v", []byte(j), j == nil) }),
}

// setOrigins sets the Origin of each part, as a reader does.
func (all *allFields) setOrigins() {
	for _, p := range all.Record.Rated {
		p.Record = db.Origin{Source: all.Record.Source, SourceID: all.Record.SourceID}
	}
	for _, l := range all.Summary.Lines {
		l.Record = db.Origin{Source: all.Summary.Source, SourceID: all.Summary.SourceID}
	}
	for _, b := range all.Report.Buckets {
		for _, p := range b.Balances {
			p.Record = db.Origin{Source: b.Source, SourceID: b.SourceID}
		}
		for _, c := range b.Counters {
			c.Record = db.Origin{Source: b.Source, SourceID: b.SourceID}
		}
	}
}

func TestEveryColumnIsReadAsWritten(t *testing.T) {
	t.Parallel()
	for name, bare := range map[string]bool{"with a value in each": false, "without any": true} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				all := newAllFields(&maker{bare: bare})
				all.Customer.CustomerID = 1
				all.put(t, store)
				all.setOrigins()
				if diff := cmp.Diff(all, all.stored(store), exactly...); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestDecimalsKeepTheirScale(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		list := append([]string{"20.00", "0.000", "-0.10", "-20.0", "1234567890.123456789", "0.0000000000000000000", "1000000000000000000"}, decimals...)
		put(t, store, convert(list, func(s string) *db.UsageRecord {
			return &db.UsageRecord{UsageType: db.Data, DataMB: number(s), Rated: []*db.RatedUsage{{CostAmount: number(s)}}}
		})...)
		records, err := store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.NoParent,
			db.UsageRecordQuery{Page: db.Page{Limit: db.MaxPage}, OrderBy: []*db.UsageRecordOrder{{Field: "CREATED", Direction: db.Ascending}}})
		if err != nil {
			t.Fatal(err)
		}
		for i, u := range records[0].Nodes {
			price := only(store.For(db.All()).RatedUsages(context.Background(), db.AllColumns, []db.Key{u.Key}))
			if u.DataMB.String() != list[i] || price.CostAmount.String() != list[i] {
				t.Errorf("%s came back as %s and %s", list[i], u.DataMB, price.CostAmount)
			}
		}
	})
}

func TestTimesAreStoredToTheMicrosecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		list := []string{
			"2025-03-30T01:59:59.999999Z", "2025-03-30T03:00:00.000001+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
			"1969-12-31T23:59:59.999999Z", "1883-11-18T12:03:58-08:00", "2024-02-29T23:59:59.1-11:30",
		}
		put(t, store, convert(list, func(s string) *db.UsageRecord {
			return &db.UsageRecord{UsageType: db.Data, EventTime: must(db.ParseTime(s)), Rated: []*db.RatedUsage{{RatedAt: new(must(db.ParseTime(s)))}}}
		})...)
		for i, s := range list {
			exact := must(db.ParseTime(s))
			if got := letters(t, store, &recordFilter{EventTime: &db.DateTimeFilter{Eq: &exact}, Rated: &db.RatedUsageFilter{RatedAt: &db.DateTimeFilter{Eq: &exact}}}); got != string(rune('a'+i)) {
				t.Errorf("%s is found as %q", s, got)
			}
			u := must(store.For(db.All()).UsageRecord(context.Background(), db.AllColumns, db.SourceID{Source: db.Elevate, Value: string(rune('a' + i))}))
			if !u.EventTime.Equal(exact.Time) || u.EventTime.Location() != time.UTC {
				t.Errorf("%s came back as %s", s, u.EventTime)
			}
		}
	})
}

func TestJSONKeepsItsText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		list := []db.JSON{
			db.JSON(`{"b": 1.50, "a": [2e3, 20.0, {"z": null, "y": true}], "b2" :"\u00e9é<&>\u2028"}`), db.JSON(`null`), db.JSON(`[]`), db.JSON(`"text"`),
			db.JSON(`123456789012345678901234567890.000`), nil,
		}
		put(t, store, convert(list, func(j db.JSON) *db.UsageRecord { return &db.UsageRecord{UsageType: db.Data, Extension: j} })...)
		for i, want := range list {
			u := must(store.For(db.All()).UsageRecord(context.Background(), db.AllColumns, db.SourceID{Source: db.Elevate, Value: string(rune('a' + i))}))
			if diff := cmp.Diff(want, u.Extension, exactly...); diff != "" {
				t.Error(diff)
			}
		}
	})
}
