package graphqlhttp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

const (
	plain    = "application/json; charset=utf-8"
	response = "application/graphql-response+json; charset=utf-8"
)

func TestContentNegotiation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for accept, want := range map[string]string{
			"":                                  plain,
			"*/*":                               plain,
			"application/*":                     plain,
			"application/json":                  plain,
			"application/graphql-response+json": response,
			"application/graphql-response+json, application/json":                                                   response,
			"application/json, application/graphql-response+json":                                                   response,
			"application/graphql-response+json;q=0.5, application/json":                                             plain,
			"application/graphql-response+json;q=0.5, application/json;q=0.4":                                       response,
			"application/graphql-response+json, application/*;q=0.9":                                                response,
			"application/json;q=0, */*":                                                                             response,
			"application/*;q=0, application/json;q=0.1":                                                             plain,
			"text/html, application/xhtml+xml, */*;q=0.8":                                                           plain,
			"application/json; charset=utf-8":                                                                       plain,
			"nonsense, application/json;q=0.1":                                                                      plain,
			"application/json;q=7":                                                                                  "",
			"text/event-stream":                                                                                     "",
			"text/event-stream, application/json;q=0":                                                               "",
			"application/graphql-response+json, application/json, text/event-stream, multipart/mixed":               response,
			"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, */*": response,
		} {
			got := post(t, h, strings.NewReader(`{"query":"{__typename}"}`), "Accept", accept)
			switch {
			case want == "" && (got.status != http.StatusNotAcceptable || got.header.Get("Content-Type") != plain):
				t.Errorf("%q: %d %s", accept, got.status, got.header.Get("Content-Type"))
			case want != "" && (got.status != http.StatusOK || got.header.Get("Content-Type") != want):
				t.Errorf("%q: %d %s", accept, got.status, got.header.Get("Content-Type"))
			}
		}
	})
}

