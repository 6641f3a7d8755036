package graphqlhttp_test

import (
	"fmt"
	"strings"
)

// hostile lists request bodies that overload a server without limits, from OWASP's GraphQL cheat sheet and from known
// weaknesses of the libraries, with the expected error codes.
var hostile = []struct {
	name string
	body func() string
	code string
}{
	{"3 MB of {a", func() string { return query(strings.Repeat("{a", 1_500_000)) }, "LIMIT_EXCEEDED"},
	{"1 MB of {a", func() string { return query(strings.Repeat("{a", 520_000)) }, "LIMIT_EXCEEDED"},
	{"nesting as deep as the tokens allow", func() string { return query(strings.Repeat("{a", 499)) }, "GRAPHQL_PARSE_FAILED"},
	{"a deep selection", func() string {
		return query("{customers{nodes" + strings.Repeat("{subscriptions{nodes{customer", 80) + "{id}" + strings.Repeat("}}}", 80) + "}}")
	}, "LIMIT_EXCEEDED"},
	{"40 fragments that double", func() string { return query(doubling(40)) }, "LIMIT_EXCEEDED"},
	{"120 fragments that double", func() string { return query(doubling(120)) }, "LIMIT_EXCEEDED"},
	{"nested inline fragments", func() string {
		return query("{customers{nodes{" + strings.Repeat("...{...{id}", 120) + strings.Repeat("}", 120) + "}}}")
	}, "LIMIT_EXCEEDED"},
	{"inline fragments as deep as the tokens allow", func() string {
		return query("{customers{nodes{" + strings.Repeat("...{", 328) + "id" + strings.Repeat("}", 328) + "}}}")
	}, "LIMIT_EXCEEDED"},
	{"inline fragments as deep as the limit", func() string {
		return query("{customers{nodes{" + strings.Repeat(strings.Repeat("...{id ", 32)+strings.Repeat("}", 32), 7) + "}}}")
	}, ""},
	{"a fragment that spreads itself", func() string {
		return query("{customers{nodes{...F}}} fragment F on Customer{subscriptions{nodes{customer{...F}}}}")
	}, "LIMIT_EXCEEDED"},
	{"fragments that spread each other", func() string {
		return query("{customers{nodes{...F}}} fragment F on Customer{...G} fragment G on Customer{...H} fragment H on Customer{...F}")
	}, "LIMIT_EXCEEDED"},
	{"fragments that spread each other and are not used", func() string {
		return query("{__typename} fragment F on Customer{...G} fragment G on Customer{...F}")
	}, "LIMIT_EXCEEDED"},
	{"a chain of fragments", func() string { return query("{...F0}" + chain(120)) }, "LIMIT_EXCEEDED"},
	{"120 fragments that are not used", func() string {
		return query("{__typename}" + numbered(120, "fragment F%d on Customer{id}"))
	}, "GRAPHQL_VALIDATION_FAILED"},
	{"15,000 tokens", func() string { return query("{customers{nodes{" + strings.Repeat("id ", 15_000) + "}}}") }, "LIMIT_EXCEEDED"},
	{"15,000 tokens of arguments", func() string { return query("{customers(" + strings.Repeat("first:1 ", 5_000) + "){totalCount}}") }, "LIMIT_EXCEEDED"},
	{"as many arguments as the tokens allow", func() string { return query("{customers(" + strings.Repeat("first:1 ", 330) + "){totalCount}}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"a flood of aliases", func() string { return query("{" + numbered(5_000, "a%d:__typename") + "}") }, "LIMIT_EXCEEDED"},
	{"a flood of aliases within the tokens", func() string { return query("{customers{nodes{" + numbered(320, "a%d:name") + "}}}") }, "LIMIT_EXCEEDED"},
	{"aliases of an expensive field", func() string {
		return query("{" + numbered(20, "a%d:customers(first:1000){nodes{subscriptions(first:1000){totalCount}}}") + "}")
	}, "LIMIT_EXCEEDED"},
	{"a flood of __typename", func() string { return query("{" + strings.Repeat("__typename ", 900) + "}") }, "LIMIT_EXCEEDED"},
	{"a field as often as the fields allow", func() string { return query("{customers{nodes{" + strings.Repeat("id ", 498) + "}}}") }, ""},
	{"a field with a filter as often as the tokens allow", func() string {
		return query("{" + strings.Repeat(`customers(filter:{name:{eq:"a"}}){totalCount}`, 20) + "}")
	}, ""},
	{"fields that conflict", func() string {
		return query("{customers{nodes{" + strings.Repeat("id id:name ", 29) + "}}}")
	}, "GRAPHQL_VALIDATION_FAILED"},
	{"batching by an array", func() string {
		return "[" + strings.TrimSuffix(strings.Repeat(query("{__typename}")+",", 1000), ",") + "]"
	}, "LIMIT_EXCEEDED"},
	{"a batch of two", func() string { return "[" + query("{__typename}") + "," + query("{__typename}") + "]" }, "BAD_USER_INPUT"},
	{"overloading by directives", func() string { return query("{__typename" + strings.Repeat("@aa", 3_000) + "}") }, "LIMIT_EXCEEDED"},
	{"overloading by directives within the tokens", func() string { return query("{__typename" + strings.Repeat("@aa", 480) + "}") }, "LIMIT_EXCEEDED"},
	{"overloading by known directives", func() string { return query("{__typename" + strings.Repeat("@skip(if:false)", 110) + "}") }, "LIMIT_EXCEEDED"},
	{"directives on variables", func() string { return query("query(" + numbered(100, "$a%d:Int@aa") + "){__typename}") }, "LIMIT_EXCEEDED"},
	{"circular introspection", func() string {
		return query("{__schema{types{" + strings.Repeat("fields{type{", 10) + "name" + strings.Repeat("}}", 10) + "}}}")
	}, "LIMIT_EXCEEDED"},
	{"introspection with one cycle", func() string { return query("{__schema{types{fields{type{fields{name}}}}}}") }, "LIMIT_EXCEEDED"},
	{"introspection by interfaces", func() string {
		return query("{__schema{types{possibleTypes{interfaces{possibleTypes{name}}}}}}")
	}, "LIMIT_EXCEEDED"},
	{"introspection by fragments", func() string {
		return query("{__schema{types{...T}}} fragment T on __Type{fields{type{...U}}} fragment U on __Type{inputFields{name}}")
	}, "LIMIT_EXCEEDED"},
	{"introspection with aliases", func() string {
		return query("{" + numbered(20, "a%d:__schema{types{name fields{name}}}") + "}")
	}, "LIMIT_EXCEEDED"},
	{"introspection with aliases inside", func() string {
		return query("{__schema{" + numbered(20, "a%d:types{name fields{name}}") + "}}")
	}, "LIMIT_EXCEEDED"},
	{"introspection deep in types of types", func() string {
		return query("{__schema{queryType" + strings.Repeat("{ofType", 300) + "{name}" + strings.Repeat("}", 300) + "}}")
	}, ""},
	{"lists as deep as a body allows", func() string {
		return `{"query":"{__typename}","variables":{"a":` + strings.Repeat("[", 500_000) + "}"
	}, "LIMIT_EXCEEDED"},
	{"objects as deep as a body allows", func() string {
		return `{"query":"{__typename}","variables":` + strings.Repeat(`{"a":`, 200_000)
	}, "LIMIT_EXCEEDED"},
	{"a list as long as a body allows", func() string {
		return `{"query":"query($v:[ID!]!){nodes(ids:$v){id}}","variables":{"v":` + list(250_000, `"1"`) + "}}"
	}, "LIMIT_EXCEEDED"},
	{"an object with as many names as a body allows", func() string {
		var b strings.Builder
		for i := range 70_000 {
			fmt.Fprintf(&b, `,"a%d":1`, i)
		}
		return `{"query":"{__typename}","variables":{` + b.String()[1:] + "}}"
	}, "LIMIT_EXCEEDED"},
	{"a list in the document", func() string { return query("{nodes(ids:" + list(800, `"1"`) + "){id}}") }, "LIMIT_EXCEEDED"},
	{"lists in lists", func() string {
		return `{"query":"query($v:CustomerFilter){customers(filter:$v){totalCount}}","variables":{"v":{"or":` + list(250, `{"or":`+list(250, `{}`)+`}`) + "}}}"
	}, "LIMIT_EXCEEDED"},
	{"a page of 2147483647", func() string { return query("{customers(first:2147483647){nodes{id}}}") }, "BAD_USER_INPUT"},
	{"a page of 2147483647 by a variable", func() string {
		return `{"query":"query($n:Int){customers(first:$n){nodes{id}}}","variables":{"n":2147483647}}`
	}, "BAD_USER_INPUT"},
	{"a negative page size", func() string { return query("{customers(first:-2147483648){nodes{id}}}") }, "BAD_USER_INPUT"},
	{"pages in pages", func() string {
		return query("{customers(first:1000){nodes{subscriptions(first:1000){nodes{usageRecords(first:1000){nodes{customer{usageRecords(first:1000){nodes{id}}}}}}}}}}")
	}, "LIMIT_EXCEEDED"},
	{"pages in pages by default", func() string {
		return query("{customers{nodes{subscriptions{nodes{usageRecords{nodes{id}}}}}}}")
	}, "LIMIT_EXCEEDED"},
	{"pages in pages by fragments", func() string {
		return query("{customers(first:1000){...C}} fragment C on CustomerConnection{nodes{usageRecords(first:1000){nodes{...R}}}} fragment R on UsageRecord{rated{position}}")
	}, "LIMIT_EXCEEDED"},
	{"a name of a megabyte", func() string { return query("{" + strings.Repeat("a", 1_000_000) + "}") }, "LIMIT_EXCEEDED"},
	{"an alias of a megabyte", func() string { return query("{" + strings.Repeat("a", 1_000_000) + ":__typename}") }, "LIMIT_EXCEEDED"},
	{"a string of a megabyte", func() string {
		return query(`{customers(filter:{name:{eq:"` + strings.Repeat("a", 1_000_000) + `"}}){totalCount}}`)
	}, "LIMIT_EXCEEDED"},
	{"a long string for a number", func() string { return query(`{customers(first:"` + strings.Repeat("a", 60_000) + `"){totalCount}}`) }, "GRAPHQL_VALIDATION_FAILED"},
	{"a long number", func() string { return query(`{customers(first:` + strings.Repeat("1", 60_000) + `){totalCount}}`) }, "GRAPHQL_VALIDATION_FAILED"},
	{"a number of a megabyte in variables", func() string {
		return `{"query":"query($n:Int){customers(first:$n){totalCount}}","variables":{"n":` + strings.Repeat("1", 1_000_000) + "}}"
	}, "GRAPHQL_VALIDATION_FAILED"},
	{"a decimal with a large exponent", func() string {
		return query(`{usageRecords(filter:{dataQuantity:{gt:"1e999999999"}}){totalCount}}`)
	}, "BAD_USER_INPUT"},
	{"a block string with the maximum number of lines", func() string {
		return query(`{customers(filter:{name:{eq:"""` + strings.Repeat("\n", 60_000) + `"""}}){totalCount}}`)
	}, ""},
	{"a pattern that matches slowly", func() string {
		return query(`{customers(filter:{name:{like:"` + strings.Repeat("%a", 400) + `"}}){totalCount}}`)
	}, ""},
	{"a string that does not end", func() string { return query(`{customers(filter:{name:{eq:"` + strings.Repeat("a", 60_000)) }, "GRAPHQL_PARSE_FAILED"},
	{"a block string that does not end", func() string { return query(`{customers(filter:{name:{eq:"""` + strings.Repeat("a", 60_000)) }, "GRAPHQL_PARSE_FAILED"},
	{"a long comment", func() string { return query("#" + strings.Repeat("a", 60_000)) }, "BAD_USER_INPUT"},
	{"the maximum number of comments", func() string { return query(strings.Repeat("#\n", 30_000) + "{__typename}") }, "LIMIT_EXCEEDED"},
	{"the maximum number of commas", func() string { return query("{__typename" + strings.Repeat(",", 60_000) + "}") }, ""},
	{"escapes of unicode", func() string {
		return `{"query":"{customers(filter:{name:{eq:\"` + strings.Repeat(`\\u0041`, 10_000) + `\"}}){totalCount}}"}`
	}, ""},
	{"a lone surrogate", func() string { return `{"query":"{__typename}","variables":{"a":"\ud800"}}` }, "BAD_USER_INPUT"},
	{"an invalid escape", func() string { return query(`{customers(filter:{name:{eq:"\u{FFFFFFFFFFFF}"}}){totalCount}}`) }, "GRAPHQL_PARSE_FAILED"},
	{"many operations", func() string { return query(numbered(190, "query Q%d{__typename}")) }, "BAD_USER_INPUT"},
	{"many operations of one name", func() string { return query(strings.Repeat("query Q{__typename}", 190)) }, "BAD_USER_INPUT"},
	{"many operations without a name", func() string { return query(strings.Repeat("{__typename}", 300)) }, "BAD_USER_INPUT"},
	{"many variables", func() string { return query("query(" + numbered(230, "$a%d:Int") + "){__typename}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"many variables of one name", func() string { return query("query(" + strings.Repeat("$a:Int ", 230) + "){__typename}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"variables that are not defined", func() string {
		return query("{" + strings.Repeat("customers(first:$a){totalCount}", 20) + "}")
	}, "GRAPHQL_VALIDATION_FAILED"},
	{"a list type as deep as the tokens allow", func() string {
		return query("query($a:" + strings.Repeat("[", 400) + "Int" + strings.Repeat("]", 400) + "){__typename}")
	}, "GRAPHQL_VALIDATION_FAILED"},
	{"a list value as deep as the tokens allow", func() string {
		return query("{customers(first:" + strings.Repeat("[", 400) + "1" + strings.Repeat("]", 400) + "){totalCount}}")
	}, "LIMIT_EXCEEDED"},
	{"the maximum number of unknown fields", func() string { return query("{customers{nodes{" + numbered(490, "n%d") + "}}}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"a mutation", func() string { return query("mutation{a}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"a subscription", func() string { return query("subscription{a}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"a schema", func() string { return query("type Query{a:Int}") }, "GRAPHQL_PARSE_FAILED"},
	{"a deferred fragment", func() string { return query("{...@defer{__typename}}") }, "GRAPHQL_VALIDATION_FAILED"},
	{"SQL in a string", func() string {
		return query(`{customers(filter:{name:{eq:"'; DROP TABLE customers; --"}}){totalCount}}`)
	}, ""},
	{"a long hash", func() string {
		return `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + strings.Repeat("a", 1_000_000) + `"}}}`
	}, "PERSISTED_QUERY_NOT_FOUND"},
}

// query returns the body of a request with a document.
func query(document string) string {
	text := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(document)
	return `{"query":"` + text + `"}`
}

// doubling returns a document of n+1 fragments; each spreads the next twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{customers{nodes{...F0}}}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Customer{...F%d ...F%d}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Customer{id}", n)
	return b.String()
}

// chain returns n fragments; each spreads the next.
func chain(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query{...F%d}", i, i+1)
	}
	return b.String()
}
