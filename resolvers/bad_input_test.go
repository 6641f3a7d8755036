package resolvers_test

import (
	"encoding/json"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// badInput are invalid queries, with the code and the message of the error.
var badInput = []struct{ name, query, code, message string }{
	{"an id without a record", `{node(id: "Q3VzdG9tZXI6MTox") {id}}`, "NOT_FOUND", "no node with this ID"},
	{"an invalid id", `{node(id: "nonsense") {id}}`, "BAD_USER_INPUT", "invalid id: use an id from a response, unchanged"},
	{"one bad id of several", `{nodes(ids: ["Q3VzdG9tZXI6MTox"]) {id}}`, "NOT_FOUND", "no node with this ID"},
	{"an invalid cursor", `{customers(after: "nonsense") {totalCount nodes {id}}}`, "BAD_CURSOR", "after: invalid cursor for this list and order: use a cursor from a response, unchanged"},
	{"an empty cursor", `{customers(before: "") {nodes {id}}}`, "BAD_CURSOR", "before: empty cursor: omit the argument or use a cursor from a response"},
	{"an unknown enum value", `{usageRecords(filter: {usageType: {eq: FAX}}) {totalCount}}`, "GRAPHQL_VALIDATION_FAILED", `Value "FAX" does not exist in "UsageType" enum.`},
	{"a page size of 0", `{customers(first: 0) {totalCount}}`, "BAD_USER_INPUT", "first: want 1 to 1000, not 0"},
	{"a negative page size", `{customers(last: -1) {totalCount}}`, "BAD_USER_INPUT", "last: want 1 to 1000, not -1"},
	{"a count up to 0", `{customers {countUpTo(max: 0) {value}}}`, "BAD_USER_INPUT", "max: want 1 to 1000000, not 0"},
	{"a count up to too many", `{customers {countUpTo(max: 1000001) {value}}}`, "BAD_USER_INPUT", "max: want 1 to 1000000, not 1000001"},
	{"a count of a list after an invalid cursor", `{customers(after: "nonsense") {totalCount}}`, "BAD_CURSOR", "after: invalid cursor for this list and order: use a cursor from a response, unchanged"},
	{"too large a page", `{customers(first: 1001) {totalCount}}`, "BAD_USER_INPUT", "first: want 1 to 1000, not 1001"},
	{"a page from both ends", `{customers(first: 1, last: 1) {totalCount}}`, "BAD_USER_INPUT", "first and last: use only one of them"},
	{"a page size that is no Int", `{customers(first: 4294967296) {totalCount}}`, "BAD_USER_INPUT", "Int: want a whole number of 32 bits, not this number"},
	{"a date without a zone", `{usageRecords(filter: {eventTime: {gte: "2019-01-01T00:00:00"}}) {totalCount}}`, "BAD_USER_INPUT", "want a date and time with its offset, such as 2025-01-31T22:15:00Z"},
	{"a date out of range", `{usageRecords(filter: {eventTime: {gte: "0000-01-01T00:00:00Z"}}) {totalCount}}`, "BAD_USER_INPUT", "want a time in UTC between the years 0001 and 9999"},
	{"an invalid day", `{usageRecords(filter: {loadedDate: {eq: "2025-02-30"}}) {totalCount}}`, "BAD_USER_INPUT", "want a day, such as 2025-01-31"},
	{"an invalid month", `{usageSummaries(filter: {yearMonth: {eq: "2025-13"}}) {totalCount}}`, "BAD_USER_INPUT", "want a month, such as 2025-01"},
	{"a decimal of 30 digits", `{usageRecords(filter: {dataQuantity: {gt: "123456789012345678901234567890"}}) {totalCount}}`, "BAD_USER_INPUT", "a decimal has at most 19 significant digits and 19 decimal places"},
	{"an invalid decimal", `{usageRecords(filter: {dataQuantity: {gt: "NaN"}}) {totalCount}}`, "BAD_USER_INPUT", "want a decimal number, such as 12.50"},
	{"text with a NUL", `{customers(filter: {name: {eq: "a\u0000b"}}) {totalCount}}`, "BAD_USER_INPUT", "text must be UTF-8 without NUL characters"},
	{"a pattern that ends in an escape", `{customers(filter: {name: {like: "a\\"}}) {totalCount}}`, "BAD_USER_INPUT", `like: the pattern ends with a \ that has nothing to escape`},
	{"an id of another type", `{usageRecords(filter: {customerId: {eq: "QnVja2V0OjE6MQ"}}) {totalCount}}`, "BAD_USER_INPUT", "customerId: want the id of a Customer, not of a Bucket"},
	{"an order with a key twice", `{usageRecords(orderBy: [{field: EVENT_TIME}, {field: EVENT_TIME}]) {totalCount}}`, "BAD_USER_INPUT", "orderBy: EVENT_TIME is repeated or is not a field of this order"},
	{"an unknown customer", `{customer(by: {sourceId: {source: STN, value: "nobody"}}) {id}}`, "NOT_FOUND", "customer not found"},
	{"an unknown subscription", `{subscription(by: {phoneNumber: "0612345678"}) {id}}`, "NOT_FOUND", "subscription not found"},
	{"an unknown subscription by a masked number", `{subscription(by: {phoneNumber: "06-****7649"}) {id}}`, "NOT_FOUND", "subscription not found"},
	{"a subscription by a local time", `{subscription(by: {phoneNumber: "8201"}, at: "2025-01-01T00:00:00") {id}}`, "BAD_USER_INPUT", "want a date and time with its offset, such as 2025-01-31T22:15:00Z"},
	{"a subscription by an empty number", `{subscription(by: {phoneNumber: " "}) {id}}`, "BAD_USER_INPUT", "phoneNumber: want a phone number, such as +442079460124, or the text that a system has for one"},
	{"a subscription by an empty card", `{subscription(by: {simCardNumber: ""}) {id}}`, "BAD_USER_INPUT", "simCardNumber: want a SIM card number, such as 8931087112345678901"},
	{"customers of an unknown system", `{customers(filter: {identifiers: {source: {eq: SAP}}}) {totalCount}}`, "GRAPHQL_VALIDATION_FAILED", `Value "SAP" does not exist in "Source" enum. Did you mean the enum value "STN" or "DXP"?`},
	{"too large a page of unattributed documents", `{unattributed(first: 1001) {totalCount}}`, "BAD_USER_INPUT", "first: want 1 to 1000, not 1001"},
	{"unattributed documents after an invalid cursor", `{unattributed(after: "nonsense") {totalCount}}`, "BAD_CURSOR", "after: invalid cursor for this list and order: use a cursor from a response, unchanged"},
	{"unattributed documents, backwards", `{unattributed(last: 1) {totalCount}}`, "GRAPHQL_VALIDATION_FAILED", `Unknown argument "last" on field "Query.unattributed".`},
	{"a subscription by nothing", `{subscription(by: {}) {id}}`, "GRAPHQL_VALIDATION_FAILED", `OneOf Input Object "SubscriptionBy" must specify exactly one key.`},
	{"an unknown usage record", `{usageRecord(by: {source: ELEVATE, value: "none"}) {id}}`, "NOT_FOUND", "usage record not found"},
	{"an unknown field", `{nonsense}`, "GRAPHQL_VALIDATION_FAILED", `Cannot query field "nonsense" on type "Query". Did you mean "nodes"?`},
	{"totals in an unknown time zone", `{usageTotals(period: {month: "2025-01"}, timeZone: "Mars/Base") {totalCount}}`, "BAD_USER_INPUT", `timeZone: "Mars/Base" is no IANA time zone`},
	{"totals of a period that ends before it begins", `{usageTotals(period: {dates: {first: "2025-01-02", last: "2025-01-01"}}) {totalCount}}`, "BAD_USER_INPUT", "period: its end is not after its beginning"},
	{"totals of a cycle that begins on no day", `{usageTotals(period: {cycle: {of: "2025-01-02", beginsOn: 0}}) {totalCount}}`, "BAD_USER_INPUT", "period: beginsOn: want a day of the month, 1 to 31, not 0"},
	{"totals of two periods", `{usageTotals(period: {month: "2025-01", dates: {first: "2025-01-02", last: "2025-01-01"}}) {totalCount}}`, "GRAPHQL_VALIDATION_FAILED", `OneOf Input Object "PeriodInput" must specify exactly one key.`},
	{"totals by a filter on the time", `{usageTotals(period: {month: "2025-01"}, filter: {not: {eventTime: {isNull: true}}}) {totalCount}}`, "BAD_USER_INPUT", "filter.eventTime: the period says when"},
	{"totals in an order of several currencies", `{usageTotals(period: {month: "2025-01"}, orderBy: [{field: TAX_EXCLUDED}]) {totalCount}}`, "BAD_USER_INPUT", "orderBy: TAX_EXCLUDED is ordered within one currency; give currency"},
	{"totals in an order with a currency too many", `{usageTotals(period: {month: "2025-01"}, orderBy: [{field: RECORDS, currency: "EUR"}]) {totalCount}}`, "BAD_USER_INPUT", "orderBy: RECORDS has no currency; omit currency"},
	{"totals restricted in no currency", `{usageTotals(period: {month: "2025-01"}, having: {charges: {currency: "euro", taxExcluded: {gt: 1}}}) {totalCount}}`, "BAD_USER_INPUT", "having.charges: currency: want an ISO 4217 code, such as EUR"},
	{"totals by five dimensions", `{usageTotals(period: {month: "2025-01"}, by: [SOURCE, STATUS, PRODUCT, CUSTOMER, DURATION]) {totalCount}}`, "BAD_USER_INPUT", "by: at most 4 dimensions, not 5"},
	{"totals by one dimension twice", `{usageTotals(period: {month: "2025-01"}, by: [SOURCE, SOURCE]) {totalCount}}`, "BAD_USER_INPUT", "by: SOURCE is repeated"},
	{"totals of too many windows", `{usageTotals(period: {dates: {first: "2025-01-01", last: "2026-03-14"}}, window: {unit: HOUR}) {totalCount}}`, "LIMIT_EXCEEDED", "10512 windows of HOUR: at most 10000"},
	{"totals of months that begin on no day", `{usageTotals(period: {month: "2025-01"}, window: {unit: MONTH, monthStartsOn: 32}) {totalCount}}`, "BAD_USER_INPUT", "window: monthStartsOn: want a day of the month, 1 to 31, not 32"},
	{"totals after another question's cursor", `{usageTotals(period: {month: "2025-01"}, after: "WyJ4Il0") {totalCount}}`, "BAD_CURSOR", "after: invalid cursor for this list and order: use a cursor from a response, unchanged"},
	{"totals of months that end before they begin", `{summaryTotals(from: "2025-02", to: "2025-01") {totalCount}}`, "BAD_USER_INPUT", "to: want the month of from or a later one"},
	{"totals of summaries by four dimensions", `{summaryTotals(from: "2025-01", to: "2025-01", by: [YEAR_MONTH, CUSTOMER, SUBSCRIPTION, PROVIDER_GROUP]) {totalCount}}`, "BAD_USER_INPUT", "by: at most 3 dimensions, not 4"},
	{"totals of summaries in an order of several currencies", `{summaryTotals(from: "2025-01", to: "2025-01", orderBy: [{field: TOTAL}]) {totalCount}}`, "BAD_USER_INPUT", "orderBy: TOTAL is ordered within one currency; give currency"},
	{"no billing cycles", `{subscriptions(first: 1) {nodes {billingCycles(first: 0) {start}}}}`, "BAD_USER_INPUT", "first: want 1 to 1000, not 0"},
	{"too many groups on a page", `{usageTotals(period: {month: "2025-01"}, first: 1001) {totalCount}}`, "BAD_USER_INPUT", "first: want 1 to 1000, not 1001"},
	{"six fields that add up records", `{a: usageTotals(period: {month: "2025-01"}) {totalCount} b: usageTotals(period: {month: "2025-02"}) {totalCount} c: usageTotals(period: {month: "2025-03"}) {totalCount}
		d: usageTotals(period: {month: "2025-04"}) {totalCount} e: usageTotals(period: {month: "2025-05"}) {totalCount} f: usageTotals(period: {month: "2025-06"}) {totalCount}}`, "LIMIT_EXCEEDED", "at most 5 fields of an operation sum up records"},
	{"half a query", `{`, "GRAPHQL_PARSE_FAILED", "Expected Name, found <EOF>"},
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, test := range badInput {
			answer, _ := g.query(test.query, nil)
			var got struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code, Limit string }
				}
			}
			if err := json.Unmarshal(answer, &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != test.code || got.Errors[0].Message != test.message ||
				(test.code == "LIMIT_EXCEEDED") != (got.Errors[0].Extensions.Limit != "") {
				t.Errorf("%s: %s", test.name, answer)
			}
		}
	})
}

func TestCursorOfAnotherOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		var page struct {
			Buckets struct{ PageInfo struct{ EndCursor string } }
		}
		g.read("{buckets(first: 2) {pageInfo {endCursor}}}", nil, &page)
		for _, query := range []string{
			"query($c: String) {buckets(after: $c, orderBy: [{field: NAME}]) {nodes {id}}}",
			"query($c: String) {usageRecords(after: $c) {nodes {id}}}",
		} {
			answer, _ := g.query(query, map[string]any{"c": page.Buckets.PageInfo.EndCursor})
			var got struct {
				Errors []struct{ Extensions struct{ Code string } }
			}
			if err := json.Unmarshal(answer, &got); err != nil || len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "BAD_CURSOR" {
				t.Errorf("%s: %s", query, answer)
			}
		}
	})
}
