package resolvers_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	schemas "usagegraph/graph"
	"usagegraph/queryplan"
	"usagegraph/resolvers"
)

// broken is a resolver root with resolvers that fail.
type broken struct{ schemas.ResolverRoot }

func newBroken(read *queryplan.Read) schemas.ResolverRoot { return broken{resolvers.New(read)} }

type brokenQuery struct{ schemas.QueryResolver }

func (b broken) Query() schemas.QueryResolver { return brokenQuery{b.ResolverRoot.Query()} }

func (brokenQuery) Buckets(context.Context, *int32, *string, *int32, *string, *db.BucketFilter, []*db.BucketOrder) (*db.BucketConnection, error) {
	panic("broken")
}

// foreign is a node of no type of the schema.
type foreign struct{ db.Node }

func (brokenQuery) Nodes(context.Context, []string) ([]db.Node, error) {
	return []db.Node{&db.Customer{Source: db.Elevate, SourceID: "1"}, foreign{}}, nil
}

// Links returns a page without cursors, whose method panics.
func (brokenQuery) Links(context.Context, *int32, *string) (*db.CustomerLinkConnection, error) {
	return &db.CustomerLinkConnection{Nodes: []*db.CustomerLink{{}}}, nil
}

type brokenCustomer struct{ schemas.CustomerResolver }

func (b broken) Customer() schemas.CustomerResolver { return brokenCustomer{b.ResolverRoot.Customer()} }

func (brokenCustomer) Buckets(context.Context, *db.Customer, *int32, *string, *int32, *string, *db.BucketFilter, []*db.BucketOrder) (*db.BucketConnection, error) {
	panic("broken")
}

type brokenRecord struct{ schemas.UsageRecordResolver }

func (b broken) UsageRecord() schemas.UsageRecordResolver {
	return brokenRecord{b.ResolverRoot.UsageRecord()}
}

func (brokenRecord) Rated(context.Context, *db.UsageRecord) ([]*db.RatedUsage, error) {
	return []*db.RatedUsage{nil, {}}, nil
}

func TestNullRisesToTheNextNullableField(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadCalls(1, 1, 1)
		c := newComparison(store, newBroken)
		for name, test := range map[string]struct {
			query, data string
			errors      int
		}{
			"an error in a nullable field": {`{customers {totalCount} node(id: "no id") {id} more: node(id: "no id") {id}}`,
				`{"customers":{"totalCount":1},"node":null,"more":null}`, 2},
			"errors in fields that must not be null": {
				`{customers {totalCount} customer(by: {sourceId: {source: ELEVATE, value: "1"}}) {subscriptions(first: 0) {totalCount} last: subscriptions(last: 0) {totalCount}}}`,
				`{"customers":{"totalCount":1},"customer":null}`, 2},
			"an element that must not be null": {`{usageRecord(by: {source: ELEVATE, value: "1"}) {id rated {tag}} __typename}`,
				`{"usageRecord":null,"__typename":"Query"}`, 1},
			"an error in each element":        {`{usageRecords {nodes {rated {position} again: rated {tag}}}}`, "null", 2},
			"a panic in the list of a node":   {`{node(id: "Q3VzdG9tZXI6RUxFVkFURTox") {id ... on Customer {buckets {totalCount}}}}`, `{"node":null}`, 1},
			"an error in the list of a node":  {`{node(id: "Q3VzdG9tZXI6RUxFVkFURTox") {id ... on Customer {usageRecords(first: 0) {totalCount}}}}`, `{"node":null}`, 1},
			"a panic at the root":             {"{customers {totalCount} buckets {totalCount}}", "null", 1},
			"one field in several selections": {`query {...F ...F customers {nodes {usageRecords(last: -1) {totalCount}}}} fragment F on Query {customers {nodes {usageRecords(last: -1) {nodes {id}}}}}`, "null", 1},
		} {
			answer := c.compare(t, graphql.RawParams{Query: test.query}, db.All())
			if string(answer.Data) != test.data || len(answer.Errors) != test.errors {
				t.Errorf("%s: %s with errors %v, want %s with %d", name, answer.Data, answer.Errors, test.data, test.errors)
			}
		}
	})
}

func TestNodeOfAnUnknownTypeIsAnErrorOfTheElement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		encoder := newRunner(store, schemas.NewSchema(schemas.Config{}, newBroken, nil))
		answer := encoder.answer(t.Context(), graphql.RawParams{Query: `{nodes(ids: []) {id} node(id: "no id") {id}}`})
		var paths []string
		for _, err := range answer.Errors {
			paths = append(paths, err.Path.String())
		}
		if string(answer.Data) != `{"nodes":[{"id":"Q3VzdG9tZXI6RUxFVkFURTox"},null],"node":null}` || !slices.Equal(paths, []string{"nodes[1]", "node"}) {
			t.Errorf("%s %s", answer.Data, paths)
		}
	})
}

func TestOutageIsNoMissingRecord(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		g := newGraph(t, store)
		g.loadCalls(1, 1, 1)
		var found struct {
			Customers struct{ Nodes []struct{ ID string } }
		}
		g.read("{customers {nodes {id}}}", nil, &found)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		c := newComparison(store, resolvers.New)
		c.compare(t, graphql.RawParams{Query: "{usageRecords {nodes {id rated {tag}}} buckets {totalCount}}"}, db.All())
		for _, list := range []string{"usageRecords", "usageRecords(first: 100)"} {
			answer := c.encoder.answer(t.Context(), graphql.RawParams{
				Query: `{node(id: "` + found.Customers.Nodes[0].ID + `") {... on Customer {` + list + ` {nodes {id}}}}}`,
			})
			// The pool is closed, which no client sees: it is none of the errors of db.
			var known *db.Error
			if string(answer.Data) != `{"node":null}` || len(answer.Errors) != 1 || errors.As(answer.Errors, &known) {
				t.Errorf("%s: %s %v", list, answer.Data, answer.Errors)
			}
		}
	})
}
