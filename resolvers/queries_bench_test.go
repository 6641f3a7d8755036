package resolvers_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/coercion"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	schemas "usagegraph/graph"
	"usagegraph/loaders"
	"usagegraph/queryplan"
	"usagegraph/resolvers"
)

// benchmarks are the measured queries, each with a statement with which PostgreSQL builds a similar answer.
var benchmarks = []struct{ name, query, floor string }{
	{"50 customers with 3 subscriptions with 10 records with their rated usages", `{customers(first: 50) {nodes {id name subscriptions(first: 3) {nodes {id sourceId
		usageRecords(first: 10) {nodes {id eventTime usageType destination quantity {amount unit} rated {taxExcluded {amount currency} tag}}}}}}}}`,
		`SELECT json_agg(json_build_object('id', c.customer_id::text, 'name', c.name, 'subscriptions', (
			SELECT json_agg(json_build_object('id', s.id::text, 'sourceId', s.source_id, 'usageRecords', (
				SELECT json_agg(json_build_object('id', u.id::text, 'eventTime', u.event_time, 'usageType', u.usage_type, 'destination', u.destination,
					'quantity', json_build_object('amount', u.duration_quantity::text, 'unit', 'SECOND'), 'rated', (
					SELECT json_agg(json_build_object('taxExcluded', json_build_object('amount', r.tax_excluded_amount::text, 'currency', r.currency), 'tag', r.tag) ORDER BY r.position)
					FROM rated_usages r WHERE r.customer_id = u.customer_id AND r.usage_id = u.id)))
				FROM (SELECT * FROM usage_records u WHERE u.customer_id = s.customer_id AND u.subscription_id = s.id ORDER BY event_time DESC, id DESC LIMIT 10) u)))
			FROM (SELECT * FROM subscriptions s WHERE s.customer_id = c.customer_id ORDER BY id LIMIT 3) s)))
		FROM (SELECT * FROM customers ORDER BY customer_id LIMIT 50) c`},
	{"a subscription with its buckets", `{subscription(by: {sourceId: {source: DXP, value: "S-1001"}}) {id sourceId
		buckets {nodes {id name usageType remaining {amount unit} balances {remaining {amount unit} validFor {start end}}}}}}`,
		`SELECT json_agg(json_build_object('id', s.id::text, 'sourceId', s.source_id, 'buckets', (
			SELECT json_agg(json_build_object('id', b.id::text, 'name', b.name, 'usageType', b.usage_type,
				'remaining', json_build_object('amount', b.remaining::text, 'unit', b.unit), 'balances', (
				SELECT json_agg(json_build_object('remaining', json_build_object('amount', v.remaining::text, 'unit', v.unit),
					'validFor', json_build_object('start', v.valid_from, 'end', v.valid_to)) ORDER BY v.position)
				FROM bucket_balances v WHERE v.customer_id = b.customer_id AND v.bucket_id = b.id)) ORDER BY b.effective_at DESC, b.id)
			FROM buckets b WHERE b.customer_id = s.customer_id AND b.subscription_id = s.id)))
		FROM subscriptions s WHERE (s.customer_id, s.id) IN (SELECT i.customer_id, i.subscription_id FROM subscription_identifiers i
			WHERE i.kind = 'SOURCE_ID' AND i.source = 'DXP' AND i.value = 'S-1001')`},
	{"1000 records between two dates", `{usageRecords(first: 1000, filter: {eventTime: {gte: "2025-01-01T00:00:00Z", lt: "2025-02-01T00:00:00Z"}}) {
		pageInfo {hasNextPage endCursor} nodes {id eventTime usageType destination serviceId quantity {amount unit}}}}`,
		`SELECT json_agg(json_build_object('id', u.id::text, 'eventTime', u.event_time, 'usageType', u.usage_type, 'destination', u.destination,
			'serviceId', u.service_id, 'quantity', json_build_object('amount', u.duration_quantity::text, 'unit', 'SECOND')))
		FROM (SELECT * FROM usage_records WHERE event_time >= '2025-01-01T00:00:00Z' AND event_time < '2025-02-01T00:00:00Z' ORDER BY event_time DESC, id DESC LIMIT 1000) u`},
}

