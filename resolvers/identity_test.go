package resolvers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// loadHoldings imports documents in which a number moves from sTN's customer A to elevate's 17, and another number is
// disputed. Some documents name no customer, and one names two.
func (g *graph) loadHoldings() {
	g.t.Helper()
	g.load(db.STN, strings.NewReader(`{"results": [
		{"id": "m1", "subscriptionId": "s1", "phoneNumber": "+17875550001", "simCardNumber": "8931087112345678901", "yearMonth": "2025_01", "customerId": "A", "providerGroup": "KPN"},
		{"id": "m2", "subscriptionId": "s1", "phoneNumber": "+17875550002", "simCardNumber": "8931087112345678901", "yearMonth": "2025_02", "customerId": "A", "providerGroup": "KPN"},
		{"id": "m3", "subscriptionId": "s3", "phoneNumber": "+17875550003", "yearMonth": "2025_01", "customerId": "A", "providerGroup": "KPN"}]}`))
	g.load(db.Elevate, strings.NewReader(`[
		{"id": 1, "customerId": 17, "eventDate": "2025-05-05T00:00:00Z", "serviceId": "+17875550001"},
		{"id": 2, "customerId": 17, "eventDate": "2025-06-07T00:00:00Z", "serviceId": "+17875550001"},
		{"id": 3, "customerId": 18, "eventDate": "2025-01-15T00:00:00Z", "serviceId": "+17875550003"},
		{"id": 4, "eventDate": "2025-05-06T00:00:00Z", "serviceId": "+17875550001"},
		{"id": 5, "eventDate": "2025-05-06T00:00:00Z", "serviceId": "CIRCUIT-1"}]`))
	g.load(db.BRM, strings.NewReader(`[{"id": "b1", "usageDate": "2025-05-06T00:00:00Z", "relatedParty": [{"id": "1", "role": "customer"}, {"id": "2", "role": "customer"}]}]`))
	for _, about := range []string{
		"MSISDN 17875550001 2025-01-20", "MSISDN 17875550001 2025-03-10", "MSISDN 17875550001 2025-05-20", "MSISDN 17875550001 2025-06-20",
		"MSISDN 17875550003 2025-01-20", "MSISDN 8201 2025-01-20", "SubscriptionId S-1001 2025-01-20",
	} {
		kind, rest, _ := strings.Cut(about, " ")
		identifier, day, _ := strings.Cut(rest, " ")
		g.load(db.DXP, strings.NewReader(fmt.Sprintf(`{"description": "Usage Consumption Report for %s %s", "effectiveDate": "%sT00:00:00Z"}`, kind, identifier, day)))
	}
}

func TestHoldingsAndAttributions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		for name, query := range map[string]string{
			"holdings": `{subscriptions(orderBy: [{field: SOURCE_ID}]) {nodes {source sourceId identifiers {kind source value validFrom validTo disputed}}}}`,
			"attributions": `{consumptionReports(orderBy: [{field: EFFECTIVE_AT}]) {nodes {effectiveAt description attribution customer {source sourceId} subscription {sourceId}}}
				usageRecords(orderBy: [{field: SOURCE_ID}]) {nodes {sourceId attribution customer {source sourceId} subscription {sourceId}}}}`,
			"unattributed": `{unattributed {totalCount pageInfo {hasNextPage hasPreviousPage} nodes {identifier reason document {__typename
				... on UsageRecord {source sourceId eventTime rated {tag}} ... on ConsumptionReport {source sourceId effectiveAt buckets {totalCount}}}}}}`,
		} {
			answer, _ := g.query(query, nil)
			golden(t, name, answer)
		}
	})
}

func TestSubscriptionByNumberAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		for at, want := range map[string]string{
			`null`: "+17875550001", `"2025-01-10T00:00:00Z"`: "s1", `"2025-05-20T00:00:00+02:00"`: "+17875550001",
		} {
			var found struct{ Subscription struct{ SourceID string } }
			g.read(`{subscription(by: {phoneNumber: "17875550001"}, at: `+at+`) {sourceId}}`, nil, &found)
			if found.Subscription.SourceID != want {
				t.Errorf("at %s: %s, want %s", at, found.Subscription.SourceID, want)
			}
		}
		// A client that sees customer A alone must not learn the times of the other customer.
		a, err := store.For(db.All()).Customer(t.Context(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.STN, Value: "A"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range executors() {
			runner := newRunner(store, way.schema)
			runner.scope = db.Only(a.CustomerID)
			got := runner.answer(t.Context(), graphql.RawParams{Query: `{subscription(by: {phoneNumber: "17875550001"}) {sourceId}}`})
			if len(got.Errors) != 1 || got.Errors[0].Message != "subscription not found" {
				t.Errorf("%s: %s %v", way.name, got.Data, got.Errors)
			}
		}
	})
}

func TestUnattributedPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		type page struct {
			Unattributed struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
				Edges []struct {
					Cursor string
					Node   struct{ Document struct{ ID string } }
				}
			}
		}
		const query = `query($n: Int, $after: String) {unattributed(first: $n, after: $after) {pageInfo {hasNextPage endCursor} edges {cursor node {document {... on Node {id}}}}}}`
		var all, one page
		g.read(query, map[string]any{"n": 1000}, &all)
		if all.Unattributed.PageInfo.HasNextPage || len(all.Unattributed.Edges) < 5 {
			t.Fatalf("%+v", all)
		}
		var after *string
		for i, want := range all.Unattributed.Edges {
			g.read(query, map[string]any{"n": 1, "after": after}, &one)
			last := i == len(all.Unattributed.Edges)-1
			if u := one.Unattributed; len(u.Edges) != 1 || u.Edges[0] != want || u.PageInfo.HasNextPage == last || *u.PageInfo.EndCursor != want.Cursor {
				t.Errorf("%d: %+v, want %+v", i, u, want)
			}
			after = one.Unattributed.PageInfo.EndCursor
		}
		if g.read(query, map[string]any{"n": 1, "after": after}, &one); len(one.Unattributed.Edges) != 0 || one.Unattributed.PageInfo.EndCursor != nil {
			t.Errorf("after the last: %+v", one)
		}
	})
}

func TestUnattributedStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		for query, statements := range map[string]int{
			`{unattributed {nodes {reason identifier}}}`:            3,
			`{unattributed {totalCount nodes {reason}}}`:            3,
			`{unattributed {totalCount countUpTo(max: 1) {exact}}}`: 2,
			`{unattributed(first: 1) {totalCount nodes {reason}}}`:  3,
			`{unattributed {nodes {document {... on UsageRecord {sourceId rated {tag}} ... on ConsumptionReport {buckets {nodes {name}}}}}}}`:       5,
			`{unattributed {nodes {document {... on UsageRecord {customer {id} subscription {id}} ... on ConsumptionReport {subscription {id}}}}}}`: 5,
		} {
			var data any
			if got := g.read(query, nil, &data); got != statements {
				t.Errorf("%s: %d statements, want %d", query, got, statements)
			}
		}
	})
}

func TestUnattributedRequiresAllCustomers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		newGraph(t, store).loadHoldings()
		for _, way := range executors() {
			runner := newRunner(store, way.schema)
			runner.scope = db.Only(1)
			got := runner.answer(t.Context(), graphql.RawParams{Query: `{unattributed {totalCount}}`})
			var forbidden *db.Error
			if len(got.Errors) != 1 || !errors.As(got.Errors[0], &forbidden) || forbidden.Code != db.Forbidden {
				t.Errorf("%s: %s %v", way.name, got.Data, got.Errors)
			}
		}
	})
}

func TestCustomersByIdentifier(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		write := func(block func(*db.Tx) error) {
			if err := store.Write(t.Context(), block); err != nil {
				t.Fatal(err)
			}
		}
		a, err := store.For(db.All()).Customer(t.Context(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.STN, Value: "A"}})
		if err != nil {
			t.Fatal(err)
		}
		write(func(tx *db.Tx) error {
			return tx.AddCustomerIdentifiers(t.Context(), []*db.CustomerIdentifier{{Source: db.Elevate, Value: "A17", CustomerID: a.CustomerID}})
		})
		for filter, want := range map[string]int{
			`{source: {eq: STN}}`: 0, `{identifiers: {source: {eq: STN}}}`: 1, `{identifiers: {source: {eq: ELEVATE}}}`: 3, `{identifiers: {source: {eq: BRM}}}`: 0,
			`{identifiers: {value: {like: "A%"}}}`: 1, `{identifiers: {source: {eq: STN}, value: {eq: "A17"}}}`: 0, `{identifiers: {}}`: 3,
			`{not: {identifiers: {source: {eq: STN}}}}`: 2, `{or: [{identifiers: {value: {eq: "17"}}}, {identifiers: {value: {eq: "A17"}}}]}`: 2,
		} {
			var found struct{ Customers struct{ TotalCount int } }
			g.read(`{customers(filter: `+filter+`) {totalCount}}`, nil, &found)
			if found.Customers.TotalCount != want {
				t.Errorf("%s: %d, want %d", filter, found.Customers.TotalCount, want)
			}
		}
	})
}
