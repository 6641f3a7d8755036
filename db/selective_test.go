package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// selectiveRead is a read with the index that it must use.
type selectiveRead struct {
	name, index string
	read        func(context.Context, *db.Reader) error
}

// selectiveReads are reads of few rows, with the index that must find them.
var selectiveReads = []selectiveRead{
	{"a record by its id", "usage_records_source", func(ctx context.Context, r *db.Reader) error {
		_, err := r.UsageRecord(ctx, db.AllColumns, db.SourceID{Source: db.Elevate, Value: "u37"})
		return err
	}},
	{"a list of a record by its id, as brm's endpoint asks", "usage_records_source", func(ctx context.Context, r *db.Reader) error {
		filter := &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: new(db.Elevate)}, SourceID: &db.StringFilter{Eq: new("u37")}, EventTime: &db.DateTimeFilter{}}
		_, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 100}})
		return err
	}},
	{"a list of records by their ids", "usage_records_source", func(ctx context.Context, r *db.Reader) error {
		filter := &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: new(db.Elevate)}, SourceID: &db.StringFilter{In: []string{"u37", "u74"}}}
		_, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter, OrderBy: []*db.UsageRecordOrder{{Field: "CREATED"}}, Page: db.Page{Limit: 100}})
		return err
	}},
	{"a list of records by whether they are billed", "rated_usages_billed", recordsWith(&db.RatedUsageFilter{IsBilled: &db.BooleanFilter{Eq: new(false)}})},
	{"a list of records by their price", "rated_usages_price", recordsWith(&db.RatedUsageFilter{TaxExcluded: &db.DecimalFilter{Gt: number("10")}})},
	{"a list of a summary by its id", "usage_summaries_source", func(ctx context.Context, r *db.Reader) error {
		filter := &db.UsageSummaryFilter{Source: &db.SourceFilter{Eq: new(db.STN)}, SourceID: &db.StringFilter{Eq: new("m37")}}
		_, err := r.UsageSummaries(ctx, db.AllColumns, db.NoParent, db.UsageSummaryQuery{Filter: filter, Page: db.Page{Limit: 100}})
		return err
	}},
	{"the latest report by a number", "consumption_reports_subscription_name", func(ctx context.Context, r *db.Reader) error {
		return absent(r.LatestReport(ctx, db.ReportQuery{Name: n1, Market: "PR"}))
	}},
	{"the latest report by an own id", "consumption_reports_own_id", func(ctx context.Context, r *db.Reader) error {
		return absent(r.LatestReport(ctx, db.ReportQuery{OwnID: "S", Market: "PR"}))
	}},
	{"a subscription by its own id", "sqlite_autoindex_subscription_identifiers_1", func(ctx context.Context, r *db.Reader) error {
		return absent(r.Subscription(ctx, db.AllColumns, bySourceID(db.BRM, "S")))
	}},
	{"a subscription by a number", "sqlite_autoindex_subscription_identifiers_1", func(ctx context.Context, r *db.Reader) error {
		return absent(r.Subscription(ctx, db.AllColumns, byPhone("+17875550009")))
	}},
	{"a subscription by a text", "subscriptions_phone", func(ctx context.Context, r *db.Reader) error {
		return absent(r.Subscription(ctx, db.AllColumns, byPhone("reception")))
	}},
	{"a subscription by a card that is none", "subscriptions_sim", func(ctx context.Context, r *db.Reader) error {
		return absent(r.Subscription(ctx, db.AllColumns, byCard("N/A?")))
	}},
}

// recordsWith reads the records with a rated usage.
func recordsWith(rated *db.RatedUsageFilter) func(context.Context, *db.Reader) error {
	return func(ctx context.Context, r *db.Reader) error {
		filter := &db.UsageRecordFilter{And: []*db.UsageRecordFilter{{Rated: rated}}}
		pages, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 100}})
		if err != nil {
			return err
		}
		_, err = pages[0].TotalCount(ctx)
		return err
	}
}

// absent ignores a NotFound error.
func absent(_ any, err error) error {
	if known, ok := err.(*db.Error); ok && known.Code == db.NotFound {
		return nil
	}
	return err
}

func TestSQLiteUsesIndexesForSelectiveReads(t *testing.T) {
	t.Parallel()
	checkPlans(t, selectiveReads, func(scope, index, plans string) bool {
		return strings.Contains(plans, index+" (") && !strings.Contains(plans, "SCAN t")
	})
}

// TestSQLiteReadsTheOrderOfImportFromAnIndex reads records without a filter in the order of their first import.
func TestSQLiteReadsTheOrderOfImportFromAnIndex(t *testing.T) {
	t.Parallel()
	created := func(direction db.OrderDirection) func(context.Context, *db.Reader) error {
		return func(ctx context.Context, r *db.Reader) error {
			_, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "CREATED", Direction: direction}}, Page: db.Page{Limit: 5}})
			return err
		}
	}
	checkPlans(t, []selectiveRead{{"ascending", "usage_records_created", created(db.Ascending)}, {"descending", "usage_records_created", created(db.Descending)}},
		func(scope, index, plans string) bool {
			return scope != "everyone" || strings.Contains(plans, index+" (source=?)")
		})
}