// runner executes operations of a schema in a scope.
type runner struct {
	store *db.Store
	scope db.Scope
	exec  *executor.Executor
}

func newRunner(store *db.Store, schema graphql.ExecutableSchema) runner {
	exec := executor.New(schema)
	exec.SetQueryCache(queryplan.NewDocuments(1 << 20))
	exec.SetRecoverFunc(func(_ context.Context, cause any) error { return fmt.Errorf("panic: %v", cause) })
	return runner{store, db.All(), exec}
}

// answer executes an operation as a transport does.
func (a runner) answer(ctx context.Context, params graphql.RawParams) *graphql.Response {
	ctx = loaders.New(graphql.StartOperationTrace(ctx), a.store.For(a.scope))
	operation, errs := a.exec.CreateOperationContext(ctx, &params)
	if errs != nil {
		return a.exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
	}
	if err := coercion.Arguments(operation); err != nil {
		return a.exec.DispatchError(graphql.WithOperationContext(ctx, operation), gqlerror.List{err})
	}
	handler, ctx := a.exec.DispatchOperation(ctx, operation)
	return handler(ctx)
}

// executors returns the schemas with and without the encoder.
func executors() []struct {
	name   string
	schema graphql.ExecutableSchema
} {
	return []struct {
		name   string
		schema graphql.ExecutableSchema
	}{{"executor", schemas.NewExecutableSchema(schemas.Config{Resolvers: resolvers.New(nil)})}, {"encoder", schemas.NewSchema(schemas.Config{}, resolvers.New, nil)}}
}

func BenchmarkQueries(b *testing.B) {
	dbtest.EachBench(b, func(b *testing.B, url string) {
		store := dbtest.Open(b, url)
		g := newGraph(b, store)
		g.loadCalls(50, 3, 20)
		g.loadSamples()
		analyze(b, url)
		for _, bench := range benchmarks {
			for _, way := range executors() {
				a := newRunner(store, way.schema)
				b.Run(bench.name+"/"+way.name, func(b *testing.B) {
					inParallel(b, func() error {
						if answer := a.answer(b.Context(), graphql.RawParams{Query: bench.query}); answer.Errors != nil {
							return answer.Errors
						}
						return nil
					})
				})
			}
			if strings.HasPrefix(url, "postgres") {
				b.Run(bench.name+"/floor", func(b *testing.B) { floor(b, url, bench.floor) })
			}
		}
	})
}

// analyze updates the statistics of the database, as its own maintenance would do later.
func analyze(b *testing.B, url string) {
	driver, _, postgres := strings.Cut(url, "://")
	if !postgres {
		driver = "sqlite"
	}
	pool, err := sql.Open(driver, url)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec("ANALYZE"); err != nil {
		b.Fatal(err)
	}
}

// floor measures a statement with which PostgreSQL builds the answer.
func floor(b *testing.B, url, statement string) {
	pool, err := sql.Open("postgres", url+"&binary_parameters=yes")
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	pool.SetMaxIdleConns(8)
	prepared, err := pool.Prepare(statement)
	if err != nil {
		b.Fatal(err)
	}
	inParallel(b, func() error {
		var answer sql.RawBytes
		rows, err := prepared.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		rows.Next()
		return errors.Join(rows.Scan(&answer), rows.Err())
	})
}

// inParallel measures once in eight goroutines.
func inParallel(b *testing.B, once func() error) {
	b.ReportAllocs()
	b.SetParallelism(8 / runtime.GOMAXPROCS(0))
	before := processorTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := once(); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processorTime returns the CPU time of this process, which hardly depends on other processes.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
