package graphqlhttp_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
	"usagegraph/web"
)

// list returns a list of n elements.
func list(n int, element string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

// numbered returns n texts with their numbers, each after a space.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " "+format, i)
	}
	return b.String()
}

// limits lists queries of a size n for each limit, by the name of the limit and its value.
var limits = []struct {
	name      string
	limit     int
	query     func(n int) string
	variables func(n int) string
}{
	{name: "tokens", limit: 1000, query: func(n int) string {
		return "{customers(filter:{or:[" + strings.Repeat("{name:{isNull:true}}", (n-19)/9) + "]}){nodes{id" + strings.Repeat(" id", (n-19)%9) + "}}}"
	}},
	{name: "fields", limit: 500, query: func(n int) string { return "{customers{nodes{" + strings.Repeat("id ", n-2) + "}}}" }},
	{name: "fields", limit: 500, query: func(n int) string {
		return "{customers{nodes{...F...F" + strings.Repeat(" id", n%2) + "}}} fragment F on Customer{" + strings.Repeat("id ", n/2-1) + "}"
	}},
	{name: "depth", limit: 12, query: func(n int) string {
		return "{customers(first:1){nodes{subscriptions(first:1){nodes{" + strings.Repeat("customer{subscriptions(first:1){nodes{", (n-5)/3) +
			[]string{"customer{name}", "customer{subscriptions(first:1){totalCount}}", "id"}[n%3] +
			strings.Repeat("}}}", (n-5)/3) + "}}}}}"
	}},
	{name: "aliases", limit: 30, query: func(n int) string { return "{customers{nodes{" + numbered(n, "a%d:name") + "}}}" }},
	{name: "root_fields", limit: 20, query: func(n int) string { return "{" + strings.Repeat("__typename ", n) + "}" }},
	{name: "directives", limit: 50, query: func(n int) string {
		return "{" + strings.Repeat("__typename@skip(if:false)", n%8) + "customers{nodes{" + strings.Repeat("name@skip(if:false)", n-n%8) + "}}}"
	}},
	{name: "list", limit: 250, query: func(n int) string { return "{customers(filter:{name:{in:" + list(n, `"a"`) + "}}){totalCount}}" }},
	{name: "list", limit: 250, query: func(int) string { return "query($v:[String!]){customers(filter:{name:{in:$v}}){totalCount}}" },
		variables: func(n int) string { return `{"v":` + list(n, `"a"`) + "}" }},
	{name: "nesting", limit: 32, query: func(int) string { return "query($v:SubscriptionFilter){subscriptions(filter:$v){totalCount}}" },
		variables: func(n int) string {
			return `{"v":` + strings.Repeat(`{"not":`, n-2) + `{}` + strings.Repeat("}", n-2) + "}"
		}},
	{name: "nesting", limit: 32, query: func(n int) string {
		return "{subscriptions(filter:" + strings.Repeat("{not:", n-1) + "{}" + strings.Repeat("}", n-1) + "){totalCount}}"
	}},
	{name: "nesting", limit: 32, query: func(n int) string {
		return "{...F" + strings.Repeat("...{", n-1) + "...{__typename}" + strings.Repeat("}", n-1) + "} fragment F on Query{...{__typename}}"
	}},
	{name: "document", limit: 64 << 10, query: func(n int) string { return "{__typename}" + strings.Repeat(",", n-12) }},
	{name: "tokens", limit: 1000, query: func(int) string { return "query($v:CustomerFilter){customers(filter:$v){totalCount}}" },
		variables: func(n int) string {
			// The request, its members, the variables and the objects around the lists are 13 values.
			k := n - 13
			return `{"v":{"and":[{"or":` + list(k/4, "{}") + `},{"or":` + list(k/4, "{}") + `},{"or":` + list(k/4, "{}") + `},{"or":` + list(k-3*(k/4), "{}") + `}]}}`
		}},
	{name: "complexity", limit: 20_000, query: func(n int) string {
		// A connection and its 20 elements, each with a connection of 997 elements, and another connection.
		return fmt.Sprintf("{a:customers(first:20){nodes{subscriptions(first:997){nodes{id}}}} b:customers(first:%d){nodes{id}}}", n-1-20-20*998-1)
	}},
	{name: "complexity", limit: 20_000, query: func(n int) string {
		// A connection and its 20 elements, each with 998 periods, and another connection.
		return fmt.Sprintf("{a:subscriptions(first:20){nodes{billingCycles(first:998){start}}} b:customers(first:%d){nodes{id}}}", n-1-20-20*998-1)
	}},
}

