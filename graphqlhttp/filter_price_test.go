package graphqlhttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graph"
	"usagegraph/graphqlhttp"
)

// TestExpensiveFiltersAreRefused sends filters whose conditions have a price above the maximum complexity.
func TestExpensiveFiltersAreRefused(t *testing.T) {
	t.Parallel()
	or := func(n int, filter string) string { return "or: " + list(n, "{"+filter+"}") }
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, func(s *graphqlhttp.Settings) { s.MaxTokens = 10_000 })
		for name, test := range map[string]struct{ query, advice string }{
			"patterns on prices":      {"{usageRecords(filter: {rated: {" + or(240, `tag: {like: "%x%"}`) + "}}) {nodes {id}}}", "49000 of it for the filter of usageRecords: use fewer of its 240 patterns that begin with a wildcard"},
			"conditions on prices":    {"{usageRecords(filter: {" + or(240, `rated: {tag: {like: "x%"}}`) + "}) {totalCount}}", "use fewer of its 480 conditions on related records"},
			"negated conditions":      {"{usageRecords(filter: {not: {" + or(249, `destination: {like: "x%"}`) + "}}) {nodes {id}}}", "use fewer of its 249 negated conditions"},
			"filters of many aliases": {"{" + numbered(11, `a%d: customers(filter: {`+or(19, `name: {like: "%%x%%"}`)+`}) {totalCount}`) + "}", "1900 of it for the filter of customers: use fewer of its 19 patterns that begin with a wildcard"},
		} {
			got := postQuery(t, h, test.query, nil)
			if got.code() != "LIMIT_EXCEEDED" || got.Errors[0].Extensions.Limit != "complexity" || !strings.HasSuffix(got.Errors[0].Message, test.advice) {
				t.Errorf("%s: %d %.400s", name, got.status, got.body)
			}
		}
		for _, query := range []string{
			"{usageRecords(filter: {" + or(150, `destination: {like: "%x%"}`) + "}) {nodes {id}}}",
			`{customers(first: 50) {nodes {usageRecords(filter: {rated: {tag: {like: "%x%"}}}) {totalCount}}}}`,
			`{customers(first: 1000) {nodes {usageRecords(first: 1) {countUpTo {value}}}}}`,
		} {
			if got := postQuery(t, h, query, nil); got.code() != "" {
				t.Errorf("%.100s: %s", query, got.body)
			}
		}
		if got := postQuery(t, h, `{customers(first: 1000) {nodes {usageRecords {countUpTo(max: 100000) {value}}}}}`, nil); got.code() != "LIMIT_EXCEEDED" {
			t.Errorf("many long counts: %s", got.body)
		}
	})
}

// TestRequestWaitsForExpensiveStatements sends an expensive query while as many as may run at a time do.
func TestRequestWaitsForExpensiveStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		filter := db.PriceOf(&db.UsageRecordFilter{Rated: &db.RatedUsageFilter{}})
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			_, err := store.Admit(ctx, filter)
			cancel()
			if err != nil {
				break
			}
		}
		send := func(query string) *reply {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			r := httptest.NewRequestWithContext(ctx, "GET", "/graphql?"+url.Values{"query": {query}}.Encode(), nil)
			return do(t, h, r)
		}
		if got := send(`{usageRecords(filter: {rated: {isBilled: {eq: true}}}) {nodes {id}}}`); got.status != http.StatusServiceUnavailable || got.code() != "TOO_MANY_REQUESTS" || got.Errors[0].Extensions.Limit != "expensive_filters" || got.header.Get("Retry-After") != "1" {
			t.Errorf("an expensive query: %d %s", got.status, got.body)
		}
		if got := send(`{usageRecords(filter: {destination: {eq: "1"}}) {nodes {id}}}`); got.status != http.StatusOK {
			t.Errorf("another query: %d %s", got.status, got.body)
		}
	})
}

// TestFiltersOnRelatedRecordsArePriced looks for the filters of the schema within filters.
func TestFiltersOnRelatedRecordsArePriced(t *testing.T) {
	t.Parallel()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	related := 0
	for _, filter := range schema.Types {
		if filter.Name == "UsageTotalsFilter" { // restricts groups, not records
			continue
		}
		if filter.Kind != ast.InputObject || filter.Fields.ForName("eq") != nil || !strings.HasSuffix(filter.Name, "Filter") {
			continue
		}
		for _, f := range filter.Fields {
			within := schema.Types[f.Type.Name()]
			if within.Name == "BillingCycleFilter" { // of the record itself
				continue
			}
			if within.Name == filter.Name || within.Kind != ast.InputObject || within.Fields.ForName("eq") != nil {
				continue
			}
			related++
			value := map[string]any{}
			if within.Fields.ForName("some") != nil {
				value["some"] = map[string]any{}
			}
			if price := db.PriceOf(map[string]any{f.Name: value}); !strings.Contains(price.Advice(), "related records") {
				t.Errorf("%s.%s is not priced as a condition on related records: add it to relatedFields", filter.Name, f.Name)
			}
		}
	}
	if related < 2 {
		t.Errorf("%d filters on related records", related)
	}
}
