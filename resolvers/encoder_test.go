package resolvers_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	schemas "usagegraph/graph"
	"usagegraph/ingest"
	"usagegraph/resolvers"
)

// comparedQueries is the number of random queries with which encoder and executor are compared.
const comparedQueries = 400

// TestEncoderEqualsExecutor compares the answers to random queries, with their errors, and the spans of resolvers: half
// of the queries have resolvers that fail for some records.
func TestEncoderEqualsExecutor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		g.loadCalls(2, 2, 3)
		comparisons := []*comparison{newComparison(store, resolvers.New), newComparison(store, newFaulty(t, store))}
		a := g.queryGenerator()
		rejected, succeeded, failed, null := 0, 0, 0, 0
		scopes := []db.Scope{db.All(), db.All().WithStaff(true), db.All().WithCost(false), db.Only(g.customerID())}
		for i := range comparedQueries {
			switch answer := comparisons[i%2].compare(t, a.query(), scopes[i/2%len(scopes)]); {
			case answer.Data == nil:
				rejected++
			case answer.Errors == nil:
				succeeded++
			default:
				failed++
				if string(answer.Data) == "null" {
					null++
				}
			}
		}
		t.Logf("%d answers without errors, %d with errors, %d of them null; %d queries not executed", succeeded, failed, null, rejected)
		if succeeded < comparedQueries/5 || failed < comparedQueries/5 || null < comparedQueries/20 {
			t.Error("too few of these answers for a comparison")
		}
	})
}

// filledUsage, filledSummary and filledCall have values for the members that are null in all samples.
const (
	filledUsage = `[{"@baseType": "Usage", "id": "filled", "date": "2020-08-14T12:00:00Z", "description": "a fee", "type": "EventBilling", "status": "Rated",
		"usageSpecification": {"id": "S1", "name": "n", "href": "h"}, "usageCharacteristic": [{"name": "a", "value": "b"}],
		"relatedParty": [{"id": "C1", "name": "N", "role": "customer", "@referredType": "Customer"}],
		"ratedProductUsage": [{"usageRatingTag": "Rate 0"}, {"ratingDate": "2020-08-14T12:00:01Z", "isBilled": true, "ratingAmountType": "Total", "isTaxExempt": false,
			"offerTariffType": "O", "bucketValueConvertedInAmount": {"unit": "EUR", "value": 2.5}, "productRef": {"id": "P1", "name": "N", "href": "h"}}]}]`
	filledSummary = `[{"id": "filled", "subscriptionId": "S1", "customerId": "C1", "yearMonth": "2025_01", "simCardNumber": "8931087112345678901"}]`
	filledCall    = `[{"id": 2, "customerId": 2, "serviceId": "+447700900123", "eventDate": "2025-01-02T10:00:00Z", "callClass": "UK Mobile", "sellPrice": 1}]`
)

// TestEachFieldAlone selects one field at a time, so that the projection has the columns of that field alone.
func TestEachFieldAlone(t *testing.T) {
	t.Parallel()
	s := schema(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		g.load(db.BRM, strings.NewReader(filledUsage))
		g.load(db.STN, strings.NewReader(filledSummary))
		g.load(db.Elevate, strings.NewReader(filledCall))
		for _, a := range []db.Assignment{{Kind: db.SourceOwnID, NameSource: db.DXP, Value: "S-1001"}, {Kind: db.MSISDN, Value: "447700900123"}} {
			a.Start, a.End, a.CustomerSource, a.CustomerValue, a.AssignedBy = db.Always, db.Forever, db.STN, "C1", "ops"
			if _, err := ingest.Assign(t.Context(), store, a, false); err != nil {
				t.Fatal(err)
			}
		}
		ways := executors()
		executor, encoder := newRunner(store, ways[0].schema), newRunner(store, ways[1].schema)
		for _, list := range s.Query.Fields {
			if !strings.HasSuffix(list.Type.Name(), "Connection") {
				continue
			}
			for _, field := range eachField(s, s.Types[s.Types[list.Type.Name()].Fields.ForName("nodes").Type.Name()]) {
				arguments := cmp.Or(argumentsOfTotals(list), "(first: 100)")
				params := graphql.RawParams{Query: "{" + list.Name + arguments + " {nodes {" + field + "}}}"}
				got, want := text(t, encoder.answer(t.Context(), params)), text(t, executor.answer(t.Context(), params))
				if got != want {
					t.Errorf("%s\nthe encoder answers  %s\nthe executor answers %s", params.Query, got, want)
				}
			}
		}
	})
}