// requests lists requests with their status for application/graphql-response+json, their status for application/json
// (plain), and the code of their error.
var requests = []struct {
	name, method, contentType, body string
	status, plain                   int
	code                            string
}{
	{"a query", "POST", "application/json", `{"query":"{__typename}"}`, 200, 200, ""},
	{"a query in UTF-8", "POST", "application/json; charset=UTF-8", `{"query":"{__typename}"}`, 200, 200, ""},
	{"a query with null members", "POST", "application/json", `{"query":"{__typename}","variables":null,"operationName":null,"extensions":null,"id":null}`, 200, 200, ""},
	{"a query with unknown members", "POST", "application/json", `{"query":"{__typename}","nonsense":[1,2.5,true,null,{}]}`, 200, 200, ""},
	{"a body in another encoding", "POST", "application/json; charset=latin1", `{"query":"{__typename}"}`, 415, 415, "BAD_USER_INPUT"},
	{"a body without a type", "POST", "", `{"query":"{__typename}"}`, 415, 415, "BAD_USER_INPUT"},
	{"a body of another type", "POST", "application/graphql", `{__typename}`, 415, 415, "BAD_USER_INPUT"},
	{"a form", "POST", "application/x-www-form-urlencoded", `query={__typename}`, 415, 415, "BAD_USER_INPUT"},
	{"an upload", "POST", "multipart/form-data; boundary=a", `--a--`, 415, 415, "BAD_USER_INPUT"},
	{"another method", "PUT", "application/json", `{"query":"{__typename}"}`, 405, 405, "BAD_USER_INPUT"},
	{"an empty body", "POST", "application/json", ``, 400, 400, "BAD_USER_INPUT"},
	{"no JSON", "POST", "application/json", `{"query":"SECRET`, 400, 400, "BAD_USER_INPUT"},
	{"JSON with text after it", "POST", "application/json", `{"query":"{__typename}"}{}`, 400, 400, "BAD_USER_INPUT"},
	{"JSON with a duplicate name", "POST", "application/json", `{"query":"{__typename}","query":"{__typename}"}`, 400, 400, "BAD_USER_INPUT"},
	{"variables with a duplicate name", "POST", "application/json", `{"query":"query($a:ID!){node(id:$a){id}}","variables":{"a":"1","a":"2"}}`, 400, 400, "BAD_USER_INPUT"},
	{"JSON that is not UTF-8", "POST", "application/json", "{\"query\":\"{__typename}\xff\"}", 400, 400, "BAD_USER_INPUT"},
	{"JSON with a NUL", "POST", "application/json", "{\"query\":\"{__typename}\x00\"}", 400, 400, "BAD_USER_INPUT"},
	{"a document with a NUL", "POST", "application/json", `{"query":"{__typename}\u0000"}`, 400, 400, "BAD_USER_INPUT"},
	{"a string with a NUL", "POST", "application/json", `{"query":"{customers(filter:{name:{eq:\"\\u0000\"}}){totalCount}}"}`, 400, 200, "BAD_USER_INPUT"},
	{"a variable with a NUL", "POST", "application/json", `{"query":"query($a:String){customers(filter:{name:{eq:$a}}){totalCount}}","variables":{"a":"\u0000"}}`, 400, 400, "BAD_USER_INPUT"},
	{"a variable named with a NUL", "POST", "application/json", `{"query":"{__typename}","variables":{"\u0000":1}}`, 400, 400, "BAD_USER_INPUT"},
	{"NaN", "POST", "application/json", `{"query":"{__typename}","variables":{"a":NaN}}`, 400, 400, "BAD_USER_INPUT"},
	{"Infinity", "POST", "application/json", `{"query":"{__typename}","variables":{"a":-Infinity}}`, 400, 400, "BAD_USER_INPUT"},
	{"a lone surrogate", "POST", "application/json", `{"query":"{__typename}","variables":{"a":"\ud800"}}`, 400, 400, "BAD_USER_INPUT"},
	{"a list", "POST", "application/json", `[{"query":"{__typename}"}]`, 400, 400, "BAD_USER_INPUT"},
	{"no document", "POST", "application/json", `{"variables":{}}`, 400, 400, "BAD_USER_INPUT"},
	{"an empty document", "POST", "application/json", `{"query":""}`, 400, 400, "BAD_USER_INPUT"},
	{"a blank document", "POST", "application/json", `{"query":" "}`, 400, 400, "BAD_USER_INPUT"},
	{"a document of fragments", "POST", "application/json", `{"query":"fragment F on Customer{id}"}`, 400, 400, "BAD_USER_INPUT"},
	{"a document that is no string", "POST", "application/json", `{"query":1}`, 400, 400, "BAD_USER_INPUT"},
	{"variables that are no object", "POST", "application/json", `{"query":"{__typename}","variables":[]}`, 400, 400, "BAD_USER_INPUT"},
	{"extensions that are no object", "POST", "application/json", `{"query":"{__typename}","extensions":""}`, 400, 400, "BAD_USER_INPUT"},
	{"an id that is no string", "POST", "application/json", `{"query":"{__typename}","documentId":1}`, 400, 400, "BAD_USER_INPUT"},
	{"an undeclared variable", "POST", "application/json", `{"query":"{__typename}","variables":{"a":1}}`, 400, 400, "BAD_USER_INPUT"},
	{"a variable of another operation", "POST", "application/json", `{"query":"query A{__typename} query B($a:ID!){node(id:$a){id}}","operationName":"A","variables":{"a":1}}`, 200, 200, ""},
	{"an operation by its name", "POST", "application/json", `{"query":"query A{__typename} query B{__typename}","operationName":"B"}`, 200, 200, ""},
	{"an unknown operation", "POST", "application/json", `{"query":"query A{__typename}","operationName":"B"}`, 400, 400, "BAD_USER_INPUT"},
	{"one of several operations", "POST", "application/json", `{"query":"query A{__typename} query B{__typename}"}`, 400, 400, "BAD_USER_INPUT"},
	{"a document with a syntax error", "POST", "application/json", `{"query":"{"}`, 400, 200, "GRAPHQL_PARSE_FAILED"},
	{"an invalid document", "POST", "application/json", `{"query":"{nonsense}"}`, 400, 200, "GRAPHQL_VALIDATION_FAILED"},
	{"a mutation", "POST", "application/json", `{"query":"mutation{__typename}"}`, 400, 200, "GRAPHQL_VALIDATION_FAILED"},
	{"a variable of another type", "POST", "application/json", `{"query":"query($a:Int){customers(first:$a){totalCount}}","variables":{"a":"x"}}`, 400, 200, "GRAPHQL_VALIDATION_FAILED"},
	{"a missing variable", "POST", "application/json", `{"query":"query($a:ID!){node(id:$a){id}}"}`, 400, 200, "GRAPHQL_VALIDATION_FAILED"},
	{"a hash that is not the document's", "POST", "application/json", `{"query":"{__typename}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}`, 400, 400, "BAD_USER_INPUT"},
	{"a persisted query without a hash", "POST", "application/json", `{"query":"{__typename}","extensions":{"persistedQuery":{"version":1}}}`, 400, 400, "BAD_USER_INPUT"},
	{"a persisted query that is no object", "POST", "application/json", `{"query":"{__typename}","extensions":{"persistedQuery":7}}`, 400, 400, "BAD_USER_INPUT"},
	{"an unknown hash", "POST", "application/json", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}`, 400, 200, "PERSISTED_QUERY_NOT_FOUND"},
	{"an unknown id", "POST", "application/json", `{"documentId":"00"}`, 400, 200, "PERSISTED_QUERY_NOT_FOUND"},
	{"a year above the maximum", "POST", "application/json", `{"query":"{usageRecords(filter:{eventTime:{gte:\"10000-01-01T00:00:00Z\"}}){totalCount}}"}`, 200, 200, "BAD_USER_INPUT"},
	{"a year below the minimum", "POST", "application/json", `{"query":"{usageRecords(filter:{eventTime:{gte:\"0000-12-31T00:00:00Z\"}}){totalCount}}"}`, 200, 200, "BAD_USER_INPUT"},
	{"a time out of range by its offset", "POST", "application/json", `{"query":"{usageRecords(filter:{eventTime:{gte:\"9999-12-31T23:59:59-01:00\"}}){totalCount}}"}`, 200, 200, "BAD_USER_INPUT"},
	{"an invalid number", "POST", "application/json", `{"query":"{usageRecords(filter:{dataQuantity:{gt:\"Infinity\"}}){totalCount}}"}`, 200, 200, "BAD_USER_INPUT"},
}

func TestStatusOfRequests(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for _, test := range requests {
			for accept, status := range map[string]int{"application/graphql-response+json": test.status, "application/json": test.plain} {
				r := httptest.NewRequest(test.method, "/graphql", strings.NewReader(test.body))
				r.Header.Set("Content-Type", test.contentType)
				r.Header.Set("Accept", accept)
				got := do(t, h, r)
				if got.status != status || got.code() != test.code {
					t.Errorf("%s, as %s: %d %s", test.name, accept, got.status, got.body)
				}
				if failed := got.status != 200 || test.plain != test.status; failed && strings.Contains(got.body, `"data"`) {
					t.Errorf("%s: data with the errors of a request: %s", test.name, got.body)
				}
				if strings.Contains(got.body, "SECRET") {
					t.Errorf("%s: the body is echoed: %s", test.name, got.body)
				}
				if allow := got.header.Get("Allow"); status == 405 && allow != "GET, POST" {
					t.Errorf("%s: Allow: %q", test.name, allow)
				}
			}
		}
	})
}

func TestCompressedBodyIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		got := post(t, newHandler(t, store, nil), strings.NewReader(`{"query":"{__typename}"}`), "Content-Encoding", "gzip")
		if got.status != http.StatusUnsupportedMediaType {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}

func TestQueryStringIsParsedStrictly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for raw, want := range map[string]int{
			"query={__typename}":                                                  200,
			"query={__typename}&variables=&extensions=":                           200,
			"query={__typename}&variables=null":                                   200,
			"query={__typename}&variables={}&operationName=":                      200,
			"query=query+Q{__typename}&operationName=Q":                           200,
			"query={__typename}&query={__typename}":                               400,
			"query={__typename}&variables={}&variables={}":                        400,
			"query={__typename}&variables={%22a%22:1,%22a%22:1}":                  400,
			"query={__typename}&variables={}{}":                                   400,
			"query={__typename}&variables=[]":                                     400,
			"query={__typename}&variables={%22a%22:1}":                            400,
			"query={__typename};variables={}":                                     400,
			"query={__typename}&variables=%zz":                                    400,
			"query={__typename}%00":                                               400,
			"query={__typename}%ff":                                               400,
			"%ff=1&query={__typename}":                                            400,
			"":                                                                    400,
			"variables={}":                                                        400,
			"query=mutation{__typename}":                                          405,
			"query=subscription{__typename}":                                      405,
			"query=query+A{__typename}+mutation+B{__typename}&operationName=B":    405,
			"query=query+A{__typename}":                                           200,
			"query={nonsense}":                                                    400,
			"documentId=a":                                                        400,
			"extensions={%22persistedQuery%22:{%22version%22:1,%22sha256Hash%22:": 400,
		} {
			r := httptest.NewRequest("GET", "/graphql", nil)
			r.URL.RawQuery = strings.NewReplacer("{", "%7B", "}", "%7D", " ", "+").Replace(raw)
			r.Header.Set("Accept", "application/graphql-response+json")
			got := do(t, h, r)
			if got.status != want {
				t.Errorf("%s: %d %s", raw, got.status, got.body)
			}
			if allow := got.header.Get("Allow"); want == 405 && allow != "POST" {
				t.Errorf("%s: Allow: %q", raw, allow)
			}
		}
	})
}

func TestErrorsRepeatLittleOfTheInput(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		long := strings.Repeat("S", 1000)
		for name, body := range map[string]string{
			"a field":           query("{" + long + "}"),
			"an alias":          query("{" + long + ":__typename}"),
			"an argument":       query("{customers(" + long + ":1){totalCount}}"),
			"a value":           query(`{customers(first:"` + long + `"){totalCount}}`),
			"an enum":           query("{usageRecords(filter:{usageType:{eq:" + long + "}}){totalCount}}"),
			"a type":            query("query($a:" + long + "){__typename}"),
			"a fragment":        query("{..." + long + "}"),
			"a directive":       query("{__typename@" + long + "}"),
			"a token":           query(`{"` + long + `"}`),
			"an operation":      `{"query":"{__typename}","operationName":"` + long + `"}`,
			"a variable":        `{"query":"{__typename}","variables":{"` + long + `":1}}`,
			"an input field":    `{"query":"query($f:CustomerFilter){customers(filter:$f){totalCount}}","variables":{"f":{"` + long + `":1}}}`,
			"an enum's value":   `{"query":"query($t:UsageType){usageRecords(filter:{usageType:{eq:$t}}){totalCount}}","variables":{"t":"` + long + `"}}`,
			"a variable's name": query("query($" + long + ":Int!){customers(first:$" + long + "){totalCount}}"),
			"an id":             query(`{node(id:"` + long + `"){id}}`),
			"a cursor":          query(`{customers(after:"` + long + `"){totalCount}}`),
			"a date":            query(`{usageRecords(filter:{eventTime:{eq:"` + long + `"}}){totalCount}}`),
			"a decimal":         query(`{usageRecords(filter:{dataQuantity:{eq:"` + long + `"}}){totalCount}}`),
			"no JSON":           long,
			"a parameter":       "?" + url.Values{long: {"1", "2"}}.Encode(),
		} {
			got := post(t, h, strings.NewReader(body))
			if raw, ok := strings.CutPrefix(body, "?"); ok {
				got = do(t, h, httptest.NewRequest("GET", "/graphql?"+raw, nil))
			}
			if got.code() == "" || strings.Contains(got.body, strings.Repeat("S", 201)) {
				t.Errorf("%s: %d %.600s", name, got.status, got.body)
			}
		}
	})
}
