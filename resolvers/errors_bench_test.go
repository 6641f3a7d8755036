package resolvers_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
)

// BenchmarkErrors measures answers with errors, and those of a client that may not see costs and of a traced request,
// by the handler.
func BenchmarkErrors(b *testing.B) {
	const prices = `usageRecords(first: 1000) {nodes {id eventTime usageType destination quantity {amount unit} rated {taxExcluded {amount currency} tag}}}`
	dbtest.EachBench(b, func(b *testing.B, url string) {
		store := dbtest.Open(b, url)
		newGraph(b, store).loadCalls(50, 2, 10)
		analyze(b, url)
		provider := sdktrace.NewTracerProvider()
		settings := graphqlhttp.DefaultSettings()
		settings.Tracer = provider
		handler, err := graphqlhttp.NewHandler(store, settings, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		traced := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, span := provider.Tracer("bench").Start(r.Context(), "request")
			defer span.End()
			handler.ServeHTTP(w, r.WithContext(ctx))
		})
		for _, bench := range []struct {
			name, query string
			handler     http.Handler
			cost        bool
		}{
			{"1000 records with prices", "{" + prices + "}", handler, true},
			{"1000 records with prices, and a look-up that finds nothing", `{` + prices + ` node(id: "Q3VzdG9tZXI6RUxFVkFURTpub25l") {id}}`, handler, true},
			{"1000 records with costs", "{usageRecords(first: 1000) {nodes {id rated {cost {amount} tag}}}}", handler, true},
			{"1000 records with hidden costs", "{usageRecords(first: 1000) {nodes {id rated {cost {amount} tag}}}}", handler, false},
			{"1000 records with prices, traced", "{" + prices + "}", traced, true},
		} {
			body, err := json.Marshal(map[string]any{"query": bench.query})
			if err != nil {
				b.Fatal(err)
			}
			h := auth.Middleware(func(*http.Request) (auth.Identity, error) {
				return auth.Identity{Scope: db.All().WithCost(bench.cost)}, nil
			}, bench.handler)
			b.Run(bench.name, func(b *testing.B) {
				inParallel(b, func() error {
					r := httptest.NewRequestWithContext(b.Context(), "POST", "/graphql", bytes.NewReader(body))
					r.Header.Set("Content-Type", "application/json")
					h.ServeHTTP(httptest.NewRecorder(), r)
					return nil
				})
			})
		}
	})
}