func TestExecutorAnswersInPlaceOfTheEncoder(t *testing.T) {
	t.Parallel()
	doubling := "{customers {nodes {...F0}}}"
	for i := range 30 {
		doubling += fmt.Sprintf(" fragment F%d on Customer {a: subscriptions {nodes {customer {...F%d}}} b: subscriptions {nodes {customer {...F%[2]d}}}}", i, i+1)
	}
	doubling += " fragment F30 on Customer {id}"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		executor := newRunner(store, schemas.NewExecutableSchema(schemas.Config{Resolvers: newBroken(nil)}))
		encoder := newRunner(store, schemas.NewSchema(schemas.Config{}, newBroken, nil))
		for name, query := range map[string]string{
			"introspection":                `{customers {totalCount} __type(name: "Query") {name} __schema {queryType {name}}}`,
			"too many fields for a plan":   doubling,
			"a panic in a record's method": `{customers {totalCount} node(id: "no id") {id} links {edges {cursor}}}`,
		} {
			for range 2 {
				params := graphql.RawParams{Query: query}
				if got, want := text(t, encoder.answer(t.Context(), params)), text(t, executor.answer(t.Context(), params)); got != want {
					t.Errorf("%s\nthe encoder answers  %s\nthe executor answers %s", name, got, want)
				}
			}
		}
	})
}

// eachField returns a selection for each field of a type alone. It descends into objects that are no records.
func eachField(s *ast.Schema, def *ast.Definition) []string {
	var alone []string
	for _, f := range def.Fields {
		of := s.Types[f.Type.Name()]
		switch {
		case of.IsLeafType():
			alone = append(alone, f.Name)
		case strings.HasSuffix(of.Name, "Connection"):
			alone = append(alone, f.Name+" {edges {cursor node {id}} pageInfo {endCursor}}")
		case len(of.Interfaces) > 0:
			alone = append(alone, f.Name+" {id}", f.Name+" {sourceId}")
		case of.Kind == ast.Union:
			for _, one := range s.GetPossibleTypes(of) {
				for _, field := range eachField(s, one) {
					alone = append(alone, f.Name+" {... on "+one.Name+" {"+field+"}}")
				}
			}
		default:
			for _, g := range of.Fields {
				if under := s.Types[g.Type.Name()]; under.IsLeafType() || len(under.Interfaces) == 0 {
					alone = append(alone, f.Name+" {"+strings.TrimSuffix(g.Name+" {"+allFields(s, under)+"}", " {}")+"}")
				}
			}
		}
	}
	return alone
}

// customerID returns the id of a customer with calls.
func (g *graph) customerID() int64 {
	g.t.Helper()
	customer, err := g.store.For(db.All()).Customer(g.t.Context(), db.AllColumns, db.CustomerBy{SourceID: &db.SourceID{Source: db.Elevate, Value: "1"}})
	if err != nil {
		g.t.Fatal(err)
	}
	return customer.CustomerID
}

// queryGenerator returns a generator with the values of this graph.
func (g *graph) queryGenerator() *queryGenerator {
	g.t.Helper()
	a := &queryGenerator{Rand: rand.New(rand.NewPCG(1, 2)), schema: schema(g.t),
		ids: []string{"nonsense", "Q3VzdG9tZXI6MTox"}, cursors: map[string][]string{}, records: map[string][]any{},
		texts: []string{"8201", "S-1001", "1", "line 0-0", "UK%", "none", "b\x00"}}
	for _, list := range lists {
		var found map[string]struct {
			Edges []struct {
				Cursor string
				Node   struct{ ID, Source, SourceID string }
			}
		}
		g.read("{"+list+"(first: 9) {edges {cursor node {id source sourceId}}}}", nil, &found)
		for _, e := range found[list].Edges {
			a.ids = append(a.ids, e.Node.ID)
			a.cursors[list] = append(a.cursors[list], e.Cursor)
			a.records[list] = append(a.records[list], map[string]any{"source": enum(e.Node.Source), "value": e.Node.SourceID})
		}
	}
	return a
}

// text returns the text of an answer with its errors sorted, because the executor reports them in any order.
func text(t *testing.T, answer *graphql.Response) string {
	t.Helper()
	sorted := make([]string, len(answer.Errors))
	for i, e := range answer.Errors {
		one, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		sorted[i] = string(one)
	}
	slices.Sort(sorted)
	extensions, err := json.Marshal(answer.Extensions)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer.Data) + strings.Join(sorted, "\n") + string(extensions)
}

// TestExecutorReadsAllColumns executes an operation after another was encoded with columns of its own.
func TestExecutorReadsAllColumns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		ways := executors()
		executor, encoder := newRunner(store, ways[0].schema), newRunner(store, ways[1].schema)
		encoder.answer(t.Context(), graphql.RawParams{Query: "{customers {nodes {id}}}"})
		params := graphql.RawParams{Query: "{customers {edges {cursor node {source sourceId}}} __schema {queryType {name}}}"}
		if got, want := text(t, encoder.answer(t.Context(), params)), text(t, executor.answer(t.Context(), params)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
