package graphqlhttp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// invalidInputs lists requests whose inputs do not match the schema, with the code, path and message of their errors.
var invalidInputs = []struct{ name, query, variables, code, path, message string }{
	{"an enum in another case, in an order", "query($o:[CustomerOrder!]){customers(orderBy:$o){nodes{name}}}", `{"o":[{"field":"NAME","direction":"desc"}]}`,
		"GRAPHQL_VALIDATION_FAILED", "[variable o 0 direction]", `OrderDirection: want one of its values, not "desc"`},
	{"an enum in another case, in a filter", "query($t:UsageType){usageRecords(filter:{usageType:{ne:$t}}){totalCount}}", `{"t":"sms"}`,
		"GRAPHQL_VALIDATION_FAILED", "[variable t]", `UsageType: want one of its values, not "sms"`},
	{"an enum in another case, in a look-up", "query($b:CustomerBy!){customer(by:$b){name}}", `{"b":{"sourceId":{"source":"stn","value":"1"}}}`,
		"GRAPHQL_VALIDATION_FAILED", "[variable b sourceId source]", `Source: want one of its values, not "stn"`},
	{"two keys of a OneOf", "query($b:SubscriptionBy!){subscription(by:$b){phoneNumber}}", `{"b":{"phoneNumber":"1","simCardNumber":null}}`,
		"GRAPHQL_VALIDATION_FAILED", "[variable b]", "SubscriptionBy: want exactly one field, not 2"},
	{"null for a OneOf's key", `{subscription(by:{phoneNumber:null}){phoneNumber}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Field "SubscriptionBy.phoneNumber" must not be null.`},
	{"a nullable variable for a OneOf's key", `query($p:String){subscription(by:{phoneNumber:$p}){phoneNumber}}`, `{"p":"1"}`,
		"GRAPHQL_VALIDATION_FAILED", "[]", `Variable "$p" is of type "String" but must be non-nullable to be used for OneOf Input Object "SubscriptionBy".`},
	{"a fraction for an integer", "query($n:Int){customers(first:$n){nodes{name}}}", `{"n":2.5}`,
		"GRAPHQL_VALIDATION_FAILED", "[variable n]", "Int: want a whole number of 32 bits, not this number"},
	{"null for a direction", "query($d:OrderDirection=DESC){customers(first:1,orderBy:{field:NAME,direction:$d}){nodes{name}}}", `{"d":null}`,
		"BAD_USER_INPUT", "[customers orderBy 0 direction]", "OrderDirection!: want a value, not null: $d is null"},
	{"null for a direction whose default is the schema's", "query($d:OrderDirection){customers(orderBy:[{field:NAME},{field:NAME,direction:$d}]){nodes{name}}}", `{"d":null}`,
		"BAD_USER_INPUT", "[customers orderBy 1 direction]", "OrderDirection!: want a value, not null: $d is null"},
	{"null for a look-up", `query($b:CustomerBy={sourceId:{source:STN,value:"1"}}){c:customer(by:$b){name}}`, `{"b":null}`,
		"BAD_USER_INPUT", "[c by]", "CustomerBy!: want a value, not null: $b is null"},
	{"null for a part of a look-up", `query($v:String="1"){c:customer(by:{sourceId:{source:STN,value:$v}}){name}}`, `{"v":null}`,
		"BAD_USER_INPUT", "[c by sourceId value]", "String!: want a value, not null: $v is null"},
	{"null for a list of ids", `query($i:[ID!]=[]){nodes(ids:$i){id}}`, `{"i":null}`,
		"BAD_USER_INPUT", "[nodes ids]", "[ID!]!: want a value, not null: $i is null"},
	{"null for an element of a list", `query($t:UsageType=SMS){...F} fragment F on Query{usageRecords(filter:{not:{usageType:{in:[DATA,$t]}}}){totalCount}}`, `{"t":null}`,
		"BAD_USER_INPUT", "[usageRecords filter not usageType in 1]", "UsageType!: want a value, not null: $t is null"},
	{"an object for an enum", `{usageRecords(filter:{usageType:{eq:{}}}){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "UsageType", found an object.`},
	{"an object for a number", `query($n:Int={}){customers(first:$n){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "Int", found an object.`},
	{"an object for a time", `{usageRecords(filter:{eventTime:{gte:{}}}){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "DateTime", found an object.`},
	{"a list for a time", `query($t:DateTime){usageRecords(filter:{eventTime:{gte:[$t]}}){totalCount}}`, `{"t":null}`,
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "DateTime", found a list.`},
	{"a number that is out of range", `{usageRecords(filter:{or:[{siteId:{eq:99999999999999999999}}]}){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "Long", found 99999999999999999999.`},
	{"a decimal that is out of range", `query($f:UsageRecordFilter={dataQuantity:{gt:1e999}}){usageRecords(filter:$f){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "Decimal", found 1e999.`},
	{"a list for an object", `{usageRecords(filter:[{}]){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "UsageRecordFilter", found [{}].`},
	{"an object for a condition", `{customers@include(if:{}){totalCount}}`, "{}",
		"GRAPHQL_VALIDATION_FAILED", "[]", `Expected value of type "Boolean!", found an object.`},
}

func TestInvalidInputsAreRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomer(t, store)
		h := newHandler(t, store, nil)
		for _, test := range invalidInputs {
			got := post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"variables":%s}`, test.query, test.variables)))
			if got.status != http.StatusBadRequest || got.Data != nil || len(got.Errors) != 1 || got.code() != test.code ||
				got.Errors[0].Message != test.message || fmt.Sprint(got.Errors[0].Path) != test.path {
				t.Errorf("%s: %d %s", test.name, got.status, got.body)
			}
		}
	})
}

// conditionalSelections have @skip or @include with the variable $u on a field, a fragment spread and an inline
// fragment, at the root and below it.
var conditionalSelections = []string{
	"customers(first:1) @%s(if:$u) {totalCount}",
	"... @%s(if:$u) {customers(first:1) {totalCount}}",
	"...F @%s(if:$u)",
	"customers(first:1) {totalCount nodes {source name @%s(if:$u)}}",
	"customers(first:1) {totalCount nodes {source ... on Customer @%s(if:$u) {name}}}",
	"customers(first:1) {totalCount nodes {source subscriptions(first:1) @%s(if:$u) {totalCount}}}",
	"customers(first:1) {totalCount nodes {...G}}",
	"nothing: customers(filter:{name:{eq:\"unknown\"}}) {nodes {name @%s(if:$u)}}",
}

func TestNullConditionIsRejectedAfterAnyOtherValue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomer(t, store)
		h := newHandler(t, store, nil)
		for _, directive := range []string{"skip", "include"} {
			for _, selection := range conditionalSelections {
				query := "query($u:Boolean=true){__typename " + strings.ReplaceAll(selection, "%s", directive) + "}"
				if strings.Contains(query, "...F") {
					query += " fragment F on Query {customers(first:1) {totalCount}}"
				}
				if strings.Contains(query, "...G") {
					query += " fragment G on Customer {name @" + directive + "(if:$u)}"
				}
				for _, before := range []string{`{"u":null}`, `{"u":false}`, `{"u":true}`, `{}`} {
					send := func(variables string) *reply {
						return post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"variables":%s}`, query, variables)))
					}
					if got := send(before); before != `{"u":null}` && got.status != http.StatusOK {
						t.Errorf("%s %s: %d %s", query, before, got.status, got.body)
					}
					got := send(`{"u":null}`)
					want := "@" + directive + "(if: $u): want true or false, not null"
					if got.status != http.StatusBadRequest || got.Data != nil || len(got.Errors) != 1 || got.code() != "BAD_USER_INPUT" || got.Errors[0].Message != want || fmt.Sprint(got.Errors[0].Path) != "[variable u]" {
						t.Errorf("%s after %s: %d %s", query, before, got.status, got.body)
					}
				}
			}
		}
	})
}

func TestValidInputsAreAccepted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomer(t, store)
		h := newHandler(t, store, nil)
		for _, test := range []struct{ query, variables, data string }{
			{"query($n:Int){customers(first:$n){nodes{name}}}", `{"n":2.0}`, `{"customers":{"nodes":[{"name":"Ada"}]}}`},
			{"query($d:OrderDirection){customers(orderBy:{field:NAME,direction:$d}){nodes{name}}}", `{}`, `{"customers":{"nodes":[{"name":"Ada"}]}}`},
			{"query($t:UsageType=SMS){usageRecords(filter:{usageType:{in:[$t]}}){totalCount}}", `{}`, `{"usageRecords":{"totalCount":0}}`},
			{"query($d:OrderDirection=DESC){customers@skip(if:true){nodes{name}} __typename ...@include(if:false){c:customers(orderBy:{field:NAME,direction:$d}){nodes{name}}}}", `{"d":null}`, `{"__typename":"Query"}`},
			{"query($n:String){customers(filter:{name:{eq:$n}}){totalCount}}", `{"n":"Ada"}`, `{"customers":{"totalCount":1}}`},
		} {
			if got := post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"variables":%s}`, test.query, test.variables))); string(got.Data) != test.data || got.Errors != nil {
				t.Errorf("%s %s: %s", test.query, test.variables, got.body)
			}
		}
	})
}