func TestEachLimitIsExact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, func(s *graphqlhttp.Settings) { s.MaxTokens = 1000 })
		for i, test := range limits {
			for _, more := range []int{0, 1} {
				variables := "{}"
				if test.variables != nil {
					variables = test.variables(test.limit + more)
				}
				got := post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"variables":%s}`, test.query(test.limit+more), variables)))
				switch {
				case more == 0 && (got.status != http.StatusOK || got.code() != ""):
					t.Errorf("%d %s: at the limit: %d %.300s\n%.300s", i, test.name, got.status, got.body, test.query(test.limit))
				case more == 1 && (got.status != http.StatusBadRequest || got.code() != "LIMIT_EXCEEDED" || got.Errors[0].Extensions.Limit != test.name):
					t.Errorf("%d %s: above the limit: %d %.300s", i, test.name, got.status, got.body)
				}
			}
		}
	})
}

func TestBodySizeLimitIsExact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		const limit = 1 << 20
		for more, status := range map[int]int{0: http.StatusOK, 1: http.StatusRequestEntityTooLarge} {
			body := append([]byte(`{"query":"{__typename}"}`), bytes.Repeat([]byte(" "), limit+more)...)[:limit+more]
			if got := post(t, h, bytes.NewReader(body)); got.status != status {
				t.Errorf("%d bytes: %d %s", len(body), got.status, got.body)
			}
			if got := post(t, h, struct{ *bytes.Buffer }{bytes.NewBuffer(body)}); got.status != status {
				t.Errorf("%d bytes without Content-Length: %d %s", len(body), got.status, got.body)
			}
		}
	})
}

func TestPageSizeLimitIsExact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, func(s *graphqlhttp.Settings) { s.MaxPage = 7 })
		for _, argument := range []string{"first", "last"} {
			for n, code := range map[int]string{7: "", 8: "BAD_USER_INPUT"} {
				literal := postQuery(t, h, fmt.Sprintf("{customers(%s:%d){totalCount}}", argument, n), nil)
				variable := postQuery(t, h, fmt.Sprintf("query($n:Int){customers(%s:$n){totalCount}}", argument), map[string]any{"n": n})
				preset := postQuery(t, h, fmt.Sprintf("query($n:Int=%d){customers(%s:$n){totalCount}}", n, argument), nil)
				for _, got := range []*reply{literal, variable, preset} {
					if got.code() != code {
						t.Errorf("%s %d: %s", argument, n, got.body)
					}
				}
			}
		}
	})
}

func TestErrorsAreLimited(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for n, want := range map[int]int{20: 20, 21: 20} {
			ids := list(n, `"Q3VzdG9tZXI6MTox"`)
			if got := postQuery(t, h, "{nodes(ids:"+ids+"){id}}", nil); len(got.Errors) != want || got.code() != "NOT_FOUND" {
				t.Errorf("%d absent nodes: %d errors: %.300s", n, len(got.Errors), got.body)
			} else if last := fmt.Sprint(got.Errors[19].Path); last != "[nodes 19]" {
				t.Errorf("%d absent nodes: the last error is of %s", n, last)
			}
			if got := postQuery(t, h, "{customers{nodes{"+strings.Repeat("nonsense ", n)+"}}}", nil); len(got.Errors) != want {
				t.Errorf("%d unknown fields: %d errors: %.300s", n, len(got.Errors), got.body)
			}
		}
	})
}

func TestExamplesAndBenchmarkQueriesAreWithinTheLimits(t *testing.T) {
	t.Parallel()
	queries := []web.Example{
		{Name: "Q1", Query: `{customers(first: 50) {nodes {id name subscriptions(first: 3) {nodes {id phoneNumber
			usageRecords(first: 10) {nodes {id eventTime usageType quantity {amount unit} rated {ratedAt taxExcluded {amount currency}
			taxIncluded {amount currency} taxRate cost {amount}}}}}}}}}`},
		{Name: "Q1 by edges", Query: `{customers(first: 50) {edges {node {subscriptions(first: 3) {edges {node {
			usageRecords(first: 10) {edges {node {id rated {cost {amount}}}}}}}}}}}}`},
		{Name: "Q3", Query: `{usageRecords(first: 1000) {nodes {id eventTime quantity {amount unit} rated {taxExcluded {amount currency}}}}}`},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for _, example := range append(queries, web.Examples()...) {
			body := fmt.Sprintf(`{"query":%q}`, example.Query)
			if example.Variables != nil {
				body = fmt.Sprintf(`{"query":%q,"variables":%s}`, example.Query, example.Variables)
			}
			if got := post(t, h, strings.NewReader(body)); got.code() == "LIMIT_EXCEEDED" {
				t.Errorf("%s: %s", example.Name, got.body)
			}
		}
	})
}

func TestEachLimitIsASetting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, change := range map[string]func(*graphqlhttp.Settings){
			"tokens":      func(s *graphqlhttp.Settings) { s.MaxTokens = 5 },
			"fields":      func(s *graphqlhttp.Settings) { s.MaxFields = 2 },
			"depth":       func(s *graphqlhttp.Settings) { s.MaxDepth = 2 },
			"aliases":     func(s *graphqlhttp.Settings) { s.MaxAliases = 1 },
			"root_fields": func(s *graphqlhttp.Settings) { s.MaxRootFields = 1 },
			"directives":  func(s *graphqlhttp.Settings) { s.MaxDirectives = 1 },
			"list":        func(s *graphqlhttp.Settings) { s.MaxList = 1 },
			"nesting":     func(s *graphqlhttp.Settings) { s.MaxNesting = 1 },
			"complexity":  func(s *graphqlhttp.Settings) { s.MaxComplexity = 3 },
			"body":        func(s *graphqlhttp.Settings) { s.MaxBody = 100 },
		} {
			const query = `{a: customers(filter: {name: {in: ["a", "b"]}}) @skip(if: false) {nodes {n: name @skip(if: false)}} __typename}`
			if got := postQuery(t, newHandler(t, store, change), query, nil); got.code() != "LIMIT_EXCEEDED" || got.Errors[0].Extensions.Limit != name {
				t.Errorf("%s: %s", name, got.body)
			}
		}
	})
}

func TestInvalidLimitIsAnError(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*graphqlhttp.Settings){
		"MAX_DEPTH": func(s *graphqlhttp.Settings) { s.MaxDepth = 0 },
		"MAX_PAGE":  func(s *graphqlhttp.Settings) { s.MaxPage = 1001 },
	} {
		settings := graphqlhttp.DefaultSettings()
		change(&settings)
		if _, err := graphqlhttp.NewHandler(nil, settings, nil, nil); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQueryStringsHaveTheSameLimits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for n, code := range map[int]string{250: "", 251: "LIMIT_EXCEEDED"} {
			values := url.Values{"query": {"query($v:[String!]){customers(filter:{name:{in:$v}}){totalCount}}"}, "variables": {`{"v":` + list(n, `"a"`) + "}"}}
			if got := do(t, h, httptest.NewRequest("GET", "/graphql?"+values.Encode(), nil)); got.code() != code {
				t.Errorf("%d: %s", n, got.body)
			}
		}
	})
}

func TestErrorStatesTheLimit(t *testing.T) {
	t.Parallel()
	h := newHandler(t, dbtest.Open(t, t.TempDir()+"/test.db"), nil)
	for value, want := range map[string]string{
		list(1001, `"a"`): "a list or object has at most 1000 elements",
		list(251, `1`):    "a list or object has at most 250 elements",
	} {
		body := `{"query": "query($v:[ID!]!){nodes(ids:$v){id}}", "variables": {"v":` + value + `}}`
		request := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		if got := do(t, h, request); got.code() != "LIMIT_EXCEEDED" || !strings.Contains(got.body, want) {
			t.Errorf("got %s, want %s", got.body, want)
		}
	}
}