// TestSQLiteFindsTheRecordsOfCustomersByCustomer reads records of one source, as elevate's and brm's endpoints do.
func TestSQLiteFindsTheRecordsOfCustomersByCustomer(t *testing.T) {
	t.Parallel()
	var reads []selectiveRead
	for _, field := range []db.UsageRecordOrderField{"CREATED", "EVENT_TIME", "SERVICE_ID", "SELL", "COST"} {
		reads = append(reads, selectiveRead{string(field), "(source=?", func(ctx context.Context, r *db.Reader) error {
			pages, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: new(db.Elevate)}},
				OrderBy: []*db.UsageRecordOrder{{Field: field, Direction: db.Ascending}}, Page: db.Page{Limit: 5}})
			if known, ok := err.(*db.Error); ok && known.Code == db.Forbidden {
				return nil
			}
			if err != nil {
				return err
			}
			_, err = pages[0].TotalCount(ctx)
			return err
		}})
	}
	checkPlans(t, reads, func(scope, index, plans string) bool { return scope == "everyone" || !strings.Contains(plans, index) })
}

// TestSQLiteMergesCustomersByIndex reads the records of several customers, which follow the index of each customer from
// the position of its last row, with any other bounds.
func TestSQLiteMergesCustomersByIndex(t *testing.T) {
	t.Parallel()
	in := &db.UsageRecordFilter{EventTime: &db.DateTimeFilter{Gte: new(db.TimeOf(dbtest.Clock())), Lt: new(db.TimeOf(dbtest.Clock().AddDate(0, 1, 0)))}}
	var reads []selectiveRead
	for order, index := range map[db.UsageRecordOrderField]string{"EVENT_TIME": "(event_time,id)", "CREATED": "id"} {
		for _, direction := range []db.OrderDirection{db.Ascending, db.Descending} {
			for name, filter := range map[string]*db.UsageRecordFilter{"all": nil, "of a period": in, "of a source": {Source: &db.SourceFilter{Eq: new(db.Elevate)}}} {
				sign := map[db.OrderDirection]string{db.Ascending: ">", db.Descending: "<"}[direction]
				reads = append(reads, selectiveRead{fmt.Sprint(name, " by ", order, " ", direction), index + sign, func(ctx context.Context, r *db.Reader) error {
					_, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter,
						OrderBy: []*db.UsageRecordOrder{{Field: order, Direction: direction}}, Page: db.Page{Limit: 5}})
					return err
				}})
			}
		}
	}
	checkPlans(t, reads, func(scope, index, plans string) bool {
		_, step, _ := strings.Cut(plans, "RECURSIVE STEP")
		return scope != "two customers" || strings.Contains(step, index) && strings.Contains(step, "customer_id=?")
	})
}

// checkPlans compares SQLite's plans for some reads, for three scopes.
func checkPlans(t *testing.T, reads []selectiveRead, good func(scope, index, plans string) bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	spans := tracetest.NewInMemoryExporter()
	store, err := db.Open(t.Context(), path, db.Options{Clock: dbtest.Clock, Node: 1, Tracer: sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := fill(t, store)
	file, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, tt := range reads {
		for scope, reader := range map[string]*db.Reader{"everyone": store.For(db.All()), "a customer": store.For(db.Only(w.customers[0].CustomerID)),
			"two customers": store.For(db.Only(w.customers[0].CustomerID, w.customers[1].CustomerID))} {
			spans.Reset()
			if err := absent(nil, tt.read(t.Context(), reader)); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			if plans := plansOf(t, file, spans); !good(scope, tt.index, plans) {
				t.Errorf("%s, for %s: %s", tt.name, scope, plans)
			}
		}
	}
}

// plansOf returns SQLite's plans for the recorded queries.
func plansOf(t *testing.T, file *sql.DB, spans *tracetest.InMemoryExporter) string {
	t.Helper()
	var plans []string
	for _, span := range spans.GetSpans() {
		for _, a := range span.Attributes {
			if text := a.Value.AsString(); strings.HasPrefix(text, "SELECT") || strings.HasPrefix(text, "WITH") {
				plans = append(plans, planOf(t, file, text))
			}
		}
	}
	return strings.Join(plans, "; ")
}

// planOf returns SQLite's plan for a statement.
func planOf(t *testing.T, file *sql.DB, statement string) string {
	t.Helper()
	args := make([]any, 0, 9)
	for i := 1; strings.Contains(statement, fmt.Sprint("$", i)); i++ {
		args = append(args, "[]")
	}
	rows, err := file.Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	return strings.Join(plan, "; ")
}

// TestSQLiteReadsOwnersFirst reads many records by a condition on their subscriptions.
func TestSQLiteReadsOwnersFirst(t *testing.T) {
	t.Parallel()
	filter := &db.UsageRecordFilter{Subscription: &db.SubscriptionFilter{ProviderGroup: &db.StringFilter{Ne: new("x")}}}
	reads := []selectiveRead{
		{"the values of a field", "LIST SUBQUERY", func(ctx context.Context, r *db.Reader) error {
			_, err := r.UsageRecordValues(ctx, db.UsageRecordValuesQuery{Field: "CALL_CLASS", Filter: filter, First: 10})
			return err
		}},
		{"the lists of customers", "LIST SUBQUERY", func(ctx context.Context, r *db.Reader) error {
			of := db.Parents{Type: db.TypeCustomer, Keys: []db.Key{db.CustomerKey(1), db.CustomerKey(2)}}
			_, err := r.UsageRecords(ctx, db.AllColumns, of, db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 2}})
			return err
		}},
	}
	checkPlans(t, reads, func(scope, index, plans string) bool {
		return strings.Contains(plans, index) && !strings.Contains(plans, "CORRELATED SCALAR SUBQUERY")
	})
}