func TestDefaultsOfOtherOperationsAreIgnored(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomer(t, store)
		h := newHandler(t, store, nil)
		for _, test := range []struct{ of, other, fragment, data string }{
			{"String", `"unknown"`, "customers(filter:{name:{eq:$v}}){totalCount}", `{"customers":{"totalCount":1}}`},
			{"String", `"unknown"`, "customers(filter:{name:{in:[$v]}}){totalCount}", ""},
			{"Int", "1001", "customers(first:$v){totalCount}", `{"customers":{"totalCount":1}}`},
			{"StringFilter", `{eq:"unknown"}`, "customers(filter:{or:[{name:$v}]}){totalCount}", `{"customers":{"totalCount":1}}`},
		} {
			with, without := fmt.Sprintf("query A($v:%s=%s){...F}", test.of, test.other), fmt.Sprintf("query B($v:%s){...F}", test.of)
			for _, operations := range []string{with + without, without + with} {
				query := operations + " fragment F on Query{" + test.fragment + "}"
				got := post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"operationName":"B"}`, query)))
				if string(got.Data) != test.data || (test.data == "") != (got.code() == "GRAPHQL_VALIDATION_FAILED") {
					t.Errorf("%s: %s", query, got.body)
				}
			}
			got := post(t, h, strings.NewReader(fmt.Sprintf(`{"query":%q,"operationName":"A"}`, with+without+" fragment F on Query{"+test.fragment+"}")))
			if string(got.Data) == `{"customers":{"totalCount":1}}` {
				t.Errorf("%s without its default: %s", with, got.body)
			}
		}
	})
}
